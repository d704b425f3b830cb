/** The style sheet of the report: one column of text, light and dark, phone and paper. */
export const style = `
:root{color-scheme:light dark;--surface:#fff;--raised:#f5f6f8;--ink:#191d22;--muted:#5a636e;--rule:#d9dde2;--accent:#0a6190;--accent-soft:#a5cbe0;--good:#1d6a43;--bad:#a32a1e;--warn:#8a5a00}
@media (prefers-color-scheme:dark){:root{--surface:#14171b;--raised:#1d2127;--ink:#e7e9ec;--muted:#a2abb6;--rule:#343a42;--accent:#68b4e0;--accent-soft:#2c5873;--good:#6cc596;--bad:#f08b7e;--warn:#e0b050}}
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:var(--surface);color:var(--ink);font:16px/1.55 -apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,"Liberation Sans",sans-serif}
main,header,footer{max-width:52.5rem;margin:0 auto;padding:0 1rem}
header{padding-top:2.5rem}
h1{font-size:1.9rem;line-height:1.2;letter-spacing:-.012em;margin:0 0 .35rem;text-wrap:balance}
h2{font-size:1.3rem;line-height:1.3;margin:2.6rem 0 .6rem;padding-top:.9rem;border-top:1px solid var(--rule)}
h3{font-size:1rem;margin:1.8rem 0 .4rem}
p,ul,ol{max-width:43rem;margin:.5rem 0 .9rem}
li{margin:.2rem 0}
a{color:var(--accent)}
small,.small{font-size:.875rem}
.muted{color:var(--muted)}
.subtitle{color:var(--muted);margin:0 0 1.4rem}
.answer{font-size:1.16rem;line-height:1.5;margin-top:1rem}
.answer strong{white-space:nowrap}
.notice{border:1px solid var(--rule);border-left:5px solid var(--muted);border-radius:4px;background:var(--raised);padding:.75rem 1rem;margin:1rem 0}
.notice>:first-child{margin-top:0}.notice>:last-child{margin-bottom:0}
.notice p,.notice ul{max-width:none}
.notice h2{border:0;padding:0;margin:0 0 .3rem;font-size:1.05rem}
.notice.passed{border-left-color:var(--good)}.notice.passed h2{color:var(--good)}
.notice.failed{border-left-color:var(--bad)}.notice.failed h2{color:var(--bad)}
.notice.warning{border-left-color:var(--warn)}.notice.warning h2{color:var(--warn)}
.facts{display:grid;grid-template-columns:repeat(auto-fit,minmax(10rem,1fr));gap:0 1.4rem;margin:1.2rem 0 0;padding:0}
.facts div{border-top:2px solid var(--accent);padding:.5rem 0 .9rem}
.facts dt{font-size:.85rem;color:var(--muted)}
.facts dd{margin:0;font-size:1.3rem;line-height:1.3;font-variant-numeric:tabular-nums}
.facts dd small{display:block;color:var(--muted);font-size:.85rem;line-height:1.4}
.scroll{overflow-x:auto;margin:.8rem 0;background:linear-gradient(to right,var(--surface) 40%,transparent) 0 0/3rem 100% no-repeat local,linear-gradient(to left,var(--surface) 40%,transparent) 100% 0/3rem 100% no-repeat local,linear-gradient(to right,var(--rule),transparent) 0 0/.7rem 100% no-repeat scroll,linear-gradient(to left,var(--rule),transparent) 100% 0/.7rem 100% no-repeat scroll}
.scroll:focus-visible,summary:focus-visible{outline:2px solid var(--accent);outline-offset:2px}
table{border-collapse:collapse;font-size:.875rem;line-height:1.4;min-width:100%}
caption{text-align:left;color:var(--muted);padding:0 0 .35rem}
caption span{position:sticky;left:0;display:inline-block;max-width:min(50rem,100vw - 2.5rem)}
th,td{text-align:left;vertical-align:top;padding:.32rem .8rem .32rem 0;border-bottom:1px solid var(--rule)}
th:last-child,td:last-child{padding-right:0}
thead th{vertical-align:bottom;font-weight:600;border-bottom:1.5px solid var(--ink)}
tbody th{font-weight:400;min-width:7.5rem}
.number{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
thead .number{white-space:normal}
figure{margin:1.2rem 0 1.6rem}
figcaption{font-size:.875rem;color:var(--muted);max-width:43rem;margin-top:.4rem}
figure h3{margin:0 0 .3rem}
figure svg{display:block;max-width:100%;height:auto}
.part{margin-top:4rem;border-top:4px solid var(--ink)}.part h2{border:0;font-size:1.55rem;margin-top:.8rem}
.part ul{columns:2 16rem;list-style:none;padding:0;max-width:none}
.narrow{display:none}
.panels{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,23rem),1fr));gap:1.2rem 1.6rem;margin:1rem 0}
.panels figure{margin:0;min-width:0}
.key{display:flex;flex-wrap:wrap;gap:.2rem 1.3rem;list-style:none;padding:0;margin:.3rem 0 .6rem;font-size:.875rem;max-width:none}
.key li{display:flex;align-items:center;gap:.45rem;margin:0}
.key svg{flex:none}
td code{display:block;min-width:8rem}
details{margin:.5rem 0;font-size:.875rem}
summary{cursor:pointer;color:var(--accent);width:max-content;max-width:100%}
details .scroll{max-height:24rem;overflow:auto}
code{font:.85em/1.4 ui-monospace,"SF Mono",Menlo,Consolas,"Liberation Mono",monospace;overflow-wrap:anywhere}
footer{padding-top:1rem;padding-bottom:3rem}
.bad{color:var(--bad);font-weight:600}
@media (max-width:700px){.wide{display:none!important}.narrow{display:block!important}header{padding-top:1.4rem}h1{font-size:1.5rem}.answer{font-size:1.08rem}}
@media print{@page{margin:16mm 15mm}:root{color-scheme:light;--surface:#fff;--raised:#fff;--ink:#000;--muted:#444;--rule:#ccc;--accent:#0a6190;--accent-soft:#a5cbe0;--good:#1d6a43;--bad:#a32a1e;--warn:#8a5a00}
body{font-size:10.5pt}main,header,footer{max-width:none;padding:0}.wide{display:block!important}.narrow{display:none!important}
.panels{grid-template-columns:1fr 1fr}h2,h3,caption,.key{break-after:avoid}section>figure,figcaption{break-before:avoid}figcaption,p{break-inside:avoid}tbody tr:first-child{break-before:avoid}table{break-inside:avoid}.part{break-before:page}.notice,tr,.facts,.panels figure{break-inside:avoid}figure svg{break-inside:avoid}.scroll{overflow:visible;background:none}details{display:none}a{color:inherit;text-decoration:none}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
`

import type { Panel } from './diagnostic-panels.js'
import { responsiveFigure } from './figure-element.js'
import { html, trusted } from './html.js'
import { contentSecurityPolicy } from './page-policy.js'
import { style } from './style.js'

/** Figures with the numbers behind them as a page of its own, for wide screens, phones and paper. */
export function figurePage(title: string, introduction: string, panels: readonly Panel[]): string {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy}"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${title}</title>
<style>${trusted(style)}</style></head><body><header><h1>${title}</h1><p>${introduction}</p></header><main>
${panels.map(({ draw, table }) => responsiveFigure(draw, { caption: '', data: table, ...(panels.length > 1 && { lead: html`<h2>${table.caption}</h2>` }) }))}
</main></body></html>
`.text
}

import type { Protocol } from '../data/protocol.js'
import type { CovariateExplanation, EffectExplanation } from '../effects/explain-effects.js'
import { dependenceRange, shareText, valueText } from './explanation-data.js'
import { figureElement, responsiveFigure } from './figure-element.js'
import { figureSvg } from './figure-svg.js'
import { effectDependenceFigure } from './figures/effect-dependence.js'
import { effectSharesFigure } from './figures/effect-shares.js'
import { type Html, html, trusted } from './html.js'
import { key } from './key.js'
import { covariateHeading, effectAxisLabel, treatedName, unitSuffix } from './labels.js'
import { decimalsFor, formatInterval, formatNumber } from './number-format.js'
import { contentSecurityPolicy } from './page-policy.js'
import { style } from './style.js'

interface Setting {
  readonly name: string
  readonly explanation: EffectExplanation
}

/** Which covariates drive the effect, setting by setting, as a page that needs no other file, no network and no script. */
export function explanationPage(protocol: Protocol, settings: readonly Setting[], status: 'passed' | 'failed'): string {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy}">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>What drives the effect: ${protocol.title}</title>
<style>${trusted(style)}</style></head>
<body><header><h1>What drives the effect of ${treatedName(protocol)}</h1>
<p class="subtitle">${protocol.title}</p>
${status === 'failed' && html`<section class="notice failed" aria-labelledby="verdict"><h2 id="verdict">✕ Diagnostics failed: do not rely on this page yet</h2><p>Fits of the analysis behind it failed checks. Its report says which, and what to do.</p></section>`}
</header><main>
<p>Covariates predict effects here; they need not cause them, and changing one of a person's covariates need not change the effect. Where two covariates go together, shares tell what the model makes of each, and the data may say little about which it is.</p>
${settings.map((setting, index) => settingSection(setting, index, protocol))}
</main></body></html>
`.text
}

function settingSection({ name, explanation }: Setting, index: number, protocol: Protocol): Html {
  const { spread, covariates, patientCount } = explanation
  const decimals = decimalsFor((spread.upper - spread.lower) / 4)
  const shown = covariates.map(({ covariate, totalShare, aloneShare }) => ({ covariate, total: totalShare, alone: aloneShare }))
  const data = {
    covariates: shown,
    ariaLabel: `Share of the variance of the effect over people that goes through each covariate, ${name}`,
  }
  return html`<section aria-labelledby="setting-${index}"><h2 id="setting-${index}">${name[0].toUpperCase()}${name.slice(1)}</h2>
<p>Over ${patientCount} patients the effect varies with a standard deviation of ${formatNumber(spread.mean, decimals)}${unitSuffix(protocol)} (95% interval ${formatInterval(spread, decimals)}).</p>
${responsiveFigure((width) => effectSharesFigure(data, width), {
  lead: key([
    ['shrunken', 'share that goes through the covariate, 95% interval'],
    ['tick', 'share that goes through it alone'],
  ]),
  caption:
    'Share of the variance of the effect over people (Sobol indices). Shares add up to more than 100% where covariates act together, and one may exceed it where covariates go together in these patients.',
  data: {
    caption: `Shares, ${name}`,
    columns: [
      { title: 'Covariate' },
      { title: 'Share (95% interval)', numeric: true },
      { title: 'Alone (95% interval)', numeric: true },
    ],
    rows: covariates.map((one) => [one.covariate, shareText(one.totalShare), shareText(one.aloneShare)]),
  },
})}
<h3>Effect by covariate</h3>
<p class="small muted">Mean effect of the patients if all had the same value of the covariate and otherwise their own; bands and bars are pointwise 95% intervals.</p>
<div class="panels">${covariates.map((one) => dependencePanel(one, name, protocol))}</div></section>`
}

function dependencePanel(one: CovariateExplanation, setting: string, protocol: Protocol): Html {
  const { covariate: name, dependence } = one
  const declared = protocol.covariates.find((candidate) => candidate.name === name)
  const isContinuous = declared?.type === 'continuous'
  const points = dependence.map((point) => ({
    ...point,
    value: isContinuous ? point.value : valueText(point.value, name, protocol),
  }))
  const [low, high] = dependenceRange(one)
  const decimals = decimalsFor((low.upper - low.lower) / 4)
  const label = declared ? covariateHeading(declared) : name
  const svg = figureSvg(
    effectDependenceFigure(
      {
        points,
        covariateLabel: label,
        effectLabel: effectAxisLabel(protocol),
        ariaLabel: `Mean effect by ${label}, ${setting}`,
      },
      400,
    ),
  )
  return figureElement(trusted(svg), {
    lead: html`<h3>${label}</h3>`,
    caption: `${formatNumber(low.mean, decimals)} at ${valueText(low.value, name, protocol)}, ${formatNumber(high.mean, decimals)} at ${valueText(high.value, name, protocol)}.`,
    data: {
      caption: `Mean effect by ${label}`,
      columns: [{ title: label }, { title: 'Mean', numeric: true }, { title: '95% interval', numeric: true }],
      rows: dependence.map((point) => [
        valueText(point.value, name, protocol),
        formatNumber(point.mean, decimals),
        formatInterval(point, decimals),
      ]),
    },
  })
}

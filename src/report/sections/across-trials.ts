import type { Analysis } from '../../contract/analysis.js'
import { type HeterogeneitySummary, heterogeneitySummary } from '../../effects/heterogeneity-summary.js'
import { isPooledOverPeople, settingContrast } from '../../effects/setting-contrast.js'
import { modifierForestData, referenceForestData } from '../analysis-forests.js'
import { type FigureTable, figureElement, responsiveFigure } from '../figure-element.js'
import { figureSvg } from '../figure-svg.js'
import { type ForestData, forestFigure, type Interval } from '../figures/forest.js'
import { type Html, html, trusted } from '../html.js'
import { key } from '../key.js'
import { contrastLabel, describePerson, intervalKind, treatedName, unitSuffix } from '../labels.js'
import { decimalsFor, formatInterval, formatNumber } from '../number-format.js'
import { table } from '../table.js'

/** The effect at the reference patient across trials. */
export function referenceForestSection(analysis: Analysis): Html {
  const [reference] = analysis.profileEffects
  if (!reference) return html``
  const { protocol } = analysis
  const contrast = settingContrast(analysis.pooled.draws, reference.person, analysis.columns, protocol.covariates)
  const data = referenceForestData(analysis, reference.person)
  const [tau] = heterogeneitySummary(analysis.pooled.draws, {
    columns: analysis.columns,
    outcomeScale: protocol.outcome.scale,
    referenceContrast: contrast,
  })
  const rowHeight = data.rows.length > 20 ? 22 : 30
  return html`<section aria-labelledby="forest"><h2 id="forest">The effect across trials</h2>
<p>Effect for the ${reference.person.id} (${describePerson(reference.person, protocol)}). ${heterogeneitySentence(tau, unitSuffix(protocol), intervalKind(analysis))}</p>
${responsiveFigure((width) => forestFigure(data, { width, hasNumbers: width > 500, rowHeight }), {
  lead: forestKey(intervalKind(analysis)),
  caption:
    'All intervals 95%. Square: posterior mean of the trial alone with a normal interval, the larger the more precise. Dot: the effect in the same trial in the light of all trials, which borrows strength where the trial itself says little. An arrow marks an interval that goes on.',
  data: forestTable(data, 'Effect for the reference patient, mean and 95% interval'),
})}</section>`
}

function heterogeneitySentence(tau: HeterogeneitySummary, unit: string, kind: string): string {
  if (tau.isCommon)
    return 'The pooling method takes it as the same in all trials, so that intervals for a new setting are as narrow as for the average one.'
  const decimals = decimalsFor((tau.upper - tau.lower) / 3.92)
  return `Between trials it varies with a standard deviation τ of ${formatNumber(tau.median, decimals)}${unit} (95% ${kind} interval ${formatInterval(tau, decimals)}).`
}

export function forestKey(kind: string): Html {
  return key([
    ['own trial', 'trial alone'],
    ['shrunken', 'trial, shrunken'],
    ['diamond', `average setting (${kind})`],
    ['prediction', 'new setting (prediction)'],
  ])
}

export function forestTable(data: ForestData, caption: string): FigureTable {
  const cells = (interval: Interval) => [formatNumber(interval.mean, data.decimals), formatInterval(interval, data.decimals)]
  return {
    caption,
    columns: [
      { title: 'Trial' },
      { title: 'Patients', numeric: true },
      { title: 'Trial alone', numeric: true },
      { title: '95% interval', numeric: true },
      { title: 'Shrunken or pooled', numeric: true },
      { title: '95% interval', numeric: true },
    ],
    rows: [
      ...data.rows.map((row) => [row.label, String(row.patientCount), ...cells(row.own), ...cells(row.shrunken)]),
      ['Average setting', '', '', '', ...cells(data.average)],
      ['New setting (prediction)', '', '', '', ...cells(data.newSetting)],
    ],
  }
}

/**
 * How the effect changes with each modifier: one small forest plot each, per original unit or against the reference level. Nothing where effects of people were
 * pooled: such effects need not be linear in a modifier.
 */
export function interactionsSection(analysis: Analysis): Html {
  if (isPooledOverPeople(analysis.pooled.draws)) return html``
  const { protocol, columns } = analysis
  const modifiers = columns.filter((column) => column.isModifier)
  const rowHeight = analysis.trialFits.length > 20 ? 16 : 21
  const panels = modifiers.map((column) => {
    const label = contrastLabel(column, protocol)
    const data = modifierForestData(analysis, column)
    const svg = figureSvg(forestFigure(data, { width: 400, hasNumbers: false, rowHeight }))
    return figureElement(trusted(svg), {
      lead: html`<h3>${label}</h3>`,
      caption: html`Average setting ${formatNumber(data.average.mean, data.decimals)} (${formatInterval(data.average, data.decimals)}), new setting ${formatInterval(data.newSetting, data.decimals)}.`,
      data: forestTable(data, `Change in effect: ${label}`),
    })
  })
  return html`<section aria-labelledby="modifiers"><h2 id="modifiers">What changes the effect</h2>
<p>Each panel shows by how much the effect of ${treatedName(protocol)} differs between patients who differ in that one covariate. Zero: the covariate does not modify the effect.</p>
${forestKey(intervalKind(analysis))}
<div class="panels">${panels}</div></section>`
}

/** Between-trial standard deviations of the effect and of each interaction. */
export function heterogeneitySection(analysis: Analysis): Html {
  const { protocol, columns, pooled, profileEffects } = analysis
  const reference = profileEffects[0]?.person
  const summaries = heterogeneitySummary(pooled.draws, {
    columns,
    outcomeScale: protocol.outcome.scale,
    ...(reference ? { referenceContrast: settingContrast(pooled.draws, reference, columns, protocol.covariates) } : {}),
  })
  return html`<section aria-labelledby="heterogeneity"><h2 id="heterogeneity">Differences between trials</h2>
${table(
  `Between-trial standard deviation τ${unitSuffix(protocol) && `,${unitSuffix(protocol)}`}`,
  [{ title: 'Quantity' }, { title: 'Median', numeric: true }, { title: `95% ${intervalKind(analysis)} interval`, numeric: true }],
  summaries.map((summary) => [quantityName(summary, analysis), ...heterogeneityCells(summary)]),
)}
${analysis.trialFits.length < 5 && html`<p class="small muted">With ${analysis.trialFits.length} trials the data say little about τ, ${pooled.isConfidence ? 'so that its estimate may be far off: compare with a Bayesian analysis' : 'and its prior counts: see the methods, and compare with another prior'}.</p>`}</section>`
}

function quantityName({ column, coefficient }: HeterogeneitySummary, { protocol, profileEffects, pooled }: Analysis): string {
  if (isPooledOverPeople(pooled.draws)) return `Effect for the ${coefficient}`
  return column
    ? `Change in effect: ${contrastLabel(column, protocol)}`
    : `Effect for the ${profileEffects[0]?.person.id ?? 'patient at the centre of the covariates'}`
}

function heterogeneityCells({ median, lower, upper, isCommon }: HeterogeneitySummary): string[] {
  if (isCommon) return ['0', 'taken as common']
  const decimals = decimalsFor((upper - lower) / 3.92)
  return [formatNumber(median, decimals), formatInterval({ lower, upper }, decimals)]
}

import type { Analysis, TrialFit } from '../../contract/analysis.js'
import type { DesignColumn, TrialDesign, TrialSummary } from '../../contract/trial.js'
import { type Html, html } from '../html.js'
import { controlName, outcomeName, treatedName, unitSuffix } from '../labels.js'
import { decimalsFor, formatCount, formatNumber } from '../number-format.js'
import { table } from '../table.js'

/** Trials, arms and sizes, covariates by trial, and everything that was left out. */
export function trialsSection(analysis: Analysis): Html {
  const { trialFits, protocol } = analysis
  const patients = trialFits.reduce((sum, { trial }) => sum + trial.outcome.length, 0)
  return html`<section aria-labelledby="trials"><h2 id="trials">Trials and patients</h2>
<p>${formatCount(patients)} patients of ${trialFits.length} ${trialFits.length === 1 ? 'trial' : 'trials'} were analysed.</p>
${table(
  `Patients and ${outcomeName(protocol)}${unitSuffix(protocol) && `,${unitSuffix(protocol)}`}: mean (SD) by arm`,
  [
    { title: 'Trial' },
    { title: 'Patients', numeric: true },
    { title: `${treatedName(protocol)}, n`, numeric: true },
    { title: `${controlName(protocol)}, n`, numeric: true },
    { title: `${treatedName(protocol)}, outcome`, numeric: true },
    { title: `${controlName(protocol)}, outcome`, numeric: true },
  ],
  trialFits.map((trialFit) => trialRow(trialFit, analysis)),
)}
${exclusionTable(analysis)}
<details><summary>Covariates by trial</summary>${covariateTable(analysis)}</details></section>`
}

function trialRow({ trial }: TrialFit, { protocol }: Analysis): (string | Html)[] {
  const arms = [1, 0].map((arm) => outcomeOfArm(trial, arm))
  const isAtSite = trial.summary !== undefined
  const { centre, scale } = protocol.outcome
  const outcomeText = (values: Float64Array) =>
    momentsText(
      values.map((value) => centre + scale * value),
      scale,
    )
  return [
    trial.study,
    formatCount(trial.outcome.length),
    formatCount(arms[0].length),
    formatCount(arms[1].length),
    isAtSite ? '–' : outcomeText(arms[0]),
    isAtSite ? '–' : outcomeText(arms[1]),
  ]
}

function outcomeOfArm({ outcome, treatment }: TrialDesign, arm: number): Float64Array {
  return outcome.filter((_, patient) => treatment[patient] === arm)
}

function covariateTable({ trialFits, columns: all }: Analysis): Html {
  const columns = all.flatMap((column, index) => (column.spline?.term ? [] : [{ column, index }]))
  return table(
    'Mean (SD) of continuous covariates, share of patients for the others',
    [{ title: 'Trial' }, ...columns.map(({ column }) => ({ title: columnHeading(column), numeric: true }))],
    trialFits.map(({ trial }) => [trial.study, ...columns.map(({ column, index }) => covariateText(trial, column, index))]),
  )
}

function columnHeading({ name, unit }: DesignColumn): string {
  return unit ? `${name}, ${unit}` : name
}

function covariateText({ covariates, outcome, summary }: TrialDesign, column: DesignColumn, index: number): string {
  const { centre, scale } = column
  if (summary) return summary.columns ? reportedText(summary.columns, column, index) : '–'
  const width = covariates.length / outcome.length
  const values = Float64Array.from(outcome, (_, patient) => centre + scale * covariates[patient * width + index])
  const isIndicator = values.every((value) => Math.abs(value) < 1e-9 || Math.abs(value - 1) < 1e-9)
  return isIndicator ? `${Math.round(100 * moments(values).mean)}%` : momentsText(values, scale)
}

/** As the site rounded it. */
function reportedText(
  { mean, sd }: NonNullable<TrialSummary['columns']>,
  { centre, scale, level }: DesignColumn,
  index: number,
): string {
  if (level !== undefined) return `${Math.round(100 * (centre + scale * mean[index]))}%`
  const decimals = decimalsFor(scale / 10)
  return `${formatNumber(centre + scale * mean[index], decimals)} (${formatNumber(scale * sd[index], decimals)})`
}

/** Digits follow the scale that the protocol gives, so that they are the same down a column. */
function momentsText(values: Float64Array, scale: number): string {
  const { mean, sd } = moments(values)
  const decimals = decimalsFor(scale / 10)
  return `${formatNumber(mean, decimals)} (${formatNumber(sd, decimals)})`
}

function moments(values: Float64Array): { mean: number; sd: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return { mean, sd: Math.sqrt(squares / (values.length - 1)) }
}

function exclusionTable({ exclusions, protocol }: Analysis): Html {
  if (exclusions.length === 0) return html`<p>No patient and no trial was left out.</p>`
  const arm = { treated: treatedName(protocol), control: controlName(protocol) }
  return table(
    'Left out of the analysis',
    [{ title: 'Trial' }, { title: 'Arm' }, { title: 'Patients', numeric: true }, { title: 'Reason' }],
    exclusions.map((exclusion) => [
      exclusion.study,
      exclusion.arm ? arm[exclusion.arm] : 'whole trial',
      formatCount(exclusion.patientCount),
      exclusion.reason,
    ]),
  )
}

import { csvFormat } from 'd3-dsv'
import type { EffectSummary, OutcomeSummary, PersonEffect } from '../contract/analysis.js'
import type { DesignColumn } from '../contract/trial.js'

export interface EffectsTable {
  readonly columns: readonly string[]
  readonly rows: readonly Readonly<Record<string, number | string>>[]
}

const identityColumns = ['kind', 'id', 'study']
const summaryColumns = [
  'target',
  'mean',
  'median',
  'sd',
  'lower',
  'upper',
  'probability_benefit',
  'probability_important',
  'mcse',
  'flags',
]
const outcomeColumns = ['control', 'treated'].flatMap((arm) => [
  `expected_${arm}`,
  `expected_${arm}_lower`,
  `expected_${arm}_upper`,
  `outcome_${arm}_lower`,
  `outcome_${arm}_upper`,
])
const reserved = new Set([...identityColumns, ...summaryColumns, ...outcomeColumns])

/**
 * Effects in long format, one row for each person and target. `study` is the trial that the row's effect belongs to for an existing trial, and
 * otherwise the trial that the person comes from, if any. Of outcomes under each arm, where there are any, `expected_` columns are those of the average setting, and
 * `outcome_` columns the range of one such person's outcome in a new setting. A covariate whose name is taken by another column gets the prefix `covariate_`.
 *
 * @param columns when given, covariates come in this order; otherwise in the order in which people have them.
 */
export function effectsTable(effects: readonly PersonEffect[], columns?: readonly DesignColumn[]): EffectsTable {
  const names = [
    ...new Set([
      ...(columns ?? []).map((column) => column.covariate),
      ...effects.flatMap((effect) => Object.keys(effect.person.covariates)),
    ]),
  ]
  return {
    columns: [
      ...identityColumns,
      ...names.map(columnName),
      ...summaryColumns,
      ...(effects.some(({ outcomes }) => outcomes) ? outcomeColumns : []),
    ],
    rows: effects.flatMap(({ person, effects: summaries, outcomes = [], flags }) =>
      summaries.map((summary) => ({
        kind: person.kind,
        id: person.id,
        study: summary.study ?? person.study ?? '',
        ...Object.fromEntries(names.map((name) => [columnName(name), person.covariates[name] ?? ''])),
        ...summaryCells(summary),
        flags: flags.join('; '),
        ...Object.assign({}, ...outcomes.map(outcomeCells)),
      })),
    ),
  }
}

/** The table as CSV text with a header and full precision. */
export function effectsCsv({ columns, rows }: EffectsTable): string {
  return `${csvFormat(rows, columns)}\n`
}

function outcomeCells({ arm, mean, lower, upper, onePerson }: OutcomeSummary): Record<string, number> {
  return {
    [`expected_${arm}`]: mean,
    [`expected_${arm}_lower`]: lower,
    [`expected_${arm}_upper`]: upper,
    [`outcome_${arm}_lower`]: onePerson.lower,
    [`outcome_${arm}_upper`]: onePerson.upper,
  }
}

function columnName(covariate: string): string {
  return reserved.has(covariate) ? `covariate_${covariate}` : covariate
}

function summaryCells(summary: EffectSummary): Record<string, number | string> {
  return {
    target: summary.target,
    mean: summary.mean,
    median: summary.median,
    sd: summary.sd,
    lower: summary.lower,
    upper: summary.upper,
    probability_benefit: summary.probabilityBenefit,
    probability_important: summary.probabilityImportant,
    mcse: summary.mcse,
  }
}

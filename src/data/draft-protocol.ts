import { mean } from 'd3-array'
import { DataError } from '../errors/data-error.js'
import { assessTrials } from './assess-trials.js'
import { checkTrials } from './check-trials.js'
import { chooseCovariates, coefficientCount, namedCovariates } from './choose-covariates.js'
import { columnProfile } from './column-profile.js'
import { draftCovariate } from './draft-covariate.js'
import { type DraftPatient, draftArms, draftPatients, missingCodes, withinArmDeviation } from './draft-data.js'
import { roundedCentre, significant } from './draft-rounding.js'
import { type Draft, draftText } from './draft-text.js'
import { faultError } from './fault.js'
import { type ColumnChoice, type GuessedColumns, guessColumns } from './guess-columns.js'
import { requireColumns } from './locate-columns.js'
import { parseProtocol } from './parse-protocol.js'
import type { Protocol } from './protocol.js'
import { readTrials } from './read-trials.js'
import type { Table } from './table.js'

export interface DraftOptions extends ColumnChoice {
  /** Columns to use as covariates; chosen by name and content when absent. */
  readonly covariates?: readonly string[]
  readonly leastPatients?: number
  readonly better?: 'higher' | 'lower'
}

/**
 * A first protocol for a table: columns by their usual names unless given, types by content, centres, scales and ranges in round numbers.
 * With the direction of benefit, which nothing in the data says, it can be analysed as it is; its comments say what must be confirmed. Same table and options, same
 * text.
 * @returns the text, which asks for the direction unless it is given, and the protocol with the direction given or, for want of one, higher
 * @throws UsageError when a column cannot be guessed; DataError when the data have faults that would stop the analysis.
 */
export function draftProtocol(table: Table, options: DraftOptions = {}): { readonly protocol: Protocol; readonly text: string } {
  const columns = identifiableColumns(table, guessColumns(table, options), options)
  const draft = firstDraft(table, columns, options)
  const parsed = (own: Draft) => parseProtocol(draftText({ better: 'higher', ...own }), 'protocol.yaml')
  const refusing = parsed(draft)
  const problems = assessTrials(readTrials(table, refusing), refusing).flatMap(({ problem }) => problem?.code ?? [])
  const unmeasuredCount = problems.filter((code) => code === 'covariate-not-measured').length
  const checked = { ...draft, singularCount: problems.length - unmeasuredCount, unmeasuredCount }
  const protocol = parsed(checked)
  const errors = checkTrials(readTrials(table, protocol), protocol).faults.filter((fault) => fault.severity === 'error')
  if (errors.length) throw faultError(errors, table.file)
  return { protocol, text: draftText(checked) }
}

/** Leaves out a guessed patient column that does not tell the patients of a trial apart. */
function identifiableColumns(table: Table, columns: GuessedColumns, options: DraftOptions): GuessedColumns {
  const { patient, ...others } = columns
  if (patient === undefined || options.patient !== undefined) return columns
  const positions = [columns.study, patient].map((name) => table.columns.indexOf(name))
  const keys = table.rows.map(({ cells }) => JSON.stringify(positions.map((position) => cells[position])))
  return new Set(keys).size === keys.length ? columns : others
}

function firstDraft(table: Table, columns: GuessedColumns, options: DraftOptions): Draft {
  const missing = missingCodes(table)
  const arms = draftArms(table, columns.treatment, missing)
  const patients = draftPatients(table, columns, missing)
  const { chosen, leftOut } = covariateChoice(table, columns, options, patients, missing)
  const complete = patients.filter(({ index }) => chosen.every(({ cells }) => cells[index] !== undefined))
  if (complete.length === 0) throw nothingLeft(table, 'no patient has an outcome and all covariates')
  const count = coefficientCount(chosen)
  const indices = complete.map(({ index }) => index)
  return {
    file: table.file,
    columns,
    arms,
    missing,
    ...(options.better && { better: options.better }),
    outcome: outcomeScale(complete, table, columns.outcome),
    covariates: chosen.map((profile) => draftCovariate(profile, table, indices)),
    leftOut,
    patientCount: complete.length,
    trialCount: new Set(complete.map(({ study }) => study)).size,
    leastPatients: Math.max(options.leastPatients ?? 1, count + 1),
    coefficientCount: count,
    singularCount: 0,
    unmeasuredCount: 0,
  }
}

function covariateChoice(
  table: Table,
  columns: GuessedColumns,
  options: DraftOptions,
  patients: readonly DraftPatient[],
  missing: readonly string[],
) {
  if (options.covariates) {
    requireColumns(
      table,
      options.covariates.map((column) => ['a covariate', column]),
    )
    return namedCovariates(
      options.covariates.map((column) => columnProfile(table, column, missing)),
      table.file,
    )
  }
  const taken = new Set<string | undefined>(Object.values(columns))
  const others = table.columns.filter((column) => column !== '' && !taken.has(column))
  const profiles = others.map((column) => columnProfile(table, column, missing))
  const choice = chooseCovariates(profiles, patients, options.leastPatients ?? 1)
  if (choice.chosen.length === 0) throw nothingLeft(table, 'no column looks like a covariate')
  return choice
}

function outcomeScale(complete: readonly DraftPatient[], table: Table, column: string): { centre: number; scale: number } {
  const spread = withinArmDeviation(complete, (patient) => patient.outcome)
  if (!(spread > 0))
    throw new DataError({
      problem: 'the outcome does not vary within any arm',
      remedy: 'Name another column with --outcome.',
      file: table.file,
      column,
    })
  const scale = significant(spread, 2)
  return { centre: roundedCentre(mean(complete, (patient) => patient.outcome) ?? 0, scale), scale }
}

function nothingLeft(table: Table, problem: string): DataError {
  return new DataError({ problem, remedy: 'Name the covariates yourself: --covariates <columns>.', file: table.file })
}

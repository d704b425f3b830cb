import { group } from 'd3-array'
import { DataError } from '../errors/data-error.js'
import { readNumber } from './cell-number.js'
import type { GuessedColumns } from './guess-columns.js'
import type { Table } from './table.js'
import { listing, quoted } from './wording.js'

/** A patient with study, arm and outcome, as far as `draftProtocol` needs to know. */
export interface DraftPatient {
  /** Index into the rows of the table. */
  readonly index: number
  readonly study: string
  readonly arm: string
  readonly outcome: number
}

const usualMissing = ['NaN', 'nan', 'na', 'N/A', 'n/a', 'NULL', 'null', '.', '?']

/** Cell contents that the draft takes for missing: empty, NA, and the usual codes that occur in the table. */
export function missingCodes(table: Table): string[] {
  const found = usualMissing.filter((code) => table.rows.some((row) => row.cells.includes(code)))
  return ['', 'NA', ...found]
}

/** Patients with a study, an arm and a number as outcome. */
export function draftPatients(table: Table, columns: GuessedColumns, missing: readonly string[]): DraftPatient[] {
  const [study, treatment, outcome] = [columns.study, columns.treatment, columns.outcome].map((name) =>
    table.columns.indexOf(name),
  )
  return table.rows.flatMap(({ cells }, index) => {
    const reading = readNumber(cells[outcome])
    if ('fault' in reading || [cells[study], cells[treatment]].some((text) => text === '' || missing.includes(text))) return []
    return [{ index, study: cells[study], arm: cells[treatment], outcome: reading.value }]
  })
}

const controlWords = /^(0|no|n|false|control|ctrl|placebo|pbo|usual|standard|sham|none|untreated|soc|tau)\b/i

/**
 * The two arms, control first: by the word if one is a usual name of a control arm, else in sorted order.
 * @throws DataError when there are not two.
 */
export function draftArms(
  table: Table,
  column: string,
  missing: readonly string[],
): { control: string; treated: string; isGuess: boolean } {
  const index = table.columns.indexOf(column)
  const texts = table.rows.map((row) => row.cells[index]).filter((text) => text !== '' && !missing.includes(text))
  const arms = [...new Set(texts)].sort()
  if (arms.length !== 2)
    throw new DataError({
      problem: `the treatment column holds ${arms.length} different values (${listing(arms.slice(0, 4).map(quoted))}${arms.length > 4 ? ', ...' : ''})`,
      reason: 'two arms are compared',
      remedy: 'Name another column with --treatment, or keep the patients of two arms only.',
      file: table.file,
      column,
    })
  const isSecondControl = controlWords.test(arms[1]) && !controlWords.test(arms[0])
  const [control, treated] = isSecondControl ? [arms[1], arms[0]] : arms
  return { control, treated, isGuess: !controlWords.test(control) }
}

/** Standard deviation within the cells of trial and arm, pooled over them; NaN when no cell has two patients. */
export function withinArmDeviation(patients: readonly DraftPatient[], value: (patient: DraftPatient) => number): number {
  let [squares, degrees] = [0, 0]
  for (const cell of group(patients, (patient) => JSON.stringify([patient.study, patient.arm])).values()) {
    const values = cell.map(value)
    const centre = values.reduce((sum, own) => sum + own, 0) / values.length
    squares += values.reduce((sum, own) => sum + (own - centre) ** 2, 0)
    degrees += values.length - 1
  }
  return Math.sqrt(squares / degrees)
}

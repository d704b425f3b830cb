import { UsageError } from '../errors/usage-error.js'
import { requireColumns } from './locate-columns.js'
import type { Table } from './table.js'

/** Columns that the caller names instead of leaving them to be guessed. */
export interface ColumnChoice {
  readonly study?: string
  readonly treatment?: string
  readonly outcome?: string
  readonly patient?: string
}

export interface GuessedColumns {
  readonly study: string
  readonly treatment: string
  readonly outcome: string
  readonly patient?: string
}

const usualNames = {
  study: words('study study_id studyid trial trial_id trialid site site_id centre center clinic hospital school'),
  treatment: words('treatment treat trt arm group treated intervention allocation randomised randomized'),
  outcome: words('outcome y response endpoint score'),
  patient: words('patient patient_id patientid pid id subject subject_id subjid usubjid participant participant_id'),
}

function words(text: string): readonly string[] {
  return text.split(' ')
}

/**
 * The columns of study, treatment, outcome and patient: as the caller says, else by usual names (case ignored, first in the list wins).
 * @throws UsageError when one of the first three is not found; DataError when a named column is not in the table.
 */
export function guessColumns(table: Table, choice: ColumnChoice): GuessedColumns {
  const roles = Object.keys(usualNames) as (keyof typeof usualNames)[]
  requireColumns(
    table,
    roles.flatMap((role): [string, string][] => {
      const column = choice[role]
      return column === undefined ? [] : [[`the ${role}`, column]]
    }),
  )
  const taken = new Set(roles.map((role) => choice[role]))
  const find = (role: keyof typeof usualNames) =>
    choice[role] ??
    usualNames[role]
      .map((name) => table.columns.find((column) => column.toLowerCase() === name && !taken.has(column)))
      .find((column) => column)
  const patient = find('patient')
  return {
    study: find('study') ?? notFound('study', table),
    treatment: find('treatment') ?? notFound('treatment', table),
    outcome: find('outcome') ?? notFound('outcome', table),
    ...(patient !== undefined && { patient }),
  }
}

function notFound(role: 'study' | 'treatment' | 'outcome', table: Table): never {
  throw new UsageError({
    problem: `cannot tell which column holds the ${role}`,
    reason: `the header has ${table.columns.filter((name) => name !== '').join(', ')}; usual names are ${usualNames[role].slice(0, 5).join(', ')}`,
    remedy: `Name it: --${role} <column>.`,
    file: table.file,
    row: 1,
  })
}

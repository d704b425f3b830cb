import { group } from 'd3-array'
import type { ColumnProfile } from './column-profile.js'
import type { DraftPatient } from './draft-data.js'

/** A column that the draft does not use, and why, as a clause for a comment. */
export interface LeftOut {
  readonly column: string
  readonly reason: string
}

const identifierName = /(^|[_.\s])(id|identifier|number|nr|date|name)$|^(id|date)[_.]/i
const otherOutcomeName =
  /(^|[_.])(outcome|endpoint|response|change|followup|follow_up|fu|final|post|end|visit|week|month|day|dropout|event|death|died|ae)s?\d*([_.]|$)|^y\d*$/i
/** Correlation with the outcome within trial and arm above which a column may be another outcome. */
const outcomeCorrelation = 0.6

/** Why a column cannot, or should not without being asked for, be a covariate of the draft; `undefined` when it may. */
export function whyNot(profile: ColumnProfile, patients: readonly DraftPatient[]): string | undefined {
  const { column, kind, textRow, missingCount, cells } = profile
  if (kind === 'empty') return 'has one value only'
  if (kind === 'identifier' || identifierName.test(column)) return 'looks like an identifier'
  if (kind === 'text') return 'holds free text or too many levels'
  if (kind === 'continuous' && textRow !== undefined) return `holds text among numbers, first in row ${textRow}`
  if (missingCount > cells.length / 2) return 'is missing for most patients'
  if (otherOutcomeName.test(column)) return 'looks like another outcome by its name'
  const share = constantShare(profile, patients)
  if (share > 0.5) return `is the same for a whole arm in ${Math.round(100 * share)}% of the trials`
  if (!isBaselineName(column) && Math.abs(withinCorrelation(profile, patients)) > outcomeCorrelation)
    return 'goes so closely with the outcome that it may be another outcome'
  return undefined
}

const baselineMark = /(^|[_.\s])(bl|base|baseline|pre|screening|entry)([_.\s]|$)/i
const baselineWord =
  /^(age|sex|gender|female|male|bmi|weight|height|race|ethnic|black|white|nonwhite|smok|tobacco|alcohol|educ|income|severity|duration|diab|hyperten|prior|history|married|free_?lunch|ses|insur|comorb|stage|grade)/i

/** Whether a name says that the column was measured before randomisation. */
export function isBaselineName(column: string): boolean {
  return baselineMark.test(column) || baselineWord.test(column)
}

/** Share of trials in which one of the arms has a single value. */
function constantShare({ cells }: ColumnProfile, patients: readonly DraftPatient[]): number {
  const known = patients.filter((patient) => cells[patient.index] !== undefined)
  const trials = [
    ...group(
      known,
      (patient) => patient.study,
      (patient) => patient.arm,
    ).values(),
  ]
  const constant = trials.filter((arms) =>
    [...arms.values()].some((arm) => new Set(arm.map((patient) => cells[patient.index])).size < 2),
  )
  return trials.length ? constant.length / trials.length : 1
}

function withinCorrelation({ kind, numbers }: ColumnProfile, patients: readonly DraftPatient[]): number {
  if (kind !== 'continuous') return 0
  const known = patients.filter((patient) => !Number.isNaN(numbers[patient.index]))
  let [xx, xy, yy] = [0, 0, 0]
  for (const cell of group(known, (patient) => JSON.stringify([patient.study, patient.arm])).values()) {
    const xMean = cell.reduce((sum, patient) => sum + numbers[patient.index], 0) / cell.length
    const yMean = cell.reduce((sum, patient) => sum + patient.outcome, 0) / cell.length
    for (const patient of cell) {
      const [x, y] = [numbers[patient.index] - xMean, patient.outcome - yMean]
      xx += x * x
      xy += x * y
      yy += y * y
    }
  }
  return xx > 0 && yy > 0 ? xy / Math.sqrt(xx * yy) : 0
}

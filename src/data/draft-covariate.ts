import { deviation, mean } from 'd3-array'
import type { ColumnProfile } from './column-profile.js'
import { farOutTest, generousRange, roundedCentre, significant } from './draft-rounding.js'
import type { Table } from './table.js'
import { yamlList, yamlScalar } from './yaml-text.js'

export interface DraftedCovariate {
  /** Lines of the list item in the protocol. */
  readonly lines: readonly string[]
  readonly name: string
  /** Two values apart enough to make example profiles, with their words; only for continuous and binary covariates. */
  readonly examples: readonly number[]
}

/** One covariate of the draft: type by content; centre, scale and range from complete patients, in round numbers. */
export function draftCovariate(profile: ColumnProfile, table: Table, complete: readonly number[]): DraftedCovariate {
  const { column, kind, levels } = profile
  const name = coefficientName(column)
  const head = [
    `  - name: ${yamlScalar(name)}`,
    ...(name === column ? [] : [`    column: ${yamlScalar(column)}`]),
    `    type: ${kind}`,
  ]
  if (kind === 'continuous') return continuous(profile, table, complete, name, head)
  if (kind === 'categorical') {
    const lines = [
      ...head,
      '    role: both',
      `    levels: ${yamlList(levels)}`,
      `    reference: ${yamlScalar(levels[0])} # CONFIRM: the level that the others are compared with`,
    ]
    return { name, lines, examples: [] }
  }
  const isCoded = levels[0] === '0' && levels[1] === '1'
  const labels = isCoded ? [] : [`    labels: ${yamlList(levels)} # 0 and 1 of the analysis, in this order`]
  return { name, lines: [...head, '    role: both', ...labels], examples: [0, 1] }
}

function continuous(
  profile: ColumnProfile,
  table: Table,
  complete: readonly number[],
  name: string,
  head: readonly string[],
): DraftedCovariate {
  const values = complete.map((index) => profile.numbers[index])
  const spread = deviation(values) || 1
  const scale = significant(spread, 2)
  const centre = roundedCentre(mean(values) ?? 0, scale)
  const known = profile.numbers.filter((value) => !Number.isNaN(value))
  const all = Array.from(known)
  const range = generousRange(all)
  const far = profile.numbers.findIndex(farOutTest(all))
  const distinctCount = new Set(all).size
  const lines = [
    ...head,
    '    role: both',
    '    # unit: CONFIRM and fill in',
    `    centre: ${centre} # mean of the complete patients of all trials, rounded`,
    `    scale: ${scale} # their standard deviation, rounded`,
    `    range: ${yamlList(range)} # CONFIRM: wider than the data; better the eligibility criteria${far < 0 ? '' : `. Row ${table.rows[far].row} lies far out: check it`}`,
    ...(distinctCount <= 5
      ? [`    # CONFIRM: ${distinctCount} different numbers; if they are codes, make it categorical with levels`]
      : []),
  ]
  return { name, lines, examples: [centre - scale, centre + scale].map((value) => clamped(roundedCentre(value, scale), range)) }
}

function clamped(value: number, [lower, upper]: readonly [number, number]): number {
  return Math.min(Math.max(value, lower), upper)
}

/** The column's name, without the characters that would make names of coefficients ambiguous. */
function coefficientName(column: string): string {
  const name = column.replace(/[[\],:=\s]+/g, '_')
  return name === 'treatment' ? 'treatment_covariate' : name
}

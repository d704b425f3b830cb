import type { DesignColumn } from '../contract/trial.js'

/** The columns of one covariate among the modifiers, which change together, and values that it may take. */
export interface ModifierGroup {
  readonly covariate: string
  readonly unit?: string
  /** Places of its columns among the modifiers. */
  readonly indices: readonly number[]
  /** A value in original units, or a level, with what its columns are then. */
  readonly grid: readonly { readonly value: number | string; readonly scaled: readonly number[] }[]
}

/** Name of the level that has no column of its own. */
const REFERENCE_LEVEL = 'reference level'
/** From the first of these quantiles of the patients' values to the last: extremes are single patients. */
const RANGE = [0.02, 0.98] as const

/**
 * @param patients scaled modifiers, `[patient, modifier]`
 * @param gridSize values of a covariate that takes more than that many
 */
export function modifierGroups(columns: readonly DesignColumn[], patients: Float64Array, gridSize: number): ModifierGroup[] {
  const modifiers = columns.filter(({ isModifier }) => isModifier)
  const names = [...new Set(modifiers.map(({ covariate }) => covariate))]
  return names.map((covariate) => {
    const indices = modifiers.flatMap((column, index) => (column.covariate === covariate ? [index] : []))
    const own = indices.map((index) => modifiers[index])
    const [first] = own
    const grid =
      first.level === undefined
        ? values(patients, modifiers.length, indices[0], gridSize).map((scaled) => ({
            value: scaled * first.scale + first.centre,
            scaled: [scaled],
          }))
        : levels(own)
    return { covariate, ...(first.unit !== undefined && { unit: first.unit }), indices, grid }
  })
}

/** All distinct values where these are few, otherwise evenly spaced ones. */
function values(patients: Float64Array, width: number, index: number, gridSize: number): number[] {
  const sorted = patients.filter((_, at) => at % width === index).sort()
  const distinct = [...new Set(sorted)]
  if (distinct.length <= gridSize) return distinct
  const [low, high] = RANGE.map((level) => sorted[Math.round(level * (sorted.length - 1))])
  return Array.from({ length: gridSize }, (_, step) => low + ((high - low) * step) / (gridSize - 1))
}

function levels(columns: readonly DesignColumn[]) {
  const indicator = (chosen: DesignColumn | undefined) =>
    columns.map((column) => ((column === chosen ? 1 : 0) - column.centre) / column.scale)
  return [
    { value: REFERENCE_LEVEL, scaled: indicator(undefined) },
    ...columns.map((column) => ({ value: column.level ?? column.name, scaled: indicator(column) })),
  ]
}

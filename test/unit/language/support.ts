import type { ConditionedModel } from '../../../src/language/condition.js'
import { stream } from '../../../src/random/stream.js'

/** Positions uniform on (-1, 1) in every direction. */
export function positionsOf(dimension: number, count: number, key = 'positions'): Float64Array[] {
  const source = stream(5, key)
  return Array.from({ length: count }, () => Float64Array.from({ length: dimension }, () => 2 * source.uniform() - 1))
}

export function logDensityAt({ logDensity }: ConditionedModel, position: Float64Array): number {
  return logDensity.valueAndGradient(position, new Float64Array(logDensity.dimension))
}

/** Values of every quantity at one position, row-major. */
export function quantitiesAt(conditioned: ConditionedModel, position: Float64Array): Readonly<Record<string, Float64Array>> {
  const { variables } = conditioned.draws(position, 1, () => stream(1, 'unused'))
  return Object.fromEntries(variables.map(({ name, values }) => [name, values]))
}

/** A log density is known up to a constant: the largest difference of the two functions' differences from their values at the first point. */
export function largestDisagreement(first: readonly number[], second: readonly number[]): number {
  return Math.max(...first.map((value, index) => Math.abs(value - first[0] - (second[index] - second[0]))))
}

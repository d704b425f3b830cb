/**
 * Posterior (or prior) draws as one immutable value.
 *
 * A variable holds `[chain, draw, ...dimensions]` in one `Float64Array`, last index fastest. Large draws stay on disk, and a variable is read when its
 * `values` are asked for: verbs that go through all of them use `eachScalar` and `eachBlock`. Verbs live one per file beside this one.
 */
import type { StoredValues } from './stored/read-columns.js'

export interface Dimension {
  readonly name: string
  /** One label per index, such as covariate names: they become part of the scalar names. */
  readonly labels: readonly string[]
}

export interface Variable {
  readonly name: string
  /** Empty for a scalar. */
  readonly dimensions: readonly Dimension[]
  /** `[chain, draw, ...dimensions]` */
  readonly values: Float64Array
  /** Present when the values are on disk: reads parts of them. */
  readonly stored?: StoredValues
}

export interface Draws {
  readonly chainCount: number
  /** Draws per chain. */
  readonly drawCount: number
  readonly variables: readonly Variable[]
  /** `[chain, draw]`, on the log scale and not necessarily normalised; absent when all draws weigh the same. */
  readonly logWeights?: Float64Array
}

/** Elements of one draw of a variable. */
export function elementCount(variable: Pick<Variable, 'dimensions'>): number {
  return variable.dimensions.reduce((product, dimension) => product * dimension.labels.length, 1)
}

/** Names of the scalars in a variable in storage order: `sigma`, or `gamma[age]`, or `Omega[delta,age]`. */
export function scalarNames(variable: Pick<Variable, 'name' | 'dimensions'>): string[] {
  if (variable.dimensions.length === 0) return [variable.name]
  const indices = variable.dimensions.reduce<string[]>(
    (prefixes, dimension) =>
      prefixes.flatMap((prefix) => dimension.labels.map((label) => (prefix ? `${prefix},${label}` : label))),
    [''],
  )
  return indices.map((index) => `${variable.name}[${index}]`)
}

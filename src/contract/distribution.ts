import type { Tensor } from '@tensorflow/tfjs'
import type { Dimension } from '../draws/draws.js'
import type { Stream } from './stream.js'
import type { Transform } from './transform.js'

/**
 * A family of distributions: its log density in tfjs operations, a sampler, and the support that decides how a parameter with this prior is
 * mapped to the real line. One family a file in `distributions/`.
 */
export interface Distribution {
  readonly name: string
  /** Names of the arguments in order, such as `['mean', 'scale']`. */
  readonly argumentNames: readonly string[]
  /** False for a flat (improper) prior: it can be used in a posterior but not drawn from. */
  readonly isProper: boolean
  /** Map between the support and R^k for a parameter of this shape. Arguments are given because a bound may be one. */
  support(shape: readonly number[], argumentValues: readonly (number | undefined)[]): Transform
  /**
   * Log density of `value`, normalised whenever the family is proper. Shape: the value's for a univariate family, `[]` or `[batch]` for a
   * multivariate one. Arguments broadcast against the value.
   */
  logProbability(value: Tensor, argumentTensors: readonly Tensor[]): Tensor
  /**
   * One draw of a parameter of that shape, row-major. Each argument is either one number or as many as there are elements.
   * @throws UsageError when the family is improper.
   */
  draw(stream: Stream, shape: readonly number[], argumentValues: readonly Float64Array[]): Float64Array
}

/** Tensors of the parameters declared so far, on their own (constrained) scale. */
export type ParameterTensors = Readonly<Record<string, Tensor>>

/**
 * An argument of a prior: a number, one number per element, the name of a parameter declared above, or a function of the parameters
 * declared above in tfjs operations.
 */
export type PriorArgument = number | readonly number[] | Float64Array | string | ((parameters: ParameterTensors) => Tensor)

export interface PriorOptions {
  /** Length of each axis, or a named dimension with labels; absent for a scalar. */
  readonly shape?: readonly (number | Dimension)[]
  /**
   * Sample a standardised version instead: location + scale * z. Only for location-scale families, and worth it when data say little about
   * the parameter given its scale (Betancourt and Girolami 2015, arXiv 1312.0906).
   */
  readonly nonCentered?: boolean
}

/** A declared parameter: a family, its arguments and the shape of the parameter. Values of this type are made by `normal(0, 1)` and its like. */
export interface Prior {
  readonly distribution: Distribution
  readonly arguments: readonly PriorArgument[]
  readonly shape: readonly (number | Dimension)[]
  readonly nonCentered: boolean
}

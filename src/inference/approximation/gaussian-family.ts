import type { Approximation } from './approximation.js'

/**
 * A family of normal distributions q on R^dimension as a smooth function of free parameters, such that all zeros give the distribution that the family
 * was made around, and a unit is about one standard deviation of it: what optimisers of the evidence lower bound know of it.
 *
 * A draw of q is the image of standard normals z (Kingma and Welling 2014, arXiv 1312.6114): x = mean + L z. `parameters` `[parameterCount]`,
 * `normals` `[dimension]`, `gradient` `[dimension]`. Holds work space: one call at a time.
 */
export interface GaussianFamily {
  readonly dimension: number
  readonly parameterCount: number
  /** Whose distribution the following calls speak of. */
  prepare(parameters: Float64Array): void
  /** Writes x to `position`. */
  place(normals: Float64Array, position: Float64Array): void
  /** Adds -d log q(x) / dx with the parameters held fixed, L'^-1 z, to `gradient`. */
  addScore(normals: Float64Array, gradient: Float64Array): void
  /** Adds `weight` times the derivative of gradient' x(parameters) to `parameterGradient`. */
  pullBack(normals: Float64Array, gradient: Float64Array, weight: number, parameterGradient: Float64Array): void
  /** Entropy of q up to a constant, log |L|. */
  entropy(): number
  /** Adds its gradient to `parameterGradient`. */
  addEntropyGradient(parameterGradient: Float64Array): void
  /** Largest log of a standard deviation in units of that at zero: log L_ii / K_ii. */
  growth(parameters: Float64Array): number
  /** Moves the mean to `mean` `[dimension]` and leaves L, changing `parameters`. */
  moveTo(mean: Float64Array, parameters: Float64Array): void
  /** Halves L, changing `parameters`. */
  halve(parameters: Float64Array): void
  approximation(): Approximation
}

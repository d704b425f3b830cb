import type * as tf from '@tensorflow/tfjs'
import type { Prior } from '../../../src/contract/distribution.js'
import type { Dimension } from '../../../src/draws/draws.js'

/**
 * A function of covariates that is a weighted sum of random features,
 *
 *     f(x) = sum_k v_k h_k(x),   v_k ~ N(0, s^2 u_k^2),   s ~ half-N(0, scale^2)
 *
 * whose parameters have names that begin with that of the function. Given the features, f is linear in v, which a regression with normal errors
 * integrates out (`marginal-regression.ts`).
 */
export interface RandomFunction {
  /** Of the half-normal prior of s. */
  readonly scale: number
  /** u, `[feature]` */
  readonly unitScales: Float64Array
  /**
   * Priors of the parameters of the features, in the order in which they are declared; s is not among them.
   * @param inputs the covariates, at least one
   */
  priors(name: string, inputs: Dimension): Record<string, Prior>
  /**
   * h at rows of inputs, `[row, feature]`.
   * @param rows `[row, input]`
   */
  features(name: string, parameters: Readonly<Record<string, tf.Tensor>>, rows: tf.Tensor): tf.Tensor
  /** The same in plain numbers, for the parameters of one draw. */
  plainFeatures(name: string, parameters: Readonly<Record<string, Float64Array>>, inputCount: number): PlainFeatures
}

/**
 * @param rows `[row, input]`
 * @returns `[row, feature]`
 */
export type PlainFeatures = (rows: Float64Array, rowCount: number) => Float64Array

import type * as tf from '@tensorflow/tfjs'
import type { Prior } from '../../../src/contract/distribution.js'
import type { Dimension } from '../../../src/draws/draws.js'

/** A function of covariates with finitely many random parameters, whose names begin with that of the function. */
export interface RandomFunction {
  /**
   * Priors of the parameters, in the order in which they are declared.
   * @param inputs the covariates, at least one
   */
  priors(name: string, inputs: Dimension): Record<string, Prior>
  /**
   * The function at rows of inputs, `[row]`.
   * @param rows `[row, input]`
   */
  tensor(name: string, parameters: Readonly<Record<string, tf.Tensor>>, rows: tf.Tensor): tf.Tensor
  /** The same in plain numbers, for the parameters of one draw. */
  numbers(name: string, parameters: Readonly<Record<string, Float64Array>>, inputCount: number): PlainFunction
}

/**
 * @param rows `[row, input]`
 * @returns `[row]`
 */
export type PlainFunction = (rows: Float64Array, rowCount: number) => Float64Array

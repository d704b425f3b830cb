/**
 * Arithmetic on arguments that are plain numbers or tensors. Between plain numbers it is done at once in float64, so that a constant such as
 * log Gamma(3 / 2) costs no tensor operation; otherwise it is the tfjs operation.
 */
import * as tf from '@tensorflow/tfjs'
import { logGamma as logGammaOfTensor } from '../../engine/operations.js'
import { logGamma as logGammaOfNumber } from '../../numeric/log-gamma.js'

export type Argument = number | tf.Tensor

export function plus(a: Argument, b: Argument): Argument {
  return typeof a === 'number' && typeof b === 'number' ? a + b : tf.add(a, b)
}

export function minus(a: Argument, b: Argument): Argument {
  return typeof a === 'number' && typeof b === 'number' ? a - b : tf.sub(a, b)
}

export function times(a: Argument, b: Argument): Argument {
  return typeof a === 'number' && typeof b === 'number' ? a * b : tf.mul(a, b)
}

export function log(a: Argument): Argument {
  return typeof a === 'number' ? Math.log(a) : tf.log(a)
}

export function logGamma(a: Argument): Argument {
  return typeof a === 'number' ? logGammaOfNumber(a) : logGammaOfTensor(a)
}

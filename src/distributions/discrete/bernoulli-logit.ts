import * as tf from '@tensorflow/tfjs'
import type { Argument } from '../shared/arithmetic.js'

/** Elementwise log probability of 0 or 1 when log odds of a 1 are `logit`: value * logit - log(1 + exp(logit)); arguments broadcast. */
export function bernoulliLogitLogProbability(value: Argument, logit: Argument): tf.Tensor {
  return tf.sub(tf.mul(value, logit), tf.softplus(logit))
}

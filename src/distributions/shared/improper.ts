import * as tf from '@tensorflow/tfjs'
import type { Distribution, Prior, PriorOptions } from '../../contract/distribution.js'
import { UsageError } from '../../errors/usage-error.js'
import { prior } from './prior.js'

/** A prior whose density is 1 on its support. The log density stays a function of the value, because tfjs refuses a gradient otherwise. */
export function improperPrior(name: string, support: Distribution['support'], options?: PriorOptions): Prior {
  const distribution: Distribution = {
    name,
    argumentNames: [],
    isProper: false,
    support,
    logProbability: (value) => tf.mul(value, 0),
    draw: () => {
      throw new UsageError({
        problem: `${name} cannot be drawn from`,
        reason: 'it is not a probability distribution',
        remedy: 'Give every parameter a proper prior, such as normal(0, 10), to draw from the prior.',
      })
    },
  }
  return prior(distribution, [], options)
}

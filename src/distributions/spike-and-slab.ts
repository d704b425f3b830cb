import * as tf from '@tensorflow/tfjs'
import type { Prior, PriorOptions } from '../contract/distribution.js'
import { UsageError } from '../errors/usage-error.js'
import { drawNormal } from '../random/normal.js'
import { identity } from '../transforms/identity.js'
import { normalLogProbability } from './normal.js'
import { type Family, univariatePrior } from './shared/prior.js'

const family: Family = {
  name: 'spikeAndSlab',
  argumentNames: ['slabScale', 'spikeScale', 'slabProbability'],
  domains: ['positive', 'positive', 'positive'],
  support: identity,
  logProbability: (value, slabScale, spikeScale, slabProbability) => {
    const slab = tf.add(normalLogProbability(value, 0, slabScale), Math.log(slabProbability as number))
    const spike = tf.add(normalLogProbability(value, 0, spikeScale), Math.log1p(-(slabProbability as number)))
    return tf.logSumExp(tf.stack([slab, spike]), 0)
  },
  draw: (stream, slabScale, spikeScale, slabProbability) =>
    drawNormal(stream, 0, stream.uniform() < slabProbability ? slabScale : spikeScale),
}

/**
 * Continuous spike and slab: normal with mean 0 and standard deviation `slabScale` with probability `slabProbability`, else `spikeScale`; the
 * indicator is summed out (George and McCulloch 1993, 10.1080/01621459.1993.10476353; Ishwaran and Rao 2005, 10.1214/009053604000001147).
 * All three are numbers.
 * @throws UsageError unless 0 < spikeScale < slabScale < infinity and the probability is between 0 and 1.
 */
export function spikeAndSlab(slabScale: number, spikeScale: number, slabProbability: number, options?: PriorOptions): Prior {
  if (!(spikeScale < slabScale && slabProbability < 1))
    throw new UsageError({
      problem: `spikeAndSlab has slab scale ${slabScale}, spike scale ${spikeScale} and slab probability ${slabProbability}`,
      reason: 'the spike must be the narrower of the two, and neither may have probability 0',
      remedy: 'Give a spike scale below the slab scale and a probability strictly between 0 and 1.',
    })
  return univariatePrior(family, [slabScale, spikeScale, slabProbability], options)
}

/** Probability of the slab given the coefficient's value, elementwise. */
export function slabProbabilityGiven(
  value: tf.Tensor,
  slabScale: number,
  spikeScale: number,
  slabProbability: number,
): tf.Tensor {
  const logRatio = tf.sub(normalLogProbability(value, 0, slabScale), normalLogProbability(value, 0, spikeScale))
  return tf.sigmoid(tf.add(logRatio, Math.log(slabProbability / (1 - slabProbability))))
}

/** For documentation and contract tests. */
export const examples: readonly Prior[] = [spikeAndSlab(1, 0.05, 0.5), spikeAndSlab(2, 0.5, 0.2)]

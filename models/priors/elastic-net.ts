/**
 * Elastic net: the density of b_k / s is proportional to exp(-a |u| - (1 - a) u^2 / 2) with the mixing a fixed, s ~ half-N(0, scale^2)
 * (Li and Lin 2010, 10.1214/10-BA506). As a scale mixture of normals it is
 *
 *     u ~ N(0, (1 - 1/g^2) / (1 - a)),   g ~ N(0, (1 - a) / a^2) truncated to g > 1:
 *
 * their truncated gamma variable is g^2. What is sampled is g - 1.
 */
import * as tf from '@tensorflow/tfjs'
import { z } from 'zod'
import type { CoefficientPrior } from '../../src/contract/coefficient-prior.js'
import { halfNormal } from '../../src/distributions/half-normal.js'
import { normal } from '../../src/distributions/normal.js'
import { truncatedNormal } from '../../src/distributions/truncated-normal.js'
import { parseOptions } from '../../src/language/parse-options.js'

const optionsSchema = z.strictObject({
  /** 0 would be the normal prior, 1 the Laplace prior; one half is arbitrary. */
  mixing: z.number().gt(0).max(0.99).default(0.5),
  /** Of the half-normal prior of the common scale. */
  scale: z.number().positive().default(1),
})

export const coefficientPrior: CoefficientPrior<z.infer<typeof optionsSchema>> = {
  name: 'elastic-net',
  summary: 'elastic-net priors with a learned scale and a fixed mixing of Laplace and normal',
  targetAcceptance: 0.9,
  parseOptions: (raw) => parseOptions('prior', 'name', optionsSchema, raw),
  describe: ({ mixing, scale }) =>
    `elastic-net priors with mixing ${mixing} whose common scale has a half-normal prior with scale ${scale}`,
  declare: (name, coefficients, { mixing, scale }) => ({
    [`${name}Scale`]: halfNormal(scale),
    [`${name}Mixing`]: truncatedNormal(-1, Math.sqrt(1 - mixing) / mixing, { shape: [coefficients] }),
    [name]: normal(0, (parameters) => tf.mul(parameters[`${name}Scale`], unitScale(parameters[`${name}Mixing`], mixing)), {
      shape: [coefficients],
      nonCentered: true,
    }),
  }),
}

/** Standard deviation of u given e = g - 1: 1 - 1/g^2 = e (2 + e) / (1 + e)^2. */
function unitScale(excess: tf.Tensor, mixing: number): tf.Tensor {
  const share = tf.div(tf.mul(excess, tf.add(2, excess)), tf.square(tf.add(1, excess)))
  return tf.sqrt(tf.div(share, 1 - mixing))
}

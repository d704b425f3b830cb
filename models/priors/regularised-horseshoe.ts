/**
 * Regularised horseshoe (Piironen and Vehtari 2017, 10.1214/17-EJS1337SI):
 *
 *     b_k ~ N(0, tau^2 l_k^2),   l_k^2 = c^2 lambda_k^2 / (c^2 + tau^2 lambda_k^2),   lambda_k ~ C+(0, 1),   tau ~ C+(0, tau_0),
 *     c^2 ~ inverse-gamma(nu / 2, nu s^2 / 2)
 *
 * By default tau_0 = p_0 / (p - p_0) sigma / sqrt(n) with p_0 coefficients expected to matter. Sampled non-centred.
 */
import * as tf from '@tensorflow/tfjs'
import { z } from 'zod'
import type { CoefficientPrior } from '../../src/contract/coefficient-prior.js'
import type { PriorArgument } from '../../src/contract/distribution.js'
import { halfCauchy } from '../../src/distributions/half-cauchy.js'
import { inverseGamma } from '../../src/distributions/inverse-gamma.js'
import { normal } from '../../src/distributions/normal.js'
import { parseOptions } from '../../src/language/parse-options.js'

const optionsSchema = z
  .strictObject({
    /** p_0; by default a quarter of the coefficients, which is arbitrary, and at least one. */
    expectedNonZero: z.number().positive().optional(),
    /** tau_0 itself. */
    globalScale: z.number().positive().optional(),
    /** nu and s; the defaults are those of brms (Buerkner 2017, 10.18637/jss.v080.i01). */
    slabDegreesOfFreedom: z.number().positive().default(4),
    slabScale: z.number().positive().default(2),
  })
  .refine((options) => options.expectedNonZero === undefined || options.globalScale === undefined, {
    message: 'give expectedNonZero or globalScale, not both',
  })
type Options = z.infer<typeof optionsSchema>

export const coefficientPrior: CoefficientPrior<Options> = {
  name: 'regularised-horseshoe',
  summary: 'regularised horseshoe priors: most coefficients near 0, a few large',
  targetAcceptance: 0.98,
  parseOptions: (raw) => parseOptions('prior', 'name', optionsSchema, raw),
  describe: ({ expectedNonZero, globalScale, slabDegreesOfFreedom, slabScale }) => {
    const expected = expectedNonZero ?? 'a quarter of the'
    const global = globalScale === undefined ? `for ${expected} coefficients expected to differ from 0` : globalScale
    return `regularised horseshoe priors with global scale ${global} and a slab with ${slabDegreesOfFreedom} degrees of freedom and scale ${slabScale}`
  },
  declare: (name, coefficients, options, { patientCount, residualScale }) => {
    const { slabDegreesOfFreedom: nu, slabScale, globalScale } = options
    const factor = globalFactor(coefficients.labels.length, options) / Math.sqrt(patientCount)
    const global: PriorArgument =
      globalScale ??
      (typeof residualScale === 'number' ? factor * residualScale : (parameters) => tf.mul(factor, parameters[residualScale]))
    return {
      [`${name}Global`]: halfCauchy(0, global),
      [`${name}Local`]: halfCauchy(0, 1, { shape: [coefficients] }),
      [`${name}Slab`]: inverseGamma(nu / 2, (nu * slabScale * slabScale) / 2),
      [name]: normal(0, (parameters) => shrunkenScale(parameters, name), { shape: [coefficients], nonCentered: true }),
    }
  },
}

/** p_0 / (p - p_0), bounded where p_0 comes close to p. */
function globalFactor(count: number, { expectedNonZero = Math.max(1, count / 4) }: Options): number {
  return expectedNonZero / Math.max(count - expectedNonZero, 1)
}

/** tau l_k = c tau lambda_k / sqrt(c^2 + tau^2 lambda_k^2) */
function shrunkenScale(parameters: Readonly<Record<string, tf.Tensor>>, name: string): tf.Tensor {
  const slab = parameters[`${name}Slab`]
  const scale = tf.mul(parameters[`${name}Global`], parameters[`${name}Local`])
  return tf.mul(scale, tf.sqrt(tf.div(slab, tf.add(slab, tf.square(scale)))))
}

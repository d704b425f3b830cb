/**
 * Bayesian lasso: b_k ~ Laplace(0, s), s ~ half-N(0, scale^2) (Park and Casella 2008, 10.1198/016214508000000337). Sampled as a scale mixture
 * of normals, b_k = s sqrt(2 w_k) z_k with w_k ~ Exponential(1), z_k ~ N(0, 1): the density of the coefficients themselves has a kink at 0 and
 * a funnel in s, in which NUTS does not converge.
 */
import * as tf from '@tensorflow/tfjs'
import { z } from 'zod'
import type { CoefficientPrior } from '../../src/contract/coefficient-prior.js'
import { exponential } from '../../src/distributions/exponential.js'
import { halfNormal } from '../../src/distributions/half-normal.js'
import { laplace } from '../../src/distributions/laplace.js'
import { normal } from '../../src/distributions/normal.js'
import { parseOptions } from '../../src/language/parse-options.js'

const optionsSchema = z.strictObject({
  /** Of the half-normal prior of the Laplace scale. */
  scale: z.number().positive().default(1),
  /** False: `scale` is the scale itself. The density then has its kink, at the mode of the lasso. */
  isLearned: z.boolean().default(true),
})

export const coefficientPrior: CoefficientPrior<z.infer<typeof optionsSchema>> = {
  name: 'laplace',
  summary: 'Laplace priors with a learned scale (Bayesian lasso)',
  targetAcceptance: 0.9,
  parseOptions: (raw) => parseOptions('prior', 'name', optionsSchema, raw),
  describe: ({ scale, isLearned }) =>
    isLearned
      ? `Laplace priors (Bayesian lasso) whose common scale has a half-normal prior with scale ${scale}`
      : `Laplace priors with scale ${scale}`,
  declare: (name, coefficients, { scale, isLearned }) =>
    isLearned
      ? {
          [`${name}Scale`]: halfNormal(scale),
          [`${name}Mixing`]: exponential(1, { shape: [coefficients] }),
          [name]: normal(0, (parameters) => tf.mul(parameters[`${name}Scale`], tf.sqrt(tf.mul(2, parameters[`${name}Mixing`]))), {
            shape: [coefficients],
            nonCentered: true,
          }),
        }
      : { [name]: laplace(0, scale, { shape: [coefficients] }) },
}

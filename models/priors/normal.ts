/**
 * Independent normal priors, b_k ~ N(0, s^2), with the scale s given or learned from the data (ridge): s ~ half-N(0, scale^2). A learned scale
 * is sampled non-centred, b_k = s z_k (Betancourt and Girolami 2015, arXiv 1312.0906).
 */
import * as tf from '@tensorflow/tfjs'
import { z } from 'zod'
import type { CoefficientPrior } from '../../src/contract/coefficient-prior.js'
import type { ParameterTensors } from '../../src/contract/distribution.js'
import { halfNormal } from '../../src/distributions/half-normal.js'
import { normal } from '../../src/distributions/normal.js'
import { parseOptions } from '../../src/language/parse-options.js'

const optionsSchema = z
  .strictObject({
    /** Standard deviation; 1 is weakly informative for standardised covariates (Gelman et al. 2008, 10.1214/08-AOAS191). */
    scale: z.number().positive().default(1),
    /** Learn the standard deviation, with `scale` that of its half-normal prior. */
    isLearned: z.boolean().default(false),
    /** `scale` is in units of the residual standard deviation (the conjugate prior) instead of the outcome's. */
    isRelative: z.boolean().default(false),
  })
  .refine(({ isLearned, isRelative }) => !(isLearned && isRelative), { message: 'isLearned and isRelative exclude each other' })

export const coefficientPrior: CoefficientPrior<z.infer<typeof optionsSchema>> = {
  name: 'normal',
  summary: 'normal priors with a given or a learned scale (ridge)',
  targetAcceptance: 0.8,
  parseOptions: (raw) => parseOptions('prior', 'name', optionsSchema, raw),
  describe: ({ scale, isLearned, isRelative }) =>
    isLearned
      ? `independent normal priors whose common standard deviation has a half-normal prior with scale ${scale} (ridge)`
      : `independent normal priors with mean 0 and standard deviation ${scale}${isRelative ? ' times the residual one' : ''}`,
  declare: (name, coefficients, { scale, isLearned, isRelative }, { residualScale }) => {
    if (isRelative) {
      const relative = (parameters: ParameterTensors) =>
        tf.mul(scale, typeof residualScale === 'number' ? residualScale : parameters[residualScale])
      return { [name]: normal(0, relative, { shape: [coefficients] }) }
    }
    return isLearned
      ? {
          [`${name}Scale`]: halfNormal(scale),
          [name]: normal(0, `${name}Scale`, { shape: [coefficients], nonCentered: true }),
        }
      : { [name]: normal(0, scale, { shape: [coefficients] }) }
  },
  exactForm: ({ scale, isLearned, isRelative }) => (isLearned ? undefined : { kind: 'normal', scale, isRelative }),
}

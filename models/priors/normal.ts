/**
 * Independent normal priors, b_k ~ N(0, s^2), with the scale s given or learned from the data (ridge): s ~ half-N(0, scale^2). A learned scale
 * is sampled non-centred, b_k = s z_k (Betancourt and Girolami 2015, arXiv 1312.0906).
 */
import { z } from 'zod'
import type { CoefficientPrior } from '../../src/contract/coefficient-prior.js'
import { halfNormal } from '../../src/distributions/half-normal.js'
import { normal } from '../../src/distributions/normal.js'
import { parseOptions } from '../../src/language/parse-options.js'

const optionsSchema = z.strictObject({
  /** Standard deviation; 1 is weakly informative for standardised covariates (Gelman et al. 2008, 10.1214/08-AOAS191). */
  scale: z.number().positive().default(1),
  /** Learn the standard deviation, with `scale` that of its half-normal prior. */
  isLearned: z.boolean().default(false),
})

export const coefficientPrior: CoefficientPrior<z.infer<typeof optionsSchema>> = {
  name: 'normal',
  summary: 'normal priors with a given or a learned scale (ridge)',
  targetAcceptance: 0.8,
  parseOptions: (raw) => parseOptions('prior', 'name', optionsSchema, raw),
  describe: ({ scale, isLearned }) =>
    isLearned
      ? `independent normal priors whose common standard deviation has a half-normal prior with scale ${scale} (ridge)`
      : `independent normal priors with mean 0 and standard deviation ${scale}`,
  declare: (name, coefficients, { scale, isLearned }) =>
    isLearned
      ? {
          [`${name}Scale`]: halfNormal(scale),
          [name]: normal(0, `${name}Scale`, { shape: [coefficients], nonCentered: true }),
        }
      : { [name]: normal(0, scale, { shape: [coefficients] }) },
}

/**
 * Elastic net: the density of b_k / s is proportional to exp(-a |u| - (1 - a) u^2 / 2) with the mixing a fixed, s ~ half-N(0, scale^2)
 * (Li and Lin 2010, 10.1214/10-BA506). Sampled as b_k = s u_k.
 */
import { z } from 'zod'
import type { CoefficientPrior } from '../../src/contract/coefficient-prior.js'
import { elasticNet } from '../../src/distributions/elastic-net.js'
import { halfNormal } from '../../src/distributions/half-normal.js'
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
    [name]: elasticNet(mixing, 0, `${name}Scale`, { shape: [coefficients], nonCentered: true }),
  }),
}

/**
 * Continuous spike and slab: b_k ~ pi N(0, slab^2) + (1 - pi) N(0, spike^2), with the indicators summed out. The inclusion probability of
 * a coefficient is the posterior mean of the probability of the slab given its value (George and McCulloch 1993,
 * 10.1080/01621459.1993.10476353). The posterior can have several modes.
 */
import { z } from 'zod'
import type { CoefficientPrior } from '../../src/contract/coefficient-prior.js'
import { slabProbabilityGiven, spikeAndSlab } from '../../src/distributions/spike-and-slab.js'
import { parseOptions } from '../../src/language/parse-options.js'

const optionsSchema = z
  .strictObject({
    slabScale: z.number().positive().default(1),
    /** A twentieth of the slab: an effect of that size is taken for none. Arbitrary. */
    spikeScale: z.number().positive().default(0.05),
    slabProbability: z.number().gt(0).lt(1).default(0.5),
  })
  .refine(({ slabScale, spikeScale }) => spikeScale < slabScale, { message: 'spikeScale must be below slabScale' })

export const coefficientPrior: CoefficientPrior<z.infer<typeof optionsSchema>> = {
  name: 'spike-and-slab',
  summary: 'spike-and-slab priors with inclusion probabilities',
  targetAcceptance: 0.95,
  parseOptions: (raw) => parseOptions('prior', 'name', optionsSchema, raw),
  describe: ({ slabScale, spikeScale, slabProbability }) =>
    `spike-and-slab priors (normal with standard deviation ${slabScale} with probability ${slabProbability}, else ${spikeScale})`,
  declare: (name, coefficients, { slabScale, spikeScale, slabProbability }) => ({
    [name]: spikeAndSlab(slabScale, spikeScale, slabProbability, { shape: [coefficients] }),
  }),
  exactForm: (options) => ({ kind: 'mixture', ...options }),
  derived: (name, parameters, coefficients, { slabScale, spikeScale, slabProbability }) => ({
    [`${name}Inclusion`]: {
      value: slabProbabilityGiven(parameters[name], slabScale, spikeScale, slabProbability),
      dimensions: [coefficients],
    },
  }),
}

/**
 * R2D2: a prior on the share of variance explained, spread over the coefficients (Zhang, Naughton, Bondell and Reich 2022,
 * 10.1080/01621459.2020.1825449), in the form without local exponential scales of brms:
 *
 *     b_k ~ N(0, sigma^2 w phi_k),   w = R^2 / (1 - R^2),   R^2 ~ Beta(m v, (1 - m) v),   phi ~ Dirichlet(a, ..., a)
 */
import * as tf from '@tensorflow/tfjs'
import { z } from 'zod'
import type { CoefficientPrior } from '../../src/contract/coefficient-prior.js'
import { beta } from '../../src/distributions/beta.js'
import { dirichlet } from '../../src/distributions/dirichlet.js'
import { normal } from '../../src/distributions/normal.js'
import { parseOptions } from '../../src/language/parse-options.js'

/** The defaults are those of brms (Buerkner 2017, 10.18637/jss.v080.i01): uniform on R^2, a = 0.5. */
const optionsSchema = z.strictObject({
  mean: z.number().gt(0).lt(1).default(0.5),
  precision: z.number().positive().default(2),
  concentration: z.number().positive().default(0.5),
})

export const coefficientPrior: CoefficientPrior<z.infer<typeof optionsSchema>> = {
  name: 'r2d2',
  summary: 'R2D2: a prior on the share of variance that the coefficients explain together',
  targetAcceptance: 0.95,
  parseOptions: (raw) => parseOptions('prior', 'name', optionsSchema, raw),
  describe: ({ mean, precision, concentration }) =>
    `an R2D2 prior (R2 beta with mean ${mean} and precision ${precision}, Dirichlet concentration ${concentration})`,
  declare: (name, coefficients, { mean, precision, concentration }, { residualScale }) => {
    const isSingle = coefficients.labels.length === 1
    return {
      [`${name}R2`]: beta(mean * precision, (1 - mean) * precision),
      ...(isSingle ? {} : { [`${name}Share`]: dirichlet(concentration, { shape: [coefficients] }) }),
      [name]: normal(
        0,
        (parameters) => {
          const explained = parameters[`${name}R2`]
          const ratio = tf.div(explained, tf.sub(1, explained))
          const variance = isSingle ? ratio : tf.mul(ratio, parameters[`${name}Share`])
          return tf.mul(typeof residualScale === 'number' ? residualScale : parameters[residualScale], tf.sqrt(variance))
        },
        { shape: [coefficients], nonCentered: true },
      ),
    }
  },
}

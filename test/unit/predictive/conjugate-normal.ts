/** A normal mean with known variance 1 and prior N(0, s^2): everything about its predictions in closed form. */
import type { LogLikelihoodDraws } from '../../../diagnostics/predictive/log-likelihood.js'
import { drawNormal } from '../../../src/random/normal.js'
import { stream } from '../../../src/random/stream.js'

const HALF_LOG_TWO_PI = Math.log(2 * Math.PI) / 2
export const logNormal = (x: number, mean: number, sd: number) => -HALF_LOG_TWO_PI - Math.log(sd) - ((x - mean) / sd) ** 2 / 2

export interface NormalPosterior {
  readonly mean: number
  readonly sd: number
}

/** @param priorPower power to which the prior is raised, and likelihoodPower the same */
export function posteriorOf(y: Float64Array, priorSd: number, priorPower = 1, likelihoodPower = 1): NormalPosterior {
  const precision = priorPower / priorSd ** 2 + likelihoodPower * y.length
  return { mean: (likelihoodPower * y.reduce((sum, value) => sum + value, 0)) / precision, sd: 1 / Math.sqrt(precision) }
}

/** log p(y_i | the others), exactly. `[observation]` */
export function exactLoo(y: Float64Array, priorSd: number): Float64Array {
  return y.map((value, index) => {
    const { mean, sd } = posteriorOf(
      y.filter((_, other) => other !== index),
      priorSd,
    )
    return logNormal(value, mean, Math.hypot(1, sd))
  })
}

export function observations(count: number): Float64Array {
  const source = stream(1, 'observations')
  return Float64Array.from({ length: count }, () => drawNormal(source, 0.5, 1))
}

/** Independent draws of the mean from its posterior, four chains. */
export function drawMeans({ mean, sd }: NormalPosterior, count: number): Float64Array {
  const source = stream(1, 'means')
  return Float64Array.from({ length: count }, () => drawNormal(source, mean, sd))
}

export function logLikelihoods(means: Float64Array, y: Float64Array): LogLikelihoodDraws {
  const values = Float64Array.from(means, (mean) => mean)
  return {
    values: Float64Array.from(Array.from(values).flatMap((mean) => Array.from(y, (value) => logNormal(value, mean, 1)))),
    chainCount: 4,
    observationCount: y.length,
  }
}

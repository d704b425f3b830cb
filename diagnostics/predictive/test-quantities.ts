import { mean, variance } from '../convergence/primitives/moments.js'

/** A number that summarises an outcome. `[observation]` */
export type TestQuantity = (outcome: Float64Array) => number

/** g1 = m3 / m2^1.5 with central moments that divide by n. NaN for a constant outcome. */
export function skewness(values: Float64Array): number {
  const centre = mean(values)
  const moment = (order: number) => mean(values.map((value) => (value - centre) ** order))
  return moment(3) / moment(2) ** 1.5
}

/**
 * What outcomes are compared by when nothing else is asked for. Location and scale are what most models fit by construction, so
 * that extremes and skewness tell more (Gelman et al. 2013, Bayesian Data Analysis, 3rd edition, section 6.3).
 */
export const defaultTestQuantities: Readonly<Record<string, TestQuantity>> = {
  mean,
  sd: (outcome) => Math.sqrt(variance(outcome)),
  minimum: (outcome) => outcome.reduce((a, b) => Math.min(a, b), Infinity),
  maximum: (outcome) => outcome.reduce((a, b) => Math.max(a, b), -Infinity),
  skewness,
}

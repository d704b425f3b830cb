/**
 * Stacking of the trials' models by what they say about patients of other trials: with p_ij the density of observation i, of trial k, under the posterior of the effect in
 * trial j (`stacking-problem.ts`),
 *
 *     maximise  sum_i log {sum_{j != k} w_j(x_i) p_ij / sum_{j != k} w_j(x_i)} - (1/2) |parameters|^2,   w(x) = softmax(a + B f(x))
 *
 * (Yao, Vehtari, Simpson and Gelman 2018, 10.1214/17-BA1091; with covariates, Yao, Pirš, Vehtari and Gelman 2022, 10.1214/21-BA1287.) The penalty, a standard
 * normal prior for every parameter, keeps weights away from 0 where the data cannot tell trials apart. Climbed by gradient steps of adaptive length.
 */

export interface StackingProblem {
  readonly trialCount: number
  /** Log densities p_ij, `[observation, trial]`; those of an observation's own trial are not read. */
  readonly logDensities: Float64Array
  /** The observations' own trials, `[observation]`. */
  readonly trialOf: Int32Array
  /** f(x_i), `[observation, feature]`; none for weights that are the same for everybody. */
  readonly features: Float64Array
  readonly featureCount: number
}

/** a_j and B_j of each trial, `[trial][1 + feature]`. Plain data. */
export type StackingParameters = readonly (readonly number[])[]

const STEPS = 500
const TOLERANCE = 1e-10

export function stackingParameters(problem: StackingProblem): StackingParameters {
  const width = 1 + problem.featureCount
  const size = problem.trialCount * width
  let position = new Float64Array(size)
  let gradient = new Float64Array(size)
  let value = objective(problem, position, gradient)
  let length = 1 / (1 + problem.trialOf.length)
  for (let step = 0; step < STEPS; step++) {
    const next = position.map((element, k) => element + length * gradient[k])
    const nextGradient = new Float64Array(size)
    const nextValue = objective(problem, next, nextGradient)
    if (!(nextValue >= value)) {
      length /= 2
      continue
    }
    const gain = nextValue - value
    length = spectralLength(position, next, gradient, nextGradient) ?? 2 * length
    ;[position, gradient, value] = [next, nextGradient, nextValue]
    if (gain <= TOLERANCE * (1 + Math.abs(value)) && step > 10) break
  }
  return Array.from({ length: problem.trialCount }, (_, trial) => [...position.subarray(trial * width, (trial + 1) * width)])
}

/** Weights of a person, `[trial]`. @param features f(x) */
export function stackedWeights(parameters: StackingParameters, features: ArrayLike<number>): Float64Array {
  const scores = Float64Array.from(parameters, (row) =>
    row.reduce((sum, value, k) => sum + value * (k === 0 ? 1 : features[k - 1]), 0),
  )
  const largest = scores.reduce((top, score) => Math.max(top, score), Number.NEGATIVE_INFINITY)
  const powers = scores.map((score) => Math.exp(score - largest))
  const total = powers.reduce((sum, power) => sum + power, 0)
  return powers.map((power) => power / total)
}

/** Barzilai and Borwein 1988 (10.1093/imanum/8.1.141). */
function spectralLength(from: Float64Array, to: Float64Array, before: Float64Array, after: Float64Array): number | undefined {
  let [squares, product] = [0, 0]
  for (let k = 0; k < from.length; k++) {
    const step = to[k] - from[k]
    squares += step * step
    product += step * (before[k] - after[k])
  }
  return product > 0 ? squares / product : undefined
}

/** The penalised log score; its gradient is written to `gradient`. */
export function objective(problem: StackingProblem, position: Float64Array, gradient: Float64Array): number {
  const { trialCount, featureCount, features, logDensities, trialOf } = problem
  const width = 1 + featureCount
  const [scores, gains] = [new Float64Array(trialCount), new Float64Array(trialCount)]
  let sum = 0
  for (let k = 0; k < position.length; k++) {
    sum -= 0.5 * position[k] ** 2
    gradient[k] = -position[k]
  }
  for (let patient = 0; patient < trialOf.length; patient++) {
    const own = trialOf[patient]
    for (let trial = 0; trial < trialCount; trial++) {
      scores[trial] = position[trial * width]
      for (let k = 0; k < featureCount; k++)
        scores[trial] += position[trial * width + 1 + k] * features[patient * featureCount + k]
      gains[trial] = scores[trial] + logDensities[patient * trialCount + trial]
    }
    const [base, top] = [toShares(scores, own), toShares(gains, own)]
    sum += top - base
    for (let trial = 0; trial < trialCount; trial++) {
      const slope = gains[trial] - scores[trial]
      gradient[trial * width] += slope
      for (let k = 0; k < featureCount; k++) gradient[trial * width + 1 + k] += slope * features[patient * featureCount + k]
    }
  }
  return sum
}

/** Replaces logarithms by their shares of the total, the one left out by 0; returns the logarithm of the total. */
function toShares(logarithms: Float64Array, leftOut: number): number {
  let largest = Number.NEGATIVE_INFINITY
  for (let at = 0; at < logarithms.length; at++) if (at !== leftOut) largest = Math.max(largest, logarithms[at])
  let total = 0
  for (let at = 0; at < logarithms.length; at++) {
    logarithms[at] = at === leftOut ? 0 : Math.exp(logarithms[at] - largest)
    total += logarithms[at]
  }
  for (let at = 0; at < logarithms.length; at++) logarithms[at] /= total
  return largest + Math.log(total)
}

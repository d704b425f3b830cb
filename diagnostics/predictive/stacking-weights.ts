import { UsageError } from '../../src/errors/usage-error.js'
import { choleskyInPlace } from '../../src/numeric/cholesky.js'
import { choleskySolveInPlace } from '../../src/numeric/triangular-solve.js'
import { commonLength } from './compare-models.js'

export interface Stacking {
  /** Non-negative, sum 1. `[model]` */
  readonly weights: Float64Array
  /** Mean over observations of log sum_k w_k exp(elpd_k). */
  readonly meanLogScore: number
  /** No weights have a mean log score higher by more than this. */
  readonly gap: number
}

/** A gap in mean log score at which to stop: far below any difference that matters, far above rounding. */
const tolerance = 1e-12
const largestIteration = 200
/** Share of the way to the boundary that a step may go. */
const boundaryShare = 0.995
/** By how much a step aims to shrink the products of weights and multipliers. */
const centring = 0.1

/**
 * Stacking of predictive distributions (Yao, Vehtari, Simpson and Gelman 2018, 10.1214/17-BA1091): the weights w on the simplex
 * that maximise f(w) = mean_i log sum_k w_k p_ik with p_ik = exp(elpd_ik), a convex problem.
 *
 * Solved without the constraint sum w = 1 as min sum_k w_k - f(w) over w >= 0, whose solution meets it (Kim, Carbonetto, Stephens
 * and Anitescu 2020, 10.1080/10618600.2019.1689985), by a primal-dual interior-point method, so that models that predict alike do
 * no harm; they share a weight. Since f is concave, what is left to gain is at most log(max_k g_k) with g the gradient of f: the
 * iteration stops when that is at most 1e-12, and otherwise gives the best weights it found, with their gap.
 *
 * @param elpd pointwise log predictive densities; -Infinity says that a model gives an observation no chance.
 * `[model][observation]`
 * @throws UsageError when the models differ in length, a value is NaN or +Infinity, or no model gives an observation a chance.
 * @example
 * ```ts
 * import { stackingWeights } from 'poolite'
 *
 * // two models, three observations: the second predicts all of them better
 * const { weights } = stackingWeights([[-2, -2, -2], [-1, -1, -1]].map((elpd) => Float64Array.from(elpd)))
 * weights[1] // => 1.00
 * ```
 */
export function stackingWeights(elpd: readonly Float64Array[]): Stacking {
  const observationCount = commonLength(elpd)
  const { densities, meanLogScale } = relativeDensities(elpd, observationCount)
  let weights: Float64Array = new Float64Array(elpd.length).fill(1 / elpd.length)
  let multipliers: Float64Array = new Float64Array(elpd.length).fill(1)
  let best = { weights, gap: Infinity }
  for (let iteration = 0; iteration < largestIteration && best.gap > tolerance; iteration++) {
    const candidate = normalised(weights)
    const gap = Math.log(Math.max(...gradient(densities, mixture(densities, candidate))))
    if (gap < best.gap) best = { weights: candidate, gap: Math.max(gap, 0) }
    const complementarity = weights.reduce((sum, weight, k) => sum + weight * multipliers[k], 0) / elpd.length
    const step = newtonStep(densities, weights, multipliers, centring * complementarity)
    if (!step) break
    weights = step.weights
    multipliers = step.multipliers
  }
  const score = mixture(densities, best.weights).reduce((sum, density) => sum + Math.log(density), 0) / observationCount
  return { ...best, meanLogScore: score + meanLogScale }
}

/** Densities `[model][observation]` relative to the largest of each observation, and the mean of the logarithms of those. */
function relativeDensities(elpd: readonly Float64Array[], observationCount: number) {
  const largest = Float64Array.from({ length: observationCount }, (_, observation) =>
    elpd.reduce((top, each) => Math.max(top, each[observation]), -Infinity),
  )
  const bad = largest.findIndex((value) => !Number.isFinite(value))
  if (bad !== -1)
    throw new UsageError({
      problem: `observation ${bad + 1} has ${largest[bad] === -Infinity ? 'no predictive density above 0' : 'a log predictive density that is not a number'}`,
      reason: 'no weights give such an observation a finite score',
      remedy: 'Leave the observation or the model out of all models.',
    })
  const densities = elpd.map((each) => each.map((value, observation) => Math.exp(value - largest[observation])))
  return { densities, meanLogScale: largest.reduce((sum, value) => sum + value, 0) / observationCount }
}

function normalised(weights: Float64Array): Float64Array {
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return weights.map((weight) => weight / sum)
}

/** sum_k w_k p_ik. `[observation]` */
function mixture(densities: readonly Float64Array[], weights: Float64Array): Float64Array {
  const sum = new Float64Array(densities[0].length)
  densities.forEach((density, k) => {
    for (let observation = 0; observation < sum.length; observation++) sum[observation] += weights[k] * density[observation]
  })
  return sum
}

/** mean_i p_ik / sum_j w_j p_ij. `[model]` */
function gradient(densities: readonly Float64Array[], mixed: Float64Array): Float64Array {
  return Float64Array.from(
    densities,
    (density) => density.reduce((sum, value, observation) => sum + value / mixed[observation], 0) / mixed.length,
  )
}

/**
 * One step towards w_k s_k = target and 1 - g_k - s_k = 0, s the multipliers of w >= 0. With w = D^2 the system (H + S / W) dw =
 * r is solved as (D H D + S) (dw / D) = D r, which stays well scaled as weights vanish. None when the matrix is singular.
 */
function newtonStep(densities: readonly Float64Array[], weights: Float64Array, multipliers: Float64Array, target: number) {
  const size = weights.length
  const mixed = mixture(densities, weights)
  const slope = gradient(densities, mixed)
  const root = weights.map(Math.sqrt)
  const matrix = scaledHessian(densities, mixed, root)
  for (let k = 0; k < size; k++) matrix[k * size + k] += multipliers[k]
  if (!choleskyInPlace(matrix, size)) return undefined
  const change = weights.map((weight, k) => root[k] * (slope[k] - 1 + target / weight))
  choleskySolveInPlace(matrix, change, size)
  for (let k = 0; k < size; k++) change[k] *= root[k]
  const multiplierChange = weights.map((weight, k) => (target - multipliers[k] * (weight + change[k])) / weight)
  const length = Math.min(
    1,
    boundaryShare * toBoundary(weights, change),
    boundaryShare * toBoundary(multipliers, multiplierChange),
  )
  return {
    weights: weights.map((weight, k) => weight + length * change[k]),
    multipliers: multipliers.map((multiplier, k) => multiplier + length * multiplierChange[k]),
  }
}

/** D H D with H_kl = mean_i p_ik p_il / (sum_j w_j p_ij)^2. Lower triangle. `[model, model]` */
function scaledHessian(densities: readonly Float64Array[], mixed: Float64Array, root: Float64Array): Float64Array {
  const size = root.length
  const scaled = densities.map((density, k) => density.map((value, observation) => (root[k] * value) / mixed[observation]))
  const matrix = new Float64Array(size * size)
  for (let row = 0; row < size; row++)
    for (let column = 0; column <= row; column++) {
      let sum = 0
      for (let observation = 0; observation < mixed.length; observation++)
        sum += scaled[row][observation] * scaled[column][observation]
      matrix[row * size + column] = sum / mixed.length
    }
  return matrix
}

/** The longest step that keeps all values non-negative. */
function toBoundary(values: Float64Array, change: Float64Array): number {
  return values.reduce((length, value, k) => (change[k] < 0 ? Math.min(length, -value / change[k]) : length), Infinity)
}

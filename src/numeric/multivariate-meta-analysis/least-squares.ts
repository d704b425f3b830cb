/**
 * Generalised least squares for a given T, and the likelihoods:
 *
 *     W_j = (S_j + T)^-1,  C = (sum X_j' W_j X_j)^-1,  beta = C sum X_j' W_j b_j
 *     2 log L   = -n log 2 pi - sum log |S_j + T| - sum r_j' W_j r_j
 *     2 log L_R = 2 log L + p log 2 pi + log |C| + log |sum X_j' X_j|
 *
 * The last term, which does not depend on T, makes the restricted likelihood comparable with that of other programs (Harville 1974, 10.1093/biomet/61.2.383).
 * Where a trial lacks coefficients W_j is the inverse of the part that it has, with rows and columns of zeros for the rest.
 */
import { choleskyInPlace, logDeterminantOfCholesky } from '../cholesky.js'
import { choleskySolveInPlace } from '../triangular-solve.js'
import { type MetaAnalysisProblem, observationCount } from './problem.js'

export interface LeastSquares {
  /** beta, `[term]` */
  readonly coefficients: Float64Array
  /** C, `[term, term]` */
  readonly covariance: Float64Array
  /** W_j, `[trial, coefficient, coefficient]` */
  readonly weights: Float64Array
  /** W_j X_j, `[trial, coefficient, term]` */
  readonly weightedDesign: Float64Array
  /** W_j (b_j - X_j beta), `[trial, coefficient]` */
  readonly weightedResiduals: Float64Array
  /** sum r_j' W_j r_j */
  readonly residualSum: number
  readonly logLikelihood: number
  readonly restrictedLogLikelihood: number
}

/** @returns undefined when some S_j + T or the normal equations are singular. */
export function leastSquares(problem: MetaAnalysisProblem, between: Float64Array): LeastSquares | undefined {
  const { size, terms, trials } = problem
  const width = terms.length
  const weights = new Float64Array(trials.length * size * size)
  const weightedDesign = new Float64Array(trials.length * size * width)
  let logDeterminant = 0
  for (let trial = 0; trial < trials.length; trial++) {
    const own = invertObserved(problem, trial, between, weights)
    if (own === undefined) return undefined
    logDeterminant += own
    multiply(weights, trial * size * size, trials[trial].design, weightedDesign, trial * size * width, size, width)
  }
  const information = new Float64Array(width * width)
  const crossProduct = new Float64Array(width * width)
  const coefficients = new Float64Array(width)
  trials.forEach(({ design, estimate, observed }, trial) => {
    for (const i of observed)
      for (let a = 0; a < width; a++) {
        const value = design[i * width + a]
        const weighted = weightedDesign[(trial * size + i) * width + a]
        coefficients[a] += weighted * estimate[i]
        if (value === 0) continue
        for (let b = 0; b < width; b++) {
          information[a * width + b] += value * weightedDesign[(trial * size + i) * width + b]
          crossProduct[a * width + b] += value * design[i * width + b]
        }
      }
  })
  if (!choleskyInPlace(information, width) || !choleskyInPlace(crossProduct, width)) return undefined
  choleskySolveInPlace(information, coefficients, width)
  const residuals = weighResiduals(problem, coefficients, weights)
  const count = observationCount(problem)
  const logLikelihood = -0.5 * (count * Math.log(2 * Math.PI) + logDeterminant + residuals.sum)
  return {
    coefficients,
    covariance: inverseOfFactor(information, width),
    weights,
    weightedDesign,
    weightedResiduals: residuals.weighted,
    residualSum: residuals.sum,
    logLikelihood,
    restrictedLogLikelihood:
      logLikelihood +
      0.5 *
        (width * Math.log(2 * Math.PI) -
          logDeterminantOfCholesky(information, width) +
          logDeterminantOfCholesky(crossProduct, width)),
  }
}

/** Writes W_j and returns log |S_j + T| over what the trial has; undefined when that is singular. */
function invertObserved(
  { size, trials }: MetaAnalysisProblem,
  trial: number,
  between: Float64Array,
  weights: Float64Array,
): number | undefined {
  const { observed, covariance } = trials[trial]
  const count = observed.length
  const factor = new Float64Array(count * count)
  for (let row = 0; row < count; row++)
    for (let column = 0; column <= row; column++) {
      const at = observed[row] * size + observed[column]
      factor[row * count + column] = covariance[at] + between[at]
    }
  if (!choleskyInPlace(factor, count)) return undefined
  const inverse = inverseOfFactor(factor, count)
  for (let row = 0; row < count; row++)
    for (let column = 0; column < count; column++)
      weights[(trial * size + observed[row]) * size + observed[column]] = inverse[row * count + column]
  return logDeterminantOfCholesky(factor, count)
}

/** (L L')^-1 by way of L^-1, exactly symmetric; only the lower triangle of `factor` is read. */
export function inverseOfFactor(factor: Float64Array, size: number): Float64Array {
  const root = new Float64Array(size * size)
  for (let column = 0; column < size; column++) {
    root[column * size + column] = 1 / factor[column * size + column]
    for (let row = column + 1; row < size; row++) {
      let sum = 0
      for (let k = column; k < row; k++) sum -= factor[row * size + k] * root[k * size + column]
      root[row * size + column] = sum / factor[row * size + row]
    }
  }
  const inverse = new Float64Array(size * size)
  for (let row = 0; row < size; row++)
    for (let column = 0; column <= row; column++) {
      let sum = 0
      for (let k = row; k < size; k++) sum += root[k * size + row] * root[k * size + column]
      inverse[row * size + column] = inverse[column * size + row] = sum
    }
  return inverse
}

/** out = left * right with left `[size, size]` from `leftOffset` on and right `[size, width]`, which is mostly zeros. */
function multiply(
  left: Float64Array,
  leftOffset: number,
  right: Float64Array,
  out: Float64Array,
  outOffset: number,
  size: number,
  width: number,
): void {
  for (let inner = 0; inner < size; inner++)
    for (let column = 0; column < width; column++) {
      const value = right[inner * width + column]
      if (value === 0) continue
      for (let row = 0; row < size; row++) out[outOffset + row * width + column] += left[leftOffset + row * size + inner] * value
    }
}

function weighResiduals({ size, terms, trials }: MetaAnalysisProblem, coefficients: Float64Array, weights: Float64Array) {
  const width = terms.length
  const weighted = new Float64Array(trials.length * size)
  let sum = 0
  trials.forEach(({ observed, estimate, design }, trial) => {
    const residual = new Float64Array(size)
    for (const i of observed) {
      residual[i] = estimate[i]
      for (let a = 0; a < width; a++) residual[i] -= design[i * width + a] * coefficients[a]
    }
    for (const i of observed) {
      for (const k of observed) weighted[trial * size + i] += weights[(trial * size + i) * size + k] * residual[k]
      sum += residual[i] * weighted[trial * size + i]
    }
  })
  return { weighted, sum }
}

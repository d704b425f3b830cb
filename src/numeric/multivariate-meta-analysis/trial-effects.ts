/**
 * Best linear unbiased predictions of the trials' own coefficients theta_j = X_j beta + u_j, with K_j = T W_j:
 *
 *     prediction   X_j beta + K_j (b_j - X_j beta)
 *     covariance   (T - T W_j T) + (X_j - K_j X_j) C (X_j - K_j X_j)'
 *
 * for T as known (Henderson 1975, 10.2307/2529430). A coefficient that the trial lacks is predicted from those that it has.
 */
import { times } from './derivatives.js'
import type { LeastSquares } from './least-squares.js'
import type { MetaAnalysisProblem } from './problem.js'
import { floorEigenvalues } from './structure.js'

export interface TrialPrediction {
  /** `[coefficient]` */
  readonly estimate: Float64Array
  /** `[coefficient, coefficient]` */
  readonly covariance: Float64Array
  /** T - T W_j T, the part that is not due to beta, `[coefficient, coefficient]` */
  readonly conditionalCovariance: Float64Array
  /** X_j - K_j X_j: how the prediction moves with beta, `[coefficient, term]` */
  readonly sensitivity: Float64Array
}

export function predictTrial(
  problem: MetaAnalysisProblem,
  fit: LeastSquares,
  between: Float64Array,
  trial: number,
): TrialPrediction {
  const { size, terms, trials } = problem
  const width = terms.length
  const { design } = trials[trial]
  const weights = fit.weights.slice(trial * size * size, (trial + 1) * size * size)
  const gain = times(between, weights, size, size)
  const borrowed = times(gain, design, size, width)
  const sensitivity = design.map((value, at) => value - borrowed[at])
  const shrunk = times(gain, between, size, size)
  const conditionalCovariance = floorEigenvalues(
    symmetric(
      between.map((value, at) => value - shrunk[at]),
      size,
    ),
    size,
  )
  const shift = times(between, fit.weightedResiduals.slice(trial * size, (trial + 1) * size), size, 1)
  const estimate = timesVector(design, fit.coefficients, size, width).map((value, i) => value + shift[i])
  const own = sandwich(sensitivity, fit.covariance, size, width)
  return { estimate, covariance: conditionalCovariance.map((value, at) => value + own[at]), conditionalCovariance, sensitivity }
}

/** left `[size, width]` times vector `[width]` */
function timesVector(left: Float64Array, vector: Float64Array, size: number, width: number): Float64Array {
  return Float64Array.from({ length: size }, (_, row) => {
    let sum = 0
    for (let a = 0; a < width; a++) sum += left[row * width + a] * vector[a]
    return sum
  })
}

/** left `[size, width]` times middle `[width, width]` times left' */
export function sandwich(left: Float64Array, middle: Float64Array, size: number, width: number): Float64Array {
  const out = new Float64Array(size * size)
  for (let row = 0; row < size; row++) {
    const product = times(middle, left.slice(row * width, (row + 1) * width), width, 1)
    for (let column = 0; column <= row; column++) {
      let sum = 0
      for (let a = 0; a < width; a++) sum += left[column * width + a] * product[a]
      out[row * size + column] = out[column * size + row] = sum
    }
  }
  return out
}

function symmetric(matrix: Float64Array, size: number): Float64Array {
  return matrix.map((value, at) => (value + matrix[(at % size) * size + Math.floor(at / size)]) / 2)
}

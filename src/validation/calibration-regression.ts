/**
 * Calibration for benefit as a regression, observed benefit = intercept + slope x predicted benefit, by least squares of
 *
 *     y - m(x) = a + (t - e) (intercept + slope prediction(x)) + error,
 *
 * ideally 0 and 1; a slope below 1 says that predictions vary too much, as after overfitting. Standard errors are HC2 (MacKinnon and White 1985,
 * 10.1016/0304-4076(85)90158-7).
 */
import { ordinaryLeastSquares } from '../numeric/ordinary-least-squares.js'
import type { Estimate, HeldOutTrial } from './held-out-trial.js'

export interface CalibrationRegression {
  readonly intercept: Estimate
  readonly slope: Estimate
}

const WIDTH = 3
const undefinedEstimate: Estimate = { estimate: Number.NaN, standardError: Number.NaN }

/** NaN when predictions do not vary. @param predicted benefit, `[patient]` */
export function calibrationRegression({ residual, contrast }: HeldOutTrial, predicted: Float64Array): CalibrationRegression {
  const centre = predicted.reduce((sum, value) => sum + value, 0) / predicted.length
  const spread = Math.sqrt(predicted.reduce((sum, value) => sum + (value - centre) ** 2, 0) / predicted.length)
  if (!(spread > 1e-10 * Math.abs(centre))) return { intercept: undefinedEstimate, slope: undefinedEstimate }
  const design = new Float64Array(WIDTH * residual.length)
  residual.forEach((_, patient) => {
    const w = contrast[patient]
    design.set([1, w, (w * (predicted[patient] - centre)) / spread], WIDTH * patient)
  })
  const { coefficients, covariance, residualVariance } = ordinaryLeastSquares(design, residual)
  const inverse = covariance.map((value) => value / residualVariance)
  const robust = hc2(design, residual, coefficients, inverse)
  // Back from the standardised prediction: intercept = level - slope centre.
  const ratio = centre / spread
  const variance = robust[4] - 2 * ratio * robust[5] + ratio * ratio * robust[8]
  return {
    intercept: { estimate: coefficients[1] - ratio * coefficients[2], standardError: Math.sqrt(variance) },
    slope: { estimate: coefficients[2] / spread, standardError: Math.sqrt(robust[8]) / spread },
  }
}

function hc2(design: Float64Array, outcome: Float64Array, coefficients: Float64Array, inverse: Float64Array): Float64Array {
  const robust = new Float64Array(WIDTH * WIDTH)
  outcome.forEach((value, patient) => {
    const row = design.subarray(WIDTH * patient, WIDTH * (patient + 1))
    const influence = new Float64Array(WIDTH)
    let [error, leverage] = [value, 0]
    for (let i = 0; i < WIDTH; i++) {
      error -= row[i] * coefficients[i]
      for (let j = 0; j < WIDTH; j++) influence[i] += inverse[i * WIDTH + j] * row[j]
      leverage += influence[i] * row[i]
    }
    const weight = leverage < 1 ? (error * error) / (1 - leverage) : 0
    for (let i = 0; i < WIDTH; i++) for (let j = 0; j < WIDTH; j++) robust[i * WIDTH + j] += weight * influence[i] * influence[j]
  })
  return robust
}

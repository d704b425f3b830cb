/**
 * Calibration for benefit as a smooth curve: observed benefit around a predicted benefit g, by local linear regression in the form of the R-loss,
 *
 *     minimise over (a, b)   sum_i K{(prediction_i - g) / h} {y_i - m(x_i) - (t_i - e)(a + b (prediction_i - g))}^2,   observed(g) = a,
 *
 * K normal. And the distances of the curve from the predictions over patients: mean, median and 90th percentile (Eavg, E50 and E90 for benefit of Maas et al.
 * 2023, 10.1186/s12874-023-01974-w, who match pairs of patients where this uses the randomisation).
 */
import type { Estimate, HeldOutTrial } from './held-out-trial.js'

export interface CalibrationPoint {
  readonly predicted: number
  readonly observed: Estimate
}

export interface CalibrationCurve {
  /** Between the 2nd and the 98th percentile of the predictions; empty when they do not vary. */
  readonly points: readonly CalibrationPoint[]
  /** Distances of the curve from the predictions, NaN when there is no curve. */
  readonly distances: { readonly mean: number; readonly median: number; readonly ninetieth: number }
}

const POINTS = 25
const TAIL = 0.02
/** Bandwidth in standard deviations of the prediction at n = 1, shrinking with n^(-1/5); twice the rule for densities, since effects are noisy. Arbitrary. */
const BANDWIDTH = 2.1

/** @param predicted benefit, `[patient]` */
export function calibrationCurve(trial: Pick<HeldOutTrial, 'residual' | 'contrast'>, predicted: Float64Array): CalibrationCurve {
  const size = predicted.length
  const sorted = predicted.slice().sort()
  const mean = predicted.reduce((sum, value) => sum + value, 0) / size
  const sd = Math.sqrt(predicted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (size - 1))
  const at = (share: number) => sorted[Math.round(share * (size - 1))]
  const [low, high] = [at(TAIL), at(1 - TAIL)]
  if (!(sd > 1e-10 * Math.abs(mean) && high > low))
    return { points: [], distances: { mean: Number.NaN, median: Number.NaN, ninetieth: Number.NaN } }
  const bandwidth = BANDWIDTH * sd * size ** -0.2
  const points = Array.from({ length: POINTS }, (_, index) => {
    const value = low + ((high - low) * index) / (POINTS - 1)
    return { predicted: value, observed: localLevel(trial, predicted, value, bandwidth) }
  })
  const distances = sorted.map((value) => Math.abs(interpolate(points, value) - value)).sort()
  return {
    points,
    distances: {
      mean: distances.reduce((sum, value) => sum + value, 0) / size,
      median: distances[Math.round(0.5 * (size - 1))],
      ninetieth: distances[Math.round(0.9 * (size - 1))],
    },
  }
}

function localLevel(
  { residual, contrast }: Pick<HeldOutTrial, 'residual' | 'contrast'>,
  predicted: Float64Array,
  centre: number,
  bandwidth: number,
): Estimate {
  let [s0, s1, s2, b0, b1] = [0, 0, 0, 0, 0]
  const kernel = predicted.map((value) => Math.exp(-0.5 * ((value - centre) / bandwidth) ** 2))
  const scaled = predicted.map((value) => (value - centre) / bandwidth)
  kernel.forEach((weight, patient) => {
    const [w, d] = [contrast[patient], scaled[patient]]
    const [square, product] = [weight * w * w, weight * w * residual[patient]]
    s0 += square
    s1 += square * d
    s2 += square * d * d
    b0 += product
    b1 += product * d
  })
  const determinant = s0 * s2 - s1 * s1
  const level = (s2 * b0 - s1 * b1) / determinant
  const slope = (s0 * b1 - s1 * b0) / determinant
  let variance = 0
  kernel.forEach((weight, patient) => {
    const [w, d] = [contrast[patient], scaled[patient]]
    const error = residual[patient] - w * (level + slope * d)
    variance += ((weight * w * error * (s2 - s1 * d)) / determinant) ** 2
  })
  return { estimate: level, standardError: Math.sqrt(variance) }
}

/** Level at the ends outside. */
function interpolate(points: readonly CalibrationPoint[], value: number): number {
  const step = points[1].predicted - points[0].predicted
  const place = Math.min(points.length - 1, Math.max(0, (value - points[0].predicted) / step))
  const index = Math.min(points.length - 2, Math.floor(place))
  const [from, to] = [points[index].observed.estimate, points[index + 1].observed.estimate]
  return from + (place - index) * (to - from)
}

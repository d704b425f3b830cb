import { denseMetric, diagonalMetric, type Metric } from './metric.js'
import type { Moments } from './moments.js'

/**
 * The metric of Stan: sample (co)variances of the draws (denominator n - 1), shrunk towards 10^-3 as if by five more observations (its constants
 * are arbitrary):
 *
 *     M^-1 = n/(n + 5) covariance + 10^-3 5/(n + 5) I
 *
 * @returns undefined with fewer than two draws, or when the estimate is not finite or not positive definite
 */
export function covarianceMetric({ kind, count, deviation, mean }: Moments): Metric | undefined {
  if (count < 2) return undefined
  const dimension = mean.length
  const weight = count / (count + 5) / (count - 1)
  const floor = 1e-3 * (5 / (count + 5))
  const estimate = deviation.map((sum) => weight * sum)
  const stride = kind === 'diagonal' ? 1 : dimension + 1
  for (let i = 0; i < dimension; i++) estimate[i * stride] += floor
  if (!estimate.every(Number.isFinite)) return undefined
  return kind === 'diagonal' ? diagonalMetric(estimate) : denseMetric(estimate, dimension)
}

/** The same with the variances alone, whatever the moments hold. */
export function varianceMetric(moments: Moments): Metric | undefined {
  const { kind, count, deviation, mean } = moments
  if (kind === 'diagonal') return covarianceMetric(moments)
  const squares = mean.map((_, i) => deviation[i * (mean.length + 1)])
  return covarianceMetric({ kind: 'diagonal', count, mean, deviation: squares })
}

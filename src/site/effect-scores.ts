/**
 * How well predicted effects do in a trial that took no part in making them, as sums over its patients. With e the share treated, w = t - e, r the residual of the
 * outcome from least squares on the prognostic columns with the patient left out, and tau the predicted effect,
 *
 *     R-loss(tau) = mean of (r - w tau)^2,
 *
 * whose expectation is least for the true effects (Nie and Wager 2021, 10.1093/biomet/asaa076; e is known by randomisation). The sums allow
 * the loss of tau, of any constant effect, and the standard error of their difference. Analysis scale.
 */
import { z } from 'zod'
import type { TrialDesign } from '../contract/trial.js'
import { DataError } from '../errors/data-error.js'
import { ordinaryLeastSquares } from '../numeric/ordinary-least-squares.js'

/** What is summed, in order. */
export const scoreTerms = ['rr', 'rw', 'ww', 'rw_tau', 'ww_tau', 'ww_tau_tau'] as const

export const scoreFormat = 'poolite-score-1'

export const siteScoreSchema = z.strictObject({
  format: z.literal(scoreFormat),
  protocolHash: z.string(),
  study: z.string(),
  /** SHA-256 of the pooled draws that were scored. */
  pooledHash: z.string(),
  patientCount: z.int().positive(),
  terms: z.array(z.enum(scoreTerms)).length(scoreTerms.length),
  /** Means over patients, `[term]`. */
  mean: z.array(z.number()).length(scoreTerms.length),
  /** Covariances between patients, `[term, term]`. */
  covariance: z.array(z.number()).length(scoreTerms.length ** 2),
})
export type SiteScore = z.infer<typeof siteScoreSchema>

/** @param effects tau, analysis scale, `[patient]` */
export function effectScores(
  trial: TrialDesign,
  effects: Float64Array,
): Pick<SiteScore, 'patientCount' | 'terms' | 'mean' | 'covariance'> {
  const count = trial.outcome.length
  const share = trial.treatment.reduce((sum, arm) => sum + arm, 0) / count
  const residuals = leftOutResiduals(trial)
  const rows = Array.from(residuals, (r, patient) => {
    const [w, tau] = [trial.treatment[patient] - share, effects[patient]]
    return [r * r, r * w, w * w, r * w * tau, w * w * tau, w * w * tau * tau]
  })
  const mean = scoreTerms.map((_, term) => rows.reduce((sum, row) => sum + row[term] / count, 0))
  const covariance = scoreTerms.flatMap((_, i) =>
    scoreTerms.map((__, j) => rows.reduce((sum, row) => sum + ((row[i] - mean[i]) * (row[j] - mean[j])) / (count - 1), 0)),
  )
  return { patientCount: count, terms: [...scoreTerms], mean, covariance }
}

/** e_i / (1 - h_i) of least squares on an intercept and the prognostic columns. */
function leftOutResiduals({ study, columns, covariates, outcome }: TrialDesign): Float64Array {
  const prognostic = columns.flatMap((column, index) => (column.isPrognostic ? [index] : []))
  const width = prognostic.length + 1
  const row = (patient: number) => [1, ...prognostic.map((column) => covariates[patient * columns.length + column])]
  const design = Float64Array.from(Array.from(outcome, (_, patient) => row(patient)).flat())
  const { coefficients, covariance, residualVariance, rank } = ordinaryLeastSquares(design, outcome)
  if (rank < width || !(residualVariance > 0))
    throw new DataError({
      problem: `the outcomes of trial "${study}" cannot be predicted from its covariates`,
      reason: 'a covariate does not vary, or the outcomes follow from the covariates',
      remedy: 'Leave the trial out of the scores.',
    })
  return outcome.map((value, patient) => {
    const own = design.subarray(patient * width, (patient + 1) * width)
    let [fitted, leverage] = [0, 0]
    for (let i = 0; i < width; i++) {
      fitted += own[i] * coefficients[i]
      for (let j = 0; j < width; j++) leverage += (own[i] * own[j] * covariance[i * width + j]) / residualVariance
    }
    return (value - fitted) / (1 - leverage)
  })
}

/** R-loss of the scored effects and of a constant effect, with the difference and its standard error; analysis scale squared. */
export function lossFromScores({ mean, covariance, patientCount }: SiteScore, constant: number) {
  const [rr, rw, ww, rwTau, , wwTauTau] = mean
  const loss = rr - 2 * rwTau + wwTauTau
  const constantLoss = rr - 2 * constant * rw + constant * constant * ww
  // Constant minus tau, as weights of the terms.
  const weights = [0, -2 * constant, constant * constant, 2, 0, -1]
  let variance = 0
  weights.forEach((left, i) => {
    weights.forEach((right, j) => {
      variance += left * right * covariance[i * weights.length + j]
    })
  })
  return { loss, constantLoss, gain: constantLoss - loss, gainError: Math.sqrt(Math.max(0, variance) / patientCount) }
}

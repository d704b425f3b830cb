import type { TrialDesign } from '../contract/trial.js'
import { trialRegression, trialRegressionDesign } from '../numeric/trial-regression.js'
import type { SiteArtefact } from './site-artefact.js'

/** Least squares with all interactions as a site reports it; nothing where the design is singular or leaves no degree of freedom. */
export function siteRegression(trial: TrialDesign): SiteArtefact['leastSquares'] {
  const { coefficientCount: width, treatmentIndex } = trialRegressionDesign(trial)
  const { coefficients, covariance, residualVariance, rank, degreesOfFreedom } = trialRegression(trial)
  if (rank < width || degreesOfFreedom < 1 || !(residualVariance > 0)) return undefined
  const size = width - treatmentIndex
  const effects = Array.from({ length: size }, (_, index) => treatmentIndex + index)
  const slopes = Array.from({ length: treatmentIndex - 1 }, (_, index) => 1 + index)
  return {
    estimate: effects.map((index) => coefficients[index]),
    covariance: effects.flatMap((row) => effects.map((column) => covariance[row * width + column])),
    prognostic: {
      names: trial.columns.filter(({ isPrognostic }) => isPrognostic).map(({ name }) => name),
      estimate: slopes.map((index) => coefficients[index]),
      error: slopes.map((index) => Math.sqrt(covariance[index * (width + 1)])),
    },
    residualDeviation: Math.sqrt(residualVariance),
  }
}

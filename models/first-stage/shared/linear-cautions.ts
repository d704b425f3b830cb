/** What a reader should know of one trial before believing its linear regression: where the prior decides, and where a few patients do. */
import type { TrialDesign } from '../../../src/contract/trial.js'
import { exactNormalRegression } from '../../../src/numeric/exact-normal-regression.js'
import { ordinaryLeastSquares } from '../../../src/numeric/ordinary-least-squares.js'
import { treatmentCoefficientNames, trialRegressionDesign } from '../../../src/numeric/trial-regression.js'
import { chosenPrior } from '../../coefficient-priors.js'
import type { LinearOptions } from './linear-options.js'

export function linearCautions(trial: TrialDesign, options: LinearOptions): string[] {
  return [
    ...priorCautions(trial, options),
    ...rareCautions(trial),
    ...(options.errors.family === 'normal' ? outlierCautions(trial) : []),
  ].map((text) => `Trial "${trial.study}": ${text}`)
}

/** The posterior standard deviation is at least so much of the prior one where a coefficient is called the prior's. Arbitrary. */
const PRIOR_SHARE = 0.9

/** For priors whose scale is learnt, what it is at most likely to be: 1 reference standard deviation. */
function priorCautions(trial: TrialDesign, options: LinearOptions): string[] {
  const { prior, options: priorOptions } = chosenPrior(options.prior)
  const form = prior.exactForm?.(priorOptions)
  if (form?.kind === 'flat') return []
  const { values: design, coefficientCount, treatmentIndex } = trialRegressionDesign(trial)
  const { scales, residual, appliesTo } = options
  const shrunken = form?.kind === 'mixture' ? form.slabScale : (form?.scale ?? 1)
  const priorScale = Float64Array.from({ length: coefficientCount }, (_, index) => {
    if (index === 0) return scales.intercept
    if (index === treatmentIndex) return scales.treatment
    return index > treatmentIndex || appliesTo === 'covariates' ? shrunken : scales.prognostic
  })
  const { residualVariance } = ordinaryLeastSquares(design, trial.outcome)
  const sigma = residualVariance > 0 ? Math.sqrt(residualVariance) : residual.scale
  const { covariance } = exactNormalRegression({ design, outcome: trial.outcome, priorScale, sigma })
  const names = treatmentCoefficientNames(trial).filter((_, k) => {
    const index = treatmentIndex + k
    return Math.sqrt(covariance[index * coefficientCount + index]) > PRIOR_SHARE * priorScale[index]
  })
  if (names.length === 0) return []
  return [
    `the data say next to nothing about ${names.join(', ')}. What the trial's posterior says there is its prior (${prior.describe(priorOptions)}), which pulls the effect towards 0. Compare a second prior, or leave the covariate or the trial out.`,
  ]
}

/** Patients of one arm with a level, up to which an interaction rests on their outcomes alone. Arbitrary. */
const FEW_PATIENTS = 2

function rareCautions({ columns, covariates, treatment }: TrialDesign): string[] {
  return columns.flatMap(({ name, isModifier }, index) => {
    const values = Float64Array.from(treatment, (_, patient) => covariates[patient * columns.length + index])
    const levels = [...new Set(values)]
    if (!isModifier || levels.length !== 2) return []
    const counts = levels.flatMap((level) =>
      [0, 1].map((arm) => ({
        arm,
        count: values.filter((value, patient) => value === level && treatment[patient] === arm).length,
      })),
    )
    const rarest = counts.reduce((least, one) => (one.count < least.count ? one : least))
    if (rarest.count > FEW_PATIENTS || treatment.length <= 4 * FEW_PATIENTS) return []
    const whose = `${rarest.count === 0 ? 'no patient' : rarest.count === 1 ? 'only one patient' : `only ${rarest.count} patients`}`
    return [
      `${whose} of the ${rarest.arm === 1 ? 'treated' : 'control'} arm ${rarest.count > 1 ? 'have' : 'has'} one of the two values of ${name}, so that treatment:${name} rests on ${rarest.count === 0 ? 'the prior' : 'their outcomes'}. Use a prior that shrinks interactions, or leave it out.`,
    ]
  })
}

/** Residuals beyond so many robust standard deviations (1.4826 times the median absolute one): 1e-9 of normal errors. */
const OUTLYING = 6
const ROBUST_SCALE = 1.4826
/** Residuals of fits with fewer patients per coefficient say little about errors. */
const PATIENTS_PER_COEFFICIENT = 3

function outlierCautions(trial: TrialDesign): string[] {
  const { values: design, coefficientCount: size } = trialRegressionDesign(trial)
  const { coefficients, rank } = ordinaryLeastSquares(design, trial.outcome)
  if (rank < size || trial.outcome.length < PATIENTS_PER_COEFFICIENT * size) return []
  const residuals = trial.outcome.map((value, row) => {
    let rest = value
    for (let k = 0; k < size; k++) rest -= design[row * size + k] * coefficients[k]
    return Math.abs(rest)
  })
  const scale = ROBUST_SCALE * residuals.toSorted()[Math.floor(residuals.length / 2)]
  const outlying = [...residuals.keys()].filter((row) => residuals[row] > OUTLYING * scale)
  if (outlying.length === 0 || scale === 0) return []
  const [first, ...others] = outlying.sort((left, right) => residuals[right] - residuals[left])
  const rest = others.length > 0 ? ` and ${others.length} more` : ''
  return [
    `the outcome of patient ${trial.patientIds[first]}${rest} is ${(residuals[first] / scale).toPrecision(2)} robust standard deviations from the regression. Check it; errors: { family: student-t } keeps such outcomes from deciding the fit.`,
  ]
}

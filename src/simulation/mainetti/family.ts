/**
 * The simulation design of Mainetti, Chalkou, Philipona, Schwarzer, Salanti and Efthimiou 2026 (Research Square rs-9422615), as documented by
 * the authors' public scripts. Patient i of trial j, with residual and intercept variances 0.5 and between-trial variance tau^2:
 *
 *     y = 2 + a_j + beta'x + t (2 + h_j + gamma'x + kappa q(x)) + e,   a_j ~ N(0, 0.5),  h_j ~ N(0, tau^2),  e ~ N(0, 0.5),  t ~ Bernoulli(0.5)
 *
 * Ten training trials; three new trials of 1000 patients to test on. `simulateMainetti` can depart from the design in one thing at a time, for the families
 * in `variations.ts`; without departures every number is that of the design.
 */
import type { Stream } from '../../contract/stream.js'
import { drawBernoulli } from '../../random/bernoulli.js'
import { drawNormal } from '../../random/normal.js'
import { standardNormal } from '../../random/standard-normal.js'
import { drawStudentT } from '../../random/student-t.js'
import type { ScenarioFamily, SimulatedData, SimulatedTrial } from '../scenario-family.js'
import { covariateNames, drawCovariates, drawCutOffs } from './covariates.js'
import { COVARIATE_COUNT, meanEffect, prognosis } from './effect.js'
import { type MainettiFactors, mainettiScenarios } from './scenarios.js'

const TRAINING_TRIALS = 10
const TEST_TRIALS = 3
const TEST_PATIENTS = 1000
const SIZE_BOUNDS = { small: [50, 200], large: [300, 600] }
const TRIAL_INTERCEPT_SCALE = Math.sqrt(0.5)
export const RESIDUAL_SCALE = Math.sqrt(0.5)

/** Departures from the design. */
export interface Departures {
  readonly trialCount?: number
  /** Standard deviation between trials of every coefficient of effect modification. */
  readonly modificationScale?: number
  readonly residualScale?: number
  /** The residual standard deviation of each trial is multiplied by a factor whose logarithm is uniform between minus and plus this. */
  readonly residualSpread?: number
  /** Student-t residuals with that many degrees of freedom, of the same variance. */
  readonly degreesOfFreedom?: number
}

export const mainettiFamily: ScenarioFamily<MainettiFactors> = {
  name: 'mainetti',
  summary: 'Mainetti et al. 2026: 10 trials, 8 covariates, linear or complex effect modification, 16 scenarios',
  scenarios: mainettiScenarios,
  simulate: (stream, { factors }) => simulateMainetti(stream, factors),
}

export function simulateMainetti(stream: Stream, factors: MainettiFactors, departures: Departures = {}): SimulatedData {
  const { trialCount = TRAINING_TRIALS } = departures
  const cutOffs = drawCutOffs(stream)
  const trials = (count: number, prefix: string, size: () => number) =>
    Array.from({ length: count }, (_, index) =>
      simulateTrial(stream, `${prefix}${index + 1}`, size(), cutOffs, factors, departures),
    )
  return {
    covariateNames,
    trainingTrials: trials(trialCount, 'trial-', () => drawTrialSize(stream, factors)),
    testTrials: trials(TEST_TRIALS, 'test-', () => TEST_PATIENTS),
  }
}

/** Uniform between the bounds, rounded to whole patients. */
function drawTrialSize(stream: Stream, { trialSize }: MainettiFactors): number {
  const [least, most] = SIZE_BOUNDS[trialSize]
  return Math.round(least + (most - least) * stream.uniform())
}

function simulateTrial(
  stream: Stream,
  study: string,
  patientCount: number,
  cutOffs: Float64Array,
  factors: MainettiFactors,
  departures: Departures,
): SimulatedTrial {
  const trialIntercept = drawNormal(stream, 0, TRIAL_INTERCEPT_SCALE)
  const trialEffect = drawNormal(stream, 0, Math.sqrt(factors.heterogeneity))
  const deviations = drawDeviations(stream, departures)
  const drawResidual = residualSampler(stream, departures)
  const covariates = new Float64Array(patientCount * COVARIATE_COUNT)
  const vector = () => new Float64Array(patientCount)
  const [treatment, outcome, average, treatmentEffect] = [vector(), vector(), vector(), vector()]
  for (let patient = 0; patient < patientCount; patient++) {
    const start = patient * COVARIATE_COUNT
    drawCovariates(stream, cutOffs, covariates, start)
    const x = covariates.subarray(start, start + COVARIATE_COUNT)
    treatment[patient] = drawBernoulli(stream, 0.5)
    average[patient] = meanEffect(x, factors)
    treatmentEffect[patient] = average[patient] + trialEffect
    deviations?.forEach((deviation, index) => {
      treatmentEffect[patient] += deviation * x[index]
    })
    const mean = prognosis(x) + trialIntercept + treatment[patient] * treatmentEffect[patient]
    outcome[patient] = drawResidual(mean)
  }
  return { study, covariates, treatment, outcome, meanEffect: average, treatmentEffect }
}

/** Of a trial's coefficients of effect modification from the average ones. */
function drawDeviations(stream: Stream, { modificationScale = 0 }: Departures): Float64Array | undefined {
  if (modificationScale === 0) return undefined
  return Float64Array.from({ length: COVARIATE_COUNT }, () => modificationScale * standardNormal(stream))
}

/** @returns outcomes around a mean, with the residual distribution of one trial */
function residualSampler(
  stream: Stream,
  { residualScale = RESIDUAL_SCALE, residualSpread = 0, degreesOfFreedom }: Departures,
): (mean: number) => number {
  const scale = residualSpread === 0 ? residualScale : residualScale * Math.exp(residualSpread * (2 * stream.uniform() - 1))
  if (degreesOfFreedom === undefined) return (mean) => drawNormal(stream, mean, scale)
  const unit = Math.sqrt((degreesOfFreedom - 2) / degreesOfFreedom)
  return (mean) => drawStudentT(stream, degreesOfFreedom, mean, scale * unit)
}

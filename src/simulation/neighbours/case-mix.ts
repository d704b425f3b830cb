/**
 * Families C and D, trials whose patients differ. Trial j of 150 to 300 patients (rounded uniform):
 *
 *     x = m_j + u,  u autoregressive with correlation 0.2,  m_jk ~ U(-1, 1)
 *     y = a_j + b'x + t (1 + phi m_j1 + h_j + c'x) + e,   a_j ~ U(0.5, 1.5),  b_k ~ N(0.3, 0.1^2),  c_k ~ N(0.15, 0.1^2),  h_j ~ N(0, 0.5^2),  e ~ N(0, 1)
 *
 * after the generator of missing data of the R package bipd 0.3; b and c are drawn once for a data set. With phi not 0 the effect is associated with the mean of x1 across
 * trials otherwise than with x1 within them: what confounds meta-regression must not reach a two-stage analysis. In the average setting the effect is 1 + c'x.
 */
import type { Stream } from '../../contract/stream.js'
import { drawNormal } from '../../random/normal.js'
import type { ScenarioFamily, SimulatedData, SimulatedTrial } from '../scenario-family.js'
import { fillAutoregressive } from './autoregressive.js'
import { simulateLinearTrial } from './linear-trial.js'

export interface CaseMixFactors {
  readonly trialCount: number
  readonly covariateCount: number
  /** Change of the trial's effect for one unit of the trial's mean of x1. */
  readonly phi: number
}

const CORRELATION = 0.2
const SIZE_BOUNDS = [150, 300]
const TEST_TRIALS = 3
const TEST_PATIENTS = 1000

/** C */
export const caseMixFamily: ScenarioFamily<CaseMixFactors> = {
  name: 'case-mix',
  summary: 'trials differ in their patients, and the effect goes with the mean of x1 across trials otherwise than within them',
  scenarios: [0, -0.5, 0.5].map((phi) => ({ id: `phi-${phi}`, factors: { trialCount: 10, covariateCount: 5, phi } })),
  simulate: (stream, { factors }) => simulateCaseMix(stream, factors),
}

export interface MissingFactors extends CaseMixFactors {
  /** Of a covariate, from the third on, in each trial. */
  readonly missingProbability: number
}

/** D */
export const missingCovariateFamily: ScenarioFamily<MissingFactors> = {
  name: 'missing-covariate',
  summary: 'each covariate from the third on was not measured in a trial with probability 0.1 or 0.3',
  scenarios: [0.1, 0.3].flatMap((missingProbability) =>
    [5, 10].flatMap((covariateCount) =>
      [2, 3, 5, 10].map((trialCount) => ({
        id: `${trialCount}-trials-${covariateCount}-covariates-${missingProbability}`,
        factors: { trialCount, covariateCount, phi: 0, missingProbability },
      })),
    ),
  ),
  simulate(stream, { factors }) {
    const data = simulateCaseMix(stream, factors)
    const dropped = (trial: SimulatedTrial): SimulatedTrial => ({
      ...trial,
      unmeasured: data.covariateNames.flatMap((_, k) => (k >= 2 && stream.uniform() < factors.missingProbability ? [k] : [])),
    })
    return { ...data, trainingTrials: data.trainingTrials.map(dropped) }
  },
}

export function simulateCaseMix(stream: Stream, { trialCount, covariateCount, phi }: CaseMixFactors): SimulatedData {
  const coefficients = (mean: number) => Float64Array.from({ length: covariateCount }, () => drawNormal(stream, mean, 0.1))
  const slopes = coefficients(0.3)
  const modification = coefficients(0.15)
  const trial = (study: string, patientCount: number) => {
    const means = Float64Array.from({ length: covariateCount }, () => 2 * stream.uniform() - 1)
    const covariates = new Float64Array(patientCount * covariateCount)
    for (let start = 0; start < covariates.length; start += covariateCount) {
      const x = fillAutoregressive(stream, CORRELATION, covariates.subarray(start, start + covariateCount))
      for (let k = 0; k < covariateCount; k++) x[k] += means[k]
    }
    return simulateLinearTrial(stream, {
      study,
      covariates,
      intercept: 0.5 + stream.uniform(),
      slopes,
      effect: drawNormal(stream, 1 + phi * means[0], 0.5),
      averageEffect: 1,
      modification,
      averageModification: modification,
      residualScale: 1,
    })
  }
  const [least, most] = SIZE_BOUNDS
  const drawSize = () => Math.round(least + (most - least) * stream.uniform())
  return {
    covariateNames: Array.from({ length: covariateCount }, (_, index) => `x${index + 1}`),
    trainingTrials: Array.from({ length: trialCount }, (_, index) => trial(`trial-${index + 1}`, drawSize())),
    testTrials: Array.from({ length: TEST_TRIALS }, (_, index) => trial(`test-${index + 1}`, TEST_PATIENTS)),
  }
}

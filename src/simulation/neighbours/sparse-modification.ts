/**
 * Family B, sparse effect modification: the scenarios with a continuous outcome of Seo et al. 2021 (10.1002/sim.8859), C1 to C36. Trial j:
 *
 *     y = a_j + b_j'x + t (d_j + c_j'x) + e,   a_j ~ U(-1, 1),  b_jk ~ N(0.2, 0.2^2),  d_j ~ N(1, tau^2) or 1 + U(-2 tau, 2 tau),
 *     c_jk ~ N(gamma_k, 0.3^2) for modifiers and 0 otherwise,  e ~ N(0, 0.5^2)
 *
 * Continuous covariates come first and are autoregressive with correlation 0.3, binary ones follow with probability 0.5; all are standardised over the patients of the training
 * trials. The authors judge by the patients who were analysed; here three new trials of 1000 take their place, alike in distribution.
 */
import type { Stream } from '../../contract/stream.js'
import { drawBernoulli } from '../../random/bernoulli.js'
import { drawNormal } from '../../random/normal.js'
import type { Scenario, ScenarioFamily, SimulatedData } from '../scenario-family.js'
import { fillAutoregressive } from './autoregressive.js'
import { simulateLinearTrial } from './linear-trial.js'

export interface SparseFactors {
  /** Between-trial standard deviation of the treatment effect. */
  readonly tau: number
  readonly trialCount: number
  readonly continuousCount: number
  readonly binaryCount: number
  /** gamma by the number of the covariate, from 1. */
  readonly modifiers: Readonly<Record<number, number>>
  readonly randomEffect: 'normal' | 'uniform'
  readonly sizeBounds: readonly [number, number]
}

const CORRELATION = 0.3
const SLOPE_SCALE = 0.2
const MODIFIER_SCALE = 0.3
const RESIDUAL_SCALE = 0.5
const TEST_TRIALS = 3
const TEST_PATIENTS = 1000

const ten = { continuousCount: 6, binaryCount: 4 }
const fifteen = { continuousCount: 9, binaryCount: 6 }
const usual = { randomEffect: 'normal', sizeBounds: [50, 100] } as const
const allTen = Object.fromEntries(Array.from({ length: 10 }, (_, index) => [index + 1, 0.1]))

/** Without trial count and tau; C1 to C14 have 5 trials and C15 to C28 the same with 10. */
const forms: readonly Omit<SparseFactors, 'tau' | 'trialCount'>[] = [
  { ...usual, ...ten, modifiers: {} },
  { ...usual, ...ten, modifiers: { 5: 0.1 } },
  { ...usual, ...ten, modifiers: { 5: 0.5 } },
  { ...usual, ...fifteen, modifiers: { 6: 0.1, 7: 0.1 } },
  { ...usual, ...fifteen, modifiers: { 6: 0.5, 7: 0.4 } },
  { ...usual, ...fifteen, modifiers: { 5: 0.1, 6: 0.1, 7: 0.1 } },
  { ...usual, ...fifteen, modifiers: { 5: 0.5, 6: 0.5, 7: 0.4 } },
]
const others: readonly Omit<SparseFactors, 'tau' | 'trialCount'>[] = [
  { ...usual, continuousCount: 5, binaryCount: 5, modifiers: allTen },
  { ...usual, ...ten, modifiers: { 5: 0.5 }, randomEffect: 'uniform' },
  { ...usual, ...ten, modifiers: { 5: 0.5 }, sizeBounds: [50, 500] },
  { ...usual, continuousCount: 16, binaryCount: 14, modifiers: { 15: 0.5 } },
]

/** In the authors' order: odd numbers have tau 0.2, even ones 0.5. */
const scenarios: readonly Scenario<SparseFactors>[] = [
  ...[5, 10].flatMap((trialCount) => forms.map((form) => ({ ...form, trialCount }))),
  ...others.map((form) => ({ ...form, trialCount: 5 })),
]
  .flatMap((form) => [0.2, 0.5].map((tau) => ({ ...form, tau })))
  .map((factors, index) => ({ id: `C${index + 1}`, factors }))

export const sparseModificationFamily: ScenarioFamily<SparseFactors> = {
  name: 'sparse-modification',
  summary: 'Seo et al. 2021: 10 to 30 covariates of which none, few or all modify the effect a little, 36 scenarios',
  scenarios,
  simulate: (stream, { factors }) => simulate(stream, factors),
}

function simulate(stream: Stream, factors: SparseFactors): SimulatedData {
  const size = factors.continuousCount + factors.binaryCount
  const [least, most] = factors.sizeBounds
  const training = Array.from({ length: factors.trialCount }, () =>
    drawCovariates(stream, factors, least + Math.floor((most - least + 1) * stream.uniform())),
  )
  const standardise = standardiser(training, size)
  const trial = (study: string, raw: Float64Array) => {
    const average = Float64Array.from({ length: size }, (_, k) => factors.modifiers[k + 1] ?? 0)
    return simulateLinearTrial(stream, {
      study,
      covariates: standardise(raw),
      intercept: 2 * stream.uniform() - 1,
      slopes: Float64Array.from({ length: size }, () => drawNormal(stream, SLOPE_SCALE, SLOPE_SCALE)),
      effect: drawTrialEffect(stream, factors),
      averageEffect: 1,
      modification: average.map((gamma) => (gamma === 0 ? 0 : drawNormal(stream, gamma, MODIFIER_SCALE))),
      averageModification: average,
      residualScale: RESIDUAL_SCALE,
    })
  }
  return {
    covariateNames: Array.from({ length: size }, (_, index) => `x${index + 1}`),
    trainingTrials: training.map((raw, index) => trial(`trial-${index + 1}`, raw)),
    testTrials: Array.from({ length: TEST_TRIALS }, (_, index) =>
      trial(`test-${index + 1}`, drawCovariates(stream, factors, TEST_PATIENTS)),
    ),
  }
}

function drawTrialEffect(stream: Stream, { tau, randomEffect }: SparseFactors): number {
  return randomEffect === 'normal' ? drawNormal(stream, 1, tau) : 1 + 2 * tau * (2 * stream.uniform() - 1)
}

/** Not standardised yet, `[patient, covariate]`. */
function drawCovariates(stream: Stream, { continuousCount, binaryCount }: SparseFactors, patientCount: number): Float64Array {
  const size = continuousCount + binaryCount
  const out = new Float64Array(patientCount * size)
  for (let start = 0; start < out.length; start += size) {
    fillAutoregressive(stream, CORRELATION, out.subarray(start, start + continuousCount))
    for (let k = continuousCount; k < size; k++) out[start + k] = drawBernoulli(stream, 0.5)
  }
  return out
}

/** Mean 0 and standard deviation 1 over all patients of these trials. */
function standardiser(trials: readonly Float64Array[], size: number): (raw: Float64Array) => Float64Array {
  const moments = Array.from({ length: size }, (_, k) => {
    const values = trials.flatMap((rows) => Array.from(rows.filter((__, index) => index % size === k)))
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
    return { mean, scale: Math.sqrt(squares / (values.length - 1)) }
  })
  return (raw) => raw.map((value, index) => (value - moments[index % size].mean) / moments[index % size].scale)
}

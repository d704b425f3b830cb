/**
 * Families that depart from the design of Mainetti et al. 2026 in one thing each: number of trials (E), effect modification that differs between trials (F),
 * realistic noise (G), unequal variances and heavy tails (H), no effect modification (I), one aberrant trial (J). The others of their factors are those of the design.
 */
import type { Scenario, ScenarioFamily, SimulatedData, SimulatedTrial } from '../scenario-family.js'
import { type Departures, simulateMainetti } from './family.js'
import type { MainettiFactors } from './scenarios.js'

const interactions = ['linear', 'complex'] as const
const sizes = ['small', 'large'] as const
const heterogeneities = [0.2, 0.5]

/** Every combination, the first factor changing fastest. */
function cross<First, Second>(first: readonly First[], second: readonly Second[]): (readonly [First, Second])[] {
  return second.flatMap((two) => first.map((one) => [one, two] as const))
}

const usual: MainettiFactors = { heterogeneity: 0.2, modification: 'small', trialSize: 'small', interactions: 'linear' }

export interface TrialCountFactors extends MainettiFactors {
  readonly trialCount: number
}

/** E */
export const trialCountFamily: ScenarioFamily<TrialCountFactors> = {
  name: 'trial-count',
  summary: 'few or many trials: 3, 5, 10 and 20 small trials, linear or complex, between-trial variance 0.2 or 0.5',
  scenarios: cross(cross([3, 5, 10, 20], heterogeneities), interactions).map(([[trialCount, heterogeneity], form]) => ({
    id: `${form}-${trialCount}-trials-${heterogeneity}`,
    factors: { ...usual, interactions: form, heterogeneity, trialCount },
  })),
  simulate: (stream, { factors }) => simulateMainetti(stream, factors, factors),
}

export interface ModifierHeterogeneityFactors extends MainettiFactors {
  readonly modificationScale: number
}

/** F */
export const modifierHeterogeneityFamily: ScenarioFamily<ModifierHeterogeneityFactors> = {
  name: 'modifier-heterogeneity',
  summary: 'coefficients of effect modification differ between trials with standard deviation 0, 0.3 or 0.6',
  scenarios: cross(cross([0, 0.3, 0.6], sizes), interactions).map(([[modificationScale, trialSize], form]) => ({
    id: `${form}-${trialSize}-trials-scale-${modificationScale}`,
    factors: { ...usual, interactions: form, trialSize, modificationScale },
  })),
  simulate: (stream, { factors }) => simulateMainetti(stream, factors, factors),
}

export interface NoiseFactors extends MainettiFactors {
  /** Standard deviation of the effect over patients divided by that of the outcome in the control arm. */
  readonly ratio: number
}

/** Standard deviations over patients of the effect and of prognosis (METHOD 4.3). */
const EFFECT_DEVIATION = { linear: 2.33, complex: 3.91 }
const PROGNOSTIC_DEVIATION = 3.62
const INTERCEPT_VARIANCE = 0.5

/** G: residual standard deviation for which the control arm has standard deviation (that of the effect) / ratio. */
export function realisticResidualScale({ interactions: form, ratio }: NoiseFactors): number {
  return Math.sqrt((EFFECT_DEVIATION[form] / ratio) ** 2 - PROGNOSTIC_DEVIATION ** 2 - INTERCEPT_VARIANCE)
}

/** G */
export const noiseFamily: ScenarioFamily<NoiseFactors> = {
  name: 'realistic-noise',
  summary: 'noise as in trials: the effect varies over patients 0.1, 0.2 or 0.3 times as much as the outcome does',
  scenarios: cross(cross([0.1, 0.2, 0.3], sizes), interactions).map(([[ratio, trialSize], form]) => ({
    id: `${form}-${trialSize}-trials-ratio-${ratio}`,
    factors: { ...usual, interactions: form, trialSize, ratio },
  })),
  simulate: (stream, { factors }) => simulateMainetti(stream, factors, { residualScale: realisticResidualScale(factors) }),
}

export interface ErrorFactors extends MainettiFactors, Departures {
  readonly errors: string
}

/** Residual standard deviations of trials differ up to fourfold. */
const unequal: Departures = { residualSpread: Math.LN2 }
/** The heaviest tails among whole degrees of freedom with a variance. */
const heavy: Departures = { degreesOfFreedom: 3 }
const errorKinds: readonly (readonly [string, Departures])[] = [
  ['unequal', unequal],
  ['heavy-tailed', heavy],
  ['unequal-heavy-tailed', { ...unequal, ...heavy }],
]

/** H */
export const errorFamily: ScenarioFamily<ErrorFactors> = {
  name: 'errors',
  summary: 'residuals of unequal variance between trials, with heavy tails (Student t, 3 degrees of freedom), or both',
  scenarios: cross(cross(errorKinds, sizes), interactions).map(([[[errors, departures], trialSize], form]) => ({
    id: `${form}-${trialSize}-trials-${errors}`,
    factors: { ...usual, interactions: form, trialSize, errors, ...departures },
  })),
  simulate: (stream, { factors }) => simulateMainetti(stream, factors, factors),
}

/** I: how often differences between patients are found where there are none. */
export const noModificationFamily: ScenarioFamily<MainettiFactors> = {
  name: 'no-modification',
  summary: 'the effect is the same for all patients of a trial',
  scenarios: cross([0, ...heterogeneities], sizes).map(([heterogeneity, trialSize]) => ({
    id: `${trialSize}-trials-${heterogeneity}`,
    factors: { ...usual, modification: 'none', trialSize, heterogeneity },
  })),
  simulate: (stream, { factors }) => simulateMainetti(stream, factors),
}

export interface AberrationFactors extends MainettiFactors {
  readonly aberration: 'arms-swapped' | 'outcome-tenfold'
}

/** J: the last training trial is in error, the truth is not. */
export const aberrationFamily: ScenarioFamily<AberrationFactors> = {
  name: 'aberrant-trial',
  summary: 'one of ten trials has its arms swapped, or its outcome in a unit ten times smaller',
  scenarios: cross(cross(['arms-swapped', 'outcome-tenfold'] as const, sizes), interactions).map(
    ([[aberration, trialSize], form]) => ({
      id: `${form}-${trialSize}-trials-${aberration}`,
      factors: { ...usual, interactions: form, trialSize, aberration },
    }),
  ),
  simulate: (stream, scenario) => withAberration(simulateMainetti(stream, scenario.factors), scenario),
}

function withAberration(data: SimulatedData, { factors }: Scenario<AberrationFactors>): SimulatedData {
  const last = data.trainingTrials.length - 1
  const spoil = (trial: SimulatedTrial): SimulatedTrial =>
    factors.aberration === 'arms-swapped'
      ? { ...trial, treatment: trial.treatment.map((arm) => 1 - arm) }
      : { ...trial, outcome: trial.outcome.map((value) => 10 * value) }
  return { ...data, trainingTrials: data.trainingTrials.map((trial, index) => (index === last ? spoil(trial) : trial)) }
}

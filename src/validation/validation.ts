import type { Provenance, Warning } from '../contract/analysis.js'
import type { Protocol } from '../data/protocol.js'
import type { CalibrationCurve } from './calibration-curve.js'
import type { PooledScore } from './pool-scores.js'
import type { TrialScores } from './trial-scores.js'

/** The scores that are pooled over held-out trials. Benefit is turned so that larger is better. */
export interface PooledScores {
  /** Mean squared error of the effect under the constant-effect model minus that under this one. */
  readonly gain: PooledScore
  readonly meanBias: PooledScore
  readonly calibrationIntercept: PooledScore
  readonly calibrationSlope: PooledScore
  readonly autoc: PooledScore
  readonly overNone: PooledScore
  readonly overAll: PooledScore
  readonly agreement: PooledScore
  /** Mean over trials; no interval. */
  readonly concordance: number
  readonly dispersion: number
  /** Share of trials whose difference between arms lay in its 95% prediction interval. */
  readonly coverage: number
}

/** Why a candidate has no score in a trial. */
export interface CandidateFailure {
  /** Held out; absent when it concerns all of them. */
  readonly study?: string
  readonly reason: string
}

export interface CandidateResult {
  readonly name: string
  readonly isConstant: boolean
  readonly methods: { readonly firstStage: string; readonly secondStage: string }
  /** `[trial]`; undefined where the candidate failed. */
  readonly trials: readonly (TrialScores | undefined)[]
  readonly failures: readonly CandidateFailure[]
  /** Over the trials that have scores. */
  readonly pooled: PooledScores
  /** Over the patients of all trials that have scores; empty where predictions hardly differ within trials. */
  readonly curve: CalibrationCurve
  /** Share of reweightings of the trials in which it is best; 0 for a candidate that failed somewhere. */
  readonly shareBest: number
  /** Fits of trials and pooled fits whose diagnostics failed, of how many. */
  readonly failedDiagnoses: { readonly firstStage: number; readonly secondStage: number; readonly of: number }
}

/** How well it does to choose in the same way, without the trial that is then predicted. */
export interface NestedChoice {
  readonly gain: PooledScore
  /** Place of the candidate chosen, `[trial]`. */
  readonly chosen: readonly number[]
}

export interface Recommendation {
  /** Place of the candidate. */
  readonly candidate: number
  /** `clear`: the 95% interval of its gain over the constant effect is above 0; `uncertain`: it is not; `constant`: nothing beats a constant effect. */
  readonly kind: 'clear' | 'uncertain' | 'constant'
  /** Places of candidates whose difference from the recommended one is within its 95% interval of 0. */
  readonly notTold: readonly number[]
  /** In sentences. */
  readonly text: string
}

export interface ValidatedTrial {
  readonly study: string
  readonly patientCount: number
  readonly treatedShare: number
}

/** The whole of a validation, as the page and the files receive it. */
export interface Validation {
  readonly protocol: Protocol
  readonly trials: readonly ValidatedTrial[]
  /** Trials held out at a time: one each, or groups of them where there are many. */
  readonly foldCount: number
  readonly candidates: readonly CandidateResult[]
  /** Absent with fewer than four trials. */
  readonly nested?: NestedChoice
  readonly recommendation: Recommendation
  readonly warnings: readonly Warning[]
  readonly provenance: Provenance
}

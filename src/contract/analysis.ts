import type { Diagnosis } from '../../diagnostics/convergence/diagnose.js'
import type { Protocol } from '../data/protocol.js'
import type { Draws } from '../draws/draws.js'
import type { DesignColumn, TrialDesign, TrialEstimate } from './trial.js'

/** Which machine evaluated the log density, and why not a faster one. */
export interface EngineRecord {
  readonly engine: 'webassembly' | 'javascript' | 'eager'
  readonly precision: 'float64' | 'float32'
  /** Set when a slower engine than the best had to be used: the operation and the reason. */
  readonly fallbackReason?: string
}

export interface SamplingSettings {
  readonly chains: number
  /** Warmup transitions per chain. */
  readonly warmup: number
  /** Draws per chain. */
  readonly draws: number
  readonly targetAcceptance: number
  readonly maximumTreeDepth: number
}

/** Draws of one posterior with everything needed to judge them. */
export interface Fit {
  readonly modelName: string
  readonly draws: Draws
  /**
   * Scalars of the sampler, as a `Draws` of the same chains and draws: `log_density`, `acceptance`, `step_size`, `tree_depth`,
   * `leapfrog_count`, `divergent` (0 or 1), `energy`.
   */
  readonly sampler: Draws
  readonly diagnosis: Diagnosis
  readonly engine: EngineRecord
  readonly settings: SamplingSettings
  /** Gradient evaluations, warmup included. */
  readonly gradientCount: number
  readonly seconds: number
}

/** A patient or part of a trial that was left out, and why. */
export interface Exclusion {
  readonly study: string
  /** Absent when the whole trial was left out. */
  readonly arm?: 'control' | 'treated'
  readonly patientCount: number
  readonly reason: string
}

export interface TrialFit {
  readonly trial: TrialDesign
  readonly fit: Fit
  readonly estimate: TrialEstimate
}

/** Something the reader must know before believing a number. `important` is shown at the top of the report. */
export interface Warning {
  readonly severity: 'important' | 'note'
  readonly message: string
}

/** The three targets of METHOD: the mean over settings, a new setting, one of the trials analysed. */
export type Target = 'average' | 'new-setting' | 'existing-trial'

/** Summary of the posterior of one person's treatment effect, in units of the outcome. */
export interface EffectSummary {
  readonly target: Target
  /** For `existing-trial`. */
  readonly study?: string
  readonly mean: number
  readonly median: number
  readonly sd: number
  /** 95% credible interval (average, existing trial) or prediction interval (new setting): 2.5% and 97.5% quantiles. */
  readonly lower: number
  readonly upper: number
  /** Probability that the effect has the good sign. */
  readonly probabilityBenefit: number
  /** Probability that it exceeds the smallest important effect in the good direction. */
  readonly probabilityImportant: number
  /** Monte Carlo standard error of the mean. */
  readonly mcse: number
}

/** A person: a patient of a trial, a reference profile, or a new patient. Covariates in original units, keyed by covariate name. */
export interface Person {
  readonly kind: 'profile' | 'patient' | 'new-patient'
  readonly id: string
  readonly study?: string
  readonly covariates: Readonly<Record<string, number | string>>
}

export interface PersonEffect {
  readonly person: Person
  readonly effects: readonly EffectSummary[]
  /** Such as `age 71 is above the protocol's range 18 to 65`. */
  readonly flags: readonly string[]
}

/** The whole of a two-stage analysis, as the report and the output folder receive it. */
export interface Analysis {
  readonly protocol: Protocol
  readonly columns: readonly DesignColumn[]
  readonly trialFits: readonly TrialFit[]
  readonly exclusions: readonly Exclusion[]
  readonly pooled: Fit
  /** Effects for the reference patient and the profiles of the protocol. */
  readonly profileEffects: readonly PersonEffect[]
  /** Effects for every analysed patient, in the average setting and in their own trial. */
  readonly patientEffects: readonly PersonEffect[]
  readonly warnings: readonly Warning[]
  readonly methods: { readonly firstStage: string; readonly secondStage: string }
  readonly provenance: Provenance
}

export interface Provenance {
  readonly version: string
  readonly protocolHash: string
  /** Absent when the data did not come from a file. */
  readonly dataHash?: string
  readonly dataFile?: string
  readonly seed: number
  readonly seconds: number
  /** ISO 8601; the one field that differs between two runs of the same analysis, with `seconds`. */
  readonly finishedAt: string
  readonly node: string
}

import type { Diagnosis } from '../../diagnostics/convergence/diagnose.js'
import type { Protocol } from '../data/protocol.js'
import type { Draws } from '../draws/draws.js'
import type { LeakSlope } from '../effects/aggregation-leak.js'
import type { ArmOutcomes } from '../effects/arm-outcomes.js'
import type { DesignColumn, TrialDesign, TrialEstimate } from './trial.js'

/** Which machine evaluated the log density, and why not a faster one. */
export interface EngineRecord {
  readonly engine: 'webassembly' | 'javascript' | 'eager'
  readonly precision: 'float64' | 'float32'
  /** Set when a slower engine than the best had to be used: the operation and the reason. */
  readonly fallbackReason?: string
}

/** What few analyses need to say about the sampler. */
export interface SamplerOptions {
  /** `nuts` when left out; `hmc` runs trajectories of a fixed length. */
  readonly algorithm?: 'nuts' | 'hmc'
  /** How the metric is learnt: from draws and gradients, when left out, or as in Stan. */
  readonly adaptation?: 'gradient' | 'stan'
  /** `automatic`, when left out, is dense where that pays. */
  readonly metric?: 'automatic' | 'diagonal' | 'dense'
  /** Relative spread of the step size around the tuned one, in [0, 1); 0 when left out. */
  readonly stepSizeJitter?: number
  /** Of `hmc`, in leapfrog steps or in time; a time of pi / 2 when left out. */
  readonly trajectoryLength?: { readonly time: number } | { readonly stepCount: number }
  /** Each chain first climbs from its start towards a mode, in at most 60 steps of L-BFGS; false when left out. For posteriors whose mode is among their mass: that of a hierarchical scale often is not. */
  readonly climb?: boolean
}

/** Of an approximation, `warmup`, `targetAcceptance` and `maximumTreeDepth` are 0. */
export interface SamplingSettings extends SamplerOptions {
  readonly chains: number
  /** Warmup transitions per chain. */
  readonly warmup: number
  /** Draws per chain that are kept. */
  readonly draws: number
  /** Transitions for each draw that is kept; 1 when left out. Bounds the memory of long chains. */
  readonly thin?: number
  readonly targetAcceptance: number
  readonly maximumTreeDepth: number
}

/** Ways to approximate a posterior without a Markov chain. */
export type ApproximationAlgorithm = 'laplace' | 'mean-field' | 'full-rank' | 'pathfinder'

/** The tuned settings of a Hamiltonian sampler. */
export interface ChainAdaptation {
  readonly stepSize: number
  readonly metric: 'diagonal' | 'dense'
  /** On the unconstrained scale: the diagonal `[dimension]`, or all of it `[dimension, dimension]`. */
  readonly inverseMetric: Float64Array
}

/** What an approximation is judged by. */
export interface ApproximationRecord {
  /** Pareto k-hat of the ratios of the posterior to the approximation. */
  readonly paretoK: number
  /** Draws that the importance weights are worth. */
  readonly effectiveSampleSize: number
  /** Draws of the approximation behind both. */
  readonly proposalCount: number
  /** What the algorithm doubts itself, a sentence each. */
  readonly doubts: readonly string[]
}

/** An approximation that was tried first and found wanting. */
export interface FailedApproximation {
  readonly algorithm: ApproximationAlgorithm
  /** What failed, in sentences. */
  readonly reason: string
  /** Absent when no approximation was found. */
  readonly paretoK?: number
  /** Included in those of the fit. */
  readonly gradientCount: number
  readonly seconds: number
}

/** Draws of one posterior with everything needed to judge them. */
export interface Fit {
  readonly modelName: string
  /**
   * Set when the draws are not those of Markov chains: `exact` for independent draws from the posterior itself, in as many chains as are wanted and without
   * scalars of a sampler; otherwise independent draws, in one chain, from an approximation to it.
   */
  readonly algorithm?: ApproximationAlgorithm | 'exact'
  /** Set when `algorithm` is that of an approximation. */
  readonly approximation?: ApproximationRecord
  /** Set when the draws are those of NUTS because this approximation, which was wanted, failed. */
  readonly fallbackFrom?: FailedApproximation
  /** Set when the draws are those of a confidence distribution, not of a posterior: their intervals are confidence intervals. */
  readonly isConfidence?: true
  readonly draws: Draws
  /**
   * Scalars of the sampler, as a `Draws` of the same chains and draws: `log_density`, `acceptance`, `step_size`, `tree_depth`,
   * `leapfrog_count`, `divergent` (0 or 1), `energy`. Of an approximation: `log_density` and `log_approximation`, the log densities of
   * posterior (up to a constant) and approximation, and `proposal`, the number of the draw of the approximation, which may have been taken several times.
   */
  readonly sampler: Draws
  readonly diagnosis: Diagnosis
  readonly engine: EngineRecord
  readonly settings: SamplingSettings
  /** What the warmup of each chain arrived at, `[chain]`; absent when there were no chains. */
  readonly adaptation?: readonly ChainAdaptation[]
  /** What each chain took, `[chain]`; absent when there were no chains. */
  readonly chainSeconds?: readonly { readonly warmup: number; readonly sampling: number }[]
  /** Gradient evaluations, warmup included. */
  readonly gradientCount: number
  /** Of a fit that was resumed, summed over all sittings as far as they were saved. */
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

/** One person's outcome under one arm, in units of the outcome. */
export interface OutcomeSummary {
  readonly arm: 'control' | 'treated'
  /** Expected outcome in the average setting: mean, standard deviation and central 95% interval. */
  readonly mean: number
  readonly sd: number
  readonly lower: number
  readonly upper: number
  /** Central 95% interval of the outcome of one such person in a new setting. */
  readonly onePerson: { readonly lower: number; readonly upper: number }
}

export interface PersonEffect {
  readonly person: Person
  readonly effects: readonly EffectSummary[]
  /** Under control and under treatment, where asked for. */
  readonly outcomes?: readonly OutcomeSummary[]
  /** Such as `age 71 is above the protocol's range 18 to 65`. */
  readonly flags: readonly string[]
}

/** The effect for the reference patient under one prior of the heterogeneity. In units of the outcome. */
export interface HeterogeneityAlternative {
  /** Such as `half-normal, scale 0.25 (treatment) and 0.125 (interactions)`. */
  readonly label: string
  /** The prior that all other results rest on. */
  readonly isMain: boolean
  /** In the average and in a new setting. */
  readonly effects: readonly EffectSummary[]
  /** Between-trial standard deviation of that effect: median and 95% credible interval. */
  readonly heterogeneity: { readonly median: number; readonly lower: number; readonly upper: number }
  readonly diagnosis: 'passed' | 'failed'
}

/** How well a trial's own posterior draws cover what is pooled. */
export interface SiteDrawCheck {
  readonly study: string
  /** Of the importance weights that the draws get in the light of all trials; reliable below `paretoKCutOff`. */
  readonly paretoK: number
  /** Draws that the weights are worth, and how many there are. */
  readonly effectiveDrawCount: number
  readonly drawCount: number
}

/** Whether pooled draws, sampled with the trials' draws smoothed, were carried over to the trials' draws as they are. */
export interface SiteDrawCorrection {
  /** Or why they stay as sampled: k-hat, or too few of the trials' draws near what is pooled. */
  readonly outcome: 'corrected' | 'unreliable-weights' | 'too-few-draws'
  /** Of the importance weights of the pooled draws. */
  readonly paretoK: number
  /** Draws that the weights are worth, and how many were weighed. */
  readonly effectiveDrawCount: number
  readonly drawCount: number
  /** Standard deviation that a log weight has because the trials' draws are finitely many. */
  readonly logWeightError: number
}

/** What a second stage that pools effects needs again to predict for new patients, beside the draws of the trials. */
export interface KeptPooling {
  /** What the method worked out once for the analysis; plain data. */
  readonly preparation: unknown
  /** Refits of each trial's model to bootstrap samples, in place of draws, `[trial]`; where the weights ask for them. */
  readonly refits?: readonly Draws[]
}

/** How the effects of people were pooled. */
export interface EffectPoolingRecord extends KeptPooling {
  /** Share of each trial in the average effect of each profile, `[profile, trial]`. */
  readonly profileWeights: Float64Array
  /** Slopes of the pooled effect over the modifiers, and what of them comes from moving between trials; empty when the weights are the same for everybody. */
  readonly leak: readonly LeakSlope[]
}

/** The whole of a two-stage analysis, as the report and the output folder receive it. */
export interface Analysis {
  readonly protocol: Protocol
  readonly columns: readonly DesignColumn[]
  readonly trialFits: readonly TrialFit[]
  readonly exclusions: readonly Exclusion[]
  /** Covariates of the protocol file that `protocol` is without, because a trial did not measure them; absent when there are none. */
  readonly droppedCovariates?: readonly string[]
  readonly pooled: Fit
  /** Effects for the reference patient and the profiles of the protocol. */
  readonly profileEffects: readonly PersonEffect[]
  /** Outcomes of the same people under each arm, `[profile]`; absent where the first stage does not give them, or patients stay at their sites. */
  readonly profileOutcomes?: readonly ArmOutcomes[]
  /** Effects for every analysed patient, in the average setting and in their own trial. */
  readonly patientEffects: readonly PersonEffect[]
  /** Under the prior used and others, the one used first; absent when the second stage has no such prior. */
  readonly heterogeneitySensitivity?: readonly HeterogeneityAlternative[]
  /** Draws from the prior of the second stage's own parameters, analysis scale; absent when it has none, or one that is improper. */
  readonly pooledPrior?: Draws
  /** Of a second stage that pools draws. */
  readonly siteDrawChecks?: readonly SiteDrawCheck[]
  readonly siteDrawCorrection?: SiteDrawCorrection
  /** Set when the second stage pooled effects of people. */
  readonly effectPooling?: EffectPoolingRecord
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

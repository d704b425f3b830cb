/**
 * What a simulation study needs of a data-generating design. A family of scenarios is one folder or file beside this one; the runner and the
 * summaries know only these types.
 */
import type { Stream } from '../contract/stream.js'

/** One trial with the truth about every patient. */
export interface SimulatedTrial {
  readonly study: string
  /** `[patient, covariate]`, in the units of the design. */
  readonly covariates: Float64Array
  /** `[patient]`, 0 or 1. */
  readonly treatment: Float64Array
  /** `[patient]` */
  readonly outcome: Float64Array
  /** `[patient]`, true effect of treatment in the average setting: the mean function at the patient's covariates. */
  readonly meanEffect: Float64Array
  /** `[patient]`, true effect of treatment in this trial: the mean function plus the trial's own deviation. */
  readonly treatmentEffect: Float64Array
  /** Covariates that a method may not see in this trial, counted from 0; none when left out. */
  readonly unmeasured?: readonly number[]
}

export interface SimulatedData {
  readonly covariateNames: readonly string[]
  /** What a method may see, truth aside. */
  readonly trainingTrials: readonly SimulatedTrial[]
  /** New trials, never used in fitting. */
  readonly testTrials: readonly SimulatedTrial[]
}

/** One cell of a design. */
export interface Scenario<Factors> {
  /** Short and unique within the family: part of the stream's path and of the names of result files. */
  readonly id: string
  readonly factors: Factors
}

export interface ScenarioFamily<Factors> {
  readonly name: string
  /** One line for lists. */
  readonly summary: string
  readonly scenarios: readonly Scenario<Factors>[]
  /** One data set. All randomness comes from the stream, such as `stream(seed, 'simulation', family.name, scenario.id, replicate)`. */
  simulate(stream: Stream, scenario: Scenario<Factors>): SimulatedData
}

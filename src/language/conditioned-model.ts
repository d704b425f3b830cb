import type { LogDensityWithInputs } from '../contract/log-density.js'
import type { Stream } from '../contract/stream.js'
import type { Draws } from '../draws/draws.js'
import type { LargeDraws } from '../draws/stored/growing-bytes.js'
import type { EngineChoice } from '../engine/compile.js'
import type { PortableLogDensity } from '../engine/log-density-program.js'

/** What the draws of all chains need besides their positions. */
export interface CollectingOptions {
  readonly chainCount: number
  /** Per chain. */
  readonly drawCount: number
  /** Randomness for generated quantities, one stream per chain. */
  readonly streamFor: (chain: number) => Stream
  readonly largeDraws?: LargeDraws
}

/** Makes draws of positions as they come, chain after chain. */
export interface DrawsCollector {
  /** @param positions the next of that chain, `[draw, dimension]` */
  add(chain: number, positions: Float64Array): void
  /** Once all were added. */
  finish(): Draws
}

/** A model with its data: everything inference and prediction need, compiled. */
export interface ConditionedModel {
  readonly name: string
  /** Log posterior density on the unconstrained scale, Jacobians included. */
  readonly logDensity: LogDensityWithInputs
  /** The log density for worker threads; absent when it is evaluated eagerly. */
  readonly portable?: PortableLogDensity
  readonly engine: EngineChoice
  /** Whether the log density or the derived quantities could not be compiled. */
  readonly isPartlyEager: boolean
  /** A starting point, uniform on (-2, 2) in every unconstrained direction, as in Stan. `[dimension]` */
  propose(stream: Stream): Float64Array
  /**
   * Starting points drawn from the prior, `[dimension]`.
   * @throws UsageError when a prior is improper, naming the parameters.
   */
  priorProposal(): (stream: Stream) => Float64Array
  /** Values of all parameters at a position, and what is not finite there: for messages about failed starts. */
  describe(position: Float64Array): string
  /**
   * Parameters, derived and generated quantities at sampled positions.
   * @param positions `[chain, draw, dimension]`
   * @param streamFor randomness for generated quantities, one stream per chain
   */
  draws(positions: Float64Array, chainCount: number, streamFor: (chain: number) => Stream): Draws
  /** The same for positions that come in parts. */
  collectDraws(options: CollectingOptions): DrawsCollector
  /** Log likelihood of each observation at sampled positions, without case weights. `[chain, draw, observation]` */
  pointwiseLogLikelihood(positions: Float64Array): { readonly values: Float64Array; readonly observationCount: number }
  /**
   * The same model with other case weights: nothing is recorded or compiled, and neither affects the other.
   * @param weights `[observation]`
   * @throws UsageError unless the model was conditioned with `caseWeights`, of which there were as many; or for a weight that is not one
   */
  withCaseWeights(weights: Float64Array): ConditionedModel
}

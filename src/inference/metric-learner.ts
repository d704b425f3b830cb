import type { Metric } from './metric.js'
import type { GradientState } from './state.js'

/**
 * How a warmup turns the states of a chain into a metric. What a learner knows is its memory, plain data that it changes in place: saving the
 * memory saves the learner.
 */
export interface MetricLearner<Memory> {
  start(state: GradientState, settings: MetricSettings): { readonly metric: Metric; readonly memory: Memory }
  /** Whether this transition still has so rough a metric that the small steps of a high target acceptance would be wasted on it. */
  isRough(iteration: number, settings: MetricSettings): boolean
  /** After a transition. Returns what is to change, if anything. */
  learn(memory: Memory, state: GradientState, iteration: number, settings: MetricSettings): MetricChange | undefined
}

export interface MetricSettings {
  readonly warmupCount: number
  /** Only the diagonal, all of the covariance, or whichever the learner thinks best. */
  readonly metric: 'diagonal' | 'dense' | 'automatic'
}

export interface MetricChange {
  /** A new value; metrics are never changed in place. */
  readonly metric: Metric
  /** Whether the step size has to be found anew. */
  readonly isBreak: boolean
}

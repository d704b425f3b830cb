import type { LogDensity } from '../contract/log-density.js'
import type { Stream } from '../contract/stream.js'
import { type DualAveraging, startDualAveraging, updateDualAveraging } from './dual-averaging.js'
import { findInitialStepSize } from './initial-step-size.js'
import type { Metric } from './metric.js'
import type { MetricLearner } from './metric-learner.js'
import { overlappingScores } from './overlapping-scores.js'
import type { GradientState } from './state.js'
import type { HamiltonianInfo, TunedSettings } from './transition.js'
import { windowedVariances } from './windowed-variances.js'

export interface WarmupOptions {
  readonly warmupCount: number
  readonly targetAcceptance: number
  /** How the metric is learnt: from gradients in overlapping windows, the default, or as in Stan. */
  readonly adaptation?: 'gradient' | 'stan'
  /** Default: automatic, the learner's choice. */
  readonly metric?: 'diagonal' | 'dense' | 'automatic'
}

/** Adaptation of step size and metric while a chain warms up: the caller makes the transitions and reports each. */
export interface Warmup {
  /** For the next transition. */
  settings(): TunedSettings
  /** After a transition to `state`, which is also where the chain goes on from. */
  learn(stream: Stream, state: GradientState, info: HamiltonianInfo): void
  /** The result so far; final after `warmupCount` transitions. */
  adaptation(): TunedSettings
  /** All that it knows, as plain data of its own: `resumeWarmup` goes on from there. */
  save(): SavedWarmup
}

/** The memory of a warmup: plain data, replaced or changed in place as it learns. */
export interface SavedWarmup {
  readonly options: Required<WarmupOptions>
  iteration: number
  metric: Metric
  averaging: DualAveraging
  /** Of the metric's learner. */
  readonly learnt: unknown
}

const learners: Readonly<Record<'gradient' | 'stan', MetricLearner<unknown>>> = {
  gradient: overlappingScores as MetricLearner<unknown>,
  stan: windowedVariances as MetricLearner<unknown>,
}

/** While the metric is rough no chain aims at a higher acceptance than this: Stan's default (decision 0012). */
const GREATEST_ROUGH_ACCEPTANCE = 0.8

/** Dual averaging of the step size throughout, beside a learner of the metric; evaluates `logDensity` to find first step sizes. */
export function startWarmup(stream: Stream, state: GradientState, logDensity: LogDensity, given: WarmupOptions): Warmup {
  const options = withDefaults(given)
  const { metric, memory } = learners[options.adaptation].start(state, options)
  const averaging = startDualAveraging(findInitialStepSize(stream, state, logDensity, metric, 1))
  return warmupFrom({ options, iteration: 0, metric, averaging, learnt: memory }, logDensity)
}

/** These options alone, all of them. */
export function withDefaults(options: WarmupOptions): Required<WarmupOptions> {
  const { warmupCount, targetAcceptance, adaptation = 'gradient', metric = 'automatic' } = options
  return { warmupCount, targetAcceptance, adaptation, metric }
}

/** The warmup that was saved, as it was then. */
export function resumeWarmup(saved: SavedWarmup, logDensity: LogDensity): Warmup {
  return warmupFrom(structuredClone(saved), logDensity)
}

function warmupFrom(memory: SavedWarmup, logDensity: LogDensity): Warmup {
  const { options } = memory
  const learner = learners[options.adaptation]
  return {
    settings: () => ({ stepSize: Math.exp(memory.averaging.logStepSize), metric: memory.metric }),
    learn(stream, state, { acceptance }) {
      const isRough = learner.isRough(++memory.iteration, options)
      const greatest = isRough ? GREATEST_ROUGH_ACCEPTANCE : 1
      memory.averaging = updateDualAveraging(memory.averaging, acceptance, Math.min(options.targetAcceptance, greatest))
      const change = learner.learn(memory.learnt, state, memory.iteration, options)
      if (!change) return
      memory.metric = change.metric
      if (!change.isBreak) return
      const guess = Math.exp(memory.averaging.logStepSize)
      memory.averaging = startDualAveraging(findInitialStepSize(stream, state, logDensity, memory.metric, guess))
    },
    adaptation: () => ({ stepSize: Math.exp(memory.averaging.meanLogStepSize), metric: memory.metric }),
    save: () => structuredClone(memory),
  }
}

import { covarianceMetric, varianceMetric } from './covariance-metric.js'
import { type Metric, unitMetric } from './metric.js'
import type { MetricLearner, MetricSettings } from './metric-learner.js'
import { addVector, createMoments } from './moments.js'
import { denseScoreMetric, diagonalScoreMetric, initialScoreMetric, type ScoreMoments } from './score-metric.js'
import type { GradientState } from './state.js'

interface OverlapMemory {
  /** What the metric is made from. */
  foreground: ScoreMoments
  /** The younger part of it, which takes its place when it has grown enough: early draws are forgotten without a start from nothing. */
  background: ScoreMoments
  /** Of the latest state: a rejected transition has told nothing new about the metric. */
  logDensity: number
  isFirst: boolean
}

/** Fractions of warmup: short windows until here, a fixed metric from there on. */
const EARLY_END = 0.3
const METRIC_END = 0.85
/** Draws in the background when it takes over, early and late. */
const EARLY_WINDOW = 10
const LATE_WINDOW = 80
/** A dense metric costs dimension^3; transitions between two, early and late. */
const EARLY_DENSE_INTERVAL = 30
const LATE_DENSE_INTERVAL = 100
/** Automatic means dense up to here, arbitrary: more draws than dimensions in every late window, and cheap beside most gradients. */
const LARGEST_DENSE = 50
/** Shorter warmups do not learn a metric. */
const LEAST_WARMUP = 20

/**
 * Metric adaptation from positions and gradients in two overlapping windows, after nutpie (Seyboldt, Carlson and Carpenter 2026,
 * arXiv 2603.18845; sizes of windows theirs, arbitrary): from the first gradient on there is a metric, and it improves with nearly every draw.
 *
 * In no more than 50 dimensions, the dense score metric as long as the target is not far from normal. Otherwise at first the diagonal score
 * metric, which needs few draws, and then the variances of the draws, which keep long moves long in curved targets. When the metric is final
 * the step size starts anew.
 */
export const overlappingScores: MetricLearner<OverlapMemory> = {
  start(state, settings) {
    const dimension = state.position.length
    const memory = {
      foreground: emptyWindow(settings, dimension),
      background: emptyWindow(settings, dimension),
      logDensity: state.logDensity,
      isFirst: true,
    }
    addState(memory, state)
    const metric = settings.warmupCount < LEAST_WARMUP ? unitMetric(dimension) : initialScoreMetric(state.gradient)
    return { metric, memory }
  },
  learn(memory, state, iteration, settings) {
    const { warmupCount } = settings
    const end = Math.floor(METRIC_END * warmupCount)
    if (warmupCount < LEAST_WARMUP || iteration > end) return undefined
    if (state.logDensity !== memory.logDensity) addState(memory, state)
    memory.logDensity = state.logDensity
    const isEarly = iteration <= EARLY_END * warmupCount
    const windowSize = isEarly ? EARLY_WINDOW : LATE_WINDOW
    const isSwitch = memory.background.positions.count >= windowSize && iteration + windowSize <= end
    if (isSwitch) {
      memory.foreground = memory.background
      memory.background = emptyWindow(settings, state.position.length)
    }
    const isLast = iteration === end
    const { isFirst, foreground } = memory
    const interval = foreground.positions.kind === 'diagonal' ? 1 : isEarly ? EARLY_DENSE_INTERVAL : LATE_DENSE_INTERVAL
    const isDue = isFirst || isLast || iteration % interval === 0
    const metric = isDue ? metricFrom(memory, isEarly, settings) : undefined
    if (!metric) return undefined
    memory.isFirst = false
    return { metric, isBreak: isFirst || isLast }
  },
}

function metricFrom({ foreground, isFirst }: OverlapMemory, isEarly: boolean, { metric }: MetricSettings): Metric | undefined {
  if (isFirst) return diagonalScoreMetric(foreground)
  const dense = foreground.positions.kind === 'dense' ? denseScoreMetric(foreground) : undefined
  if (dense) return dense
  if (isEarly) return diagonalScoreMetric(foreground)
  return metric === 'dense' ? covarianceMetric(foreground.positions) : varianceMetric(foreground.positions)
}

function addState({ foreground, background }: OverlapMemory, { position, gradient }: GradientState): void {
  for (const { positions, gradients } of [foreground, background]) {
    addVector(positions, position)
    addVector(gradients, gradient)
  }
}

function emptyWindow({ metric }: MetricSettings, dimension: number): ScoreMoments {
  const isDense = metric === 'dense' || (metric === 'automatic' && dimension > 1 && dimension <= LARGEST_DENSE)
  const kind = isDense ? 'dense' : 'diagonal'
  return { positions: createMoments(kind, dimension), gradients: createMoments(kind, dimension) }
}

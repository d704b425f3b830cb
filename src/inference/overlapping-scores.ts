import { covarianceMetric, varianceMetric } from './covariance-metric.js'
import { type Metric, unitMetric } from './metric.js'
import type { MetricLearner, MetricSettings } from './metric-learner.js'
import { addVector, createMoments, mergeMoments } from './moments.js'
import { denseScoreMetric, diagonalScoreMetric, initialScoreMetric, type ScoreMoments } from './score-metric.js'
import type { GradientState } from './state.js'

/** The metric is made from both windows. When the younger has grown enough it becomes the older, which is forgotten. */
interface OverlapMemory {
  older: ScoreMoments
  younger: ScoreMoments
  /** Of the latest state: a rejected transition has told nothing new about the metric. */
  logDensity: number
  isFirst: boolean
}

/** Fractions of warmup: short windows until here, a fixed metric from there on. */
const EARLY_END = 0.3
const METRIC_END = 0.85
/** Draws in the younger window when it becomes the older, early and late. */
const EARLY_WINDOW = 10
const LATE_WINDOW = 80
/** A dense metric costs dimension^3: one after so many transitions, each of them with a diagonal one, then whenever their number has doubled. */
const FIRST_DENSE = 30
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
  isRough: (iteration, { warmupCount }) => iteration <= EARLY_END * warmupCount,
  start(state, settings) {
    const dimension = state.position.length
    const memory = {
      older: emptyWindow(settings, dimension),
      younger: emptyWindow(settings, dimension),
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
    if (memory.younger.positions.count >= windowSize && iteration + windowSize <= end) {
      memory.older = memory.younger
      memory.younger = emptyWindow(settings, state.position.length)
    }
    const isLast = iteration === end
    const { isFirst, younger } = memory
    const isDiagonal = isFirst || (iteration < FIRST_DENSE && !isLast)
    const isDue =
      isDiagonal || isLast || younger.positions.kind === 'diagonal' || Number.isInteger(Math.log2(iteration / FIRST_DENSE))
    const metric = isDue ? metricFrom(memory, { isDiagonal, isEarly }, settings) : undefined
    if (!metric) return undefined
    memory.isFirst = false
    return { metric, isBreak: isFirst || isLast }
  },
}

function metricFrom(
  { older, younger }: OverlapMemory,
  { isDiagonal, isEarly }: { readonly isDiagonal: boolean; readonly isEarly: boolean },
  { metric }: MetricSettings,
): Metric | undefined {
  const moments = {
    positions: mergeMoments(older.positions, younger.positions),
    gradients: mergeMoments(older.gradients, younger.gradients),
  }
  if (isDiagonal) return diagonalScoreMetric(moments)
  const dense = moments.positions.kind === 'dense' ? denseScoreMetric(moments) : undefined
  if (dense) return dense
  if (isEarly) return diagonalScoreMetric(moments)
  return metric === 'dense' ? covarianceMetric(moments.positions) : varianceMetric(moments.positions)
}

function addState({ younger }: OverlapMemory, { position, gradient }: GradientState): void {
  addVector(younger.positions, position)
  addVector(younger.gradients, gradient)
}

function emptyWindow({ metric }: MetricSettings, dimension: number): ScoreMoments {
  const isDense = metric === 'dense' || (metric === 'automatic' && dimension > 1 && dimension <= LARGEST_DENSE)
  const kind = isDense ? 'dense' : 'diagonal'
  return { positions: createMoments(kind, dimension), gradients: createMoments(kind, dimension) }
}

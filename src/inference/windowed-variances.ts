import { covarianceMetric } from './covariance-metric.js'
import { unitMetric } from './metric.js'
import type { MetricLearner } from './metric-learner.js'
import { addVector, createMoments, type Moments } from './moments.js'
import { warmupWindows } from './warmup-windows.js'

interface WindowMemory {
  window: Moments
}

/**
 * Stan's metric adaptation: from the unit metric on, the regularised (co)variances of the draws of each slow window at its end. Automatic means
 * diagonal, as Stan's default.
 */
export const windowedVariances: MetricLearner<WindowMemory> = {
  isRough: () => false,
  start({ position: { length } }, { metric }) {
    return { metric: unitMetric(length), memory: { window: emptyWindow(metric, length) } }
  },
  learn(memory, { position }, iteration, { warmupCount, metric }) {
    const { slowStart, slowEnd, windowEnds } = boundaries(warmupCount)
    if (iteration > slowStart && iteration <= slowEnd) addVector(memory.window, position)
    if (!windowEnds.includes(iteration)) return undefined
    const learnt = covarianceMetric(memory.window) ?? unitMetric(position.length)
    memory.window = emptyWindow(metric, position.length)
    return { metric: learnt, isBreak: true }
  },
}

function emptyWindow(metric: 'diagonal' | 'dense' | 'automatic', dimension: number): Moments {
  return createMoments(metric === 'dense' ? 'dense' : 'diagonal', dimension)
}

/** Iterations after which the slow phase starts, ends, and a window is complete. */
function boundaries(warmupCount: number): { slowStart: number; slowEnd: number; windowEnds: readonly number[] } {
  const { initial, slow } = warmupWindows(warmupCount)
  let slowEnd = initial
  const windowEnds = slow.map((size) => {
    slowEnd += size
    return slowEnd
  })
  return { slowStart: initial, slowEnd, windowEnds }
}

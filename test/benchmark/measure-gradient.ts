/** Time and memory of one log density: processor time, so that other programs on the machine matter little. */
import { median } from 'd3-array'
import type { LogDensity } from '../../src/contract/log-density.js'
import { stream } from '../../src/random/stream.js'
import { processorSeconds } from './processor-time.js'

export interface GradientMeasure {
  /** Median over batches of the processor microseconds of one value and gradient. */
  readonly microseconds: number
  /** Growth of the heap, after collection, over `heapEvaluations`. */
  readonly heapGrowthBytes: number
  readonly heapEvaluations: number
}

const POINT_COUNT = 16
const BATCH_COUNT = 11
const BATCH_SECONDS = 0.1
const WARM_UP_SECONDS = 1
const HEAP_EVALUATIONS = 100_000
/** Slow models get fewer evaluations than that. */
const HEAP_SECONDS = 8

/** @throws Error when node was not started with --expose-gc, or the log density is not finite at a point. */
export function measureGradient(logDensity: LogDensity): GradientMeasure {
  const points = randomPoints(logDensity.dimension, POINT_COUNT)
  const gradient = new Float64Array(logDensity.dimension)
  for (const point of points)
    if (!Number.isFinite(logDensity.valueAndGradient(point, gradient)))
      throw new Error('the log density is not finite at a timing point')
  const evaluate = (count: number) => {
    for (let index = 0; index < count; index++) logDensity.valueAndGradient(points[index % POINT_COUNT], gradient)
  }
  const perEvaluation = warmUp(evaluate)
  const batch = Math.max(POINT_COUNT, Math.ceil(BATCH_SECONDS / perEvaluation))
  const times = Array.from({ length: BATCH_COUNT }, () => timeOf(() => evaluate(batch)) / batch)
  const heapEvaluations = Math.min(HEAP_EVALUATIONS, Math.ceil(HEAP_SECONDS / perEvaluation))
  return { microseconds: median(times)! * 1e6, heapGrowthBytes: heapGrowth(() => evaluate(heapEvaluations)), heapEvaluations }
}

/** Uniform on (-1, 1), `[point][dimension]` */
export function randomPoints(dimension: number, count: number): Float64Array[] {
  const source = stream(1, 'benchmark', 'points')
  return Array.from({ length: count }, () => Float64Array.from({ length: dimension }, () => 2 * source.uniform() - 1))
}

/** Seconds per evaluation after at least a second of them. */
function warmUp(evaluate: (count: number) => void): number {
  let [count, total] = [1, 0]
  for (;;) {
    const seconds = timeOf(() => evaluate(count))
    total += seconds
    if (total > WARM_UP_SECONDS) return seconds / count
    if (seconds < WARM_UP_SECONDS / 4) count *= 2
  }
}

function timeOf(work: () => void): number {
  const start = processorSeconds()
  work()
  return processorSeconds() - start
}

function heapGrowth(work: () => void): number {
  const collect = globalThis.gc
  if (!collect) throw new Error('start node with --expose-gc')
  collect()
  const before = process.memoryUsage().heapUsed
  work()
  collect()
  return process.memoryUsage().heapUsed - before
}

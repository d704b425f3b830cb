import { sortedQuantile } from '../../../diagnostics/convergence/primitives/sorted-quantile.js'
import type { ForestData, Interval } from './forest.js'

/** How far beyond the pooled results any trial's own interval may stretch the axis, in widths of the pooled results. */
const stretchByAny = 1
/** The same for intervals that nine trials in ten keep within. */
const stretchByMost = 3

/**
 * Ends of the x axis of a forest plot. Zero, the pooled results and the shrunken intervals always fit; trials' own intervals stretch the axis only
 * so far, so that a few tiny trials do not flatten all others.
 */
export function forestDomain(data: Pick<ForestData, 'rows' | 'average' | 'newSetting'>): [number, number] {
  const core = extent([data.average, data.newSetting, ...data.rows.map((row) => row.shrunken)])
  const width = core[1] - core[0] || 1
  const own = data.rows.map((row) => row.own).filter(isFiniteInterval)
  const lowers = Float64Array.from(own, (interval) => interval.lower).sort()
  const uppers = Float64Array.from(own, (interval) => interval.upper).sort()
  const low = Math.min(
    0,
    core[0],
    Math.max(lowers[0], core[0] - stretchByAny * width) || 0,
    Math.max(sortedQuantile(lowers, 0.1), core[0] - stretchByMost * width) || 0,
  )
  const high = Math.max(
    0,
    core[1],
    Math.min(uppers[uppers.length - 1], core[1] + stretchByAny * width) || 0,
    Math.min(sortedQuantile(uppers, 0.9), core[1] + stretchByMost * width) || 0,
  )
  const padding = 0.03 * (high - low || 1)
  return [low - padding, high + padding]
}

function extent(intervals: readonly Interval[]): [number, number] {
  const finite = intervals.filter(isFiniteInterval)
  return [Math.min(...finite.map((interval) => interval.lower)), Math.max(...finite.map((interval) => interval.upper))]
}

function isFiniteInterval({ lower, upper }: Interval): boolean {
  return Number.isFinite(lower) && Number.isFinite(upper)
}

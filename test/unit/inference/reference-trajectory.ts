import type { LogDensity } from '../../../src/contract/log-density.js'
import type { Stream } from '../../../src/contract/stream.js'

/** A point of a trajectory with everything kept. */
export interface Point {
  readonly position: readonly number[]
  readonly momentum: readonly number[]
  readonly energy: number
}

/** The trajectory of a NUTS transition from its definition: every point is stored and every dyadic stretch is checked on stored points. */
export interface ReferenceTrajectory {
  readonly depth: number
  readonly leapfrogCount: number
  readonly acceptance: number
  readonly isDivergent: boolean
  readonly draw: Point
}

/** Unit metric; uses random numbers in the order of the implementation: a direction, one number per point, one for the whole new half. */
export function referenceTrajectory(
  stream: Stream,
  target: LogDensity,
  position: number[],
  momentum: number[],
  stepSize: number,
  maximumTreeDepth: number,
): ReferenceTrajectory {
  const initial = pointAt(target, position, momentum)
  const visited: Point[] = []
  let points = [initial]
  let draw = initial
  let depth = 0
  const result = (isDivergent: boolean): ReferenceTrajectory => ({
    depth,
    leapfrogCount: visited.length,
    acceptance:
      visited.reduce((sum, point) => sum + (Math.exp(Math.min(0, initial.energy - point.energy)) || 0), 0) / visited.length,
    isDivergent,
    draw,
  })
  while (depth < maximumTreeDepth) {
    const isForward = stream.uniform() < 0.5
    const half: Point[] = []
    let proposal = initial
    let end = isForward ? points[points.length - 1] : points[0]
    for (let i = 0; i < 2 ** depth; i++) {
      end = step(target, end, isForward ? stepSize : -stepSize)
      visited.push(end)
      if (!(end.energy - initial.energy <= 1000)) return result(true)
      half.push(end)
      if (stream.uniform() < share([end], half)) proposal = end
      for (let size = 2; (i + 1) % size === 0; size *= 2) if (!goesOn(half.slice(i + 1 - size))) return result(false)
    }
    if (stream.uniform() < share(half, points)) draw = proposal
    depth++
    points = isForward ? [...points, ...half] : [...half.slice().reverse(), ...points]
    if (!goesOn(points)) break
  }
  return result(false)
}

export const weight = (initial: Point, point: Point) => Math.exp(initial.energy - point.energy)

/** Total weight of some points relative to that of others, in logarithms throughout. */
const share = (some: readonly Point[], others: readonly Point[]) => Math.exp(logWeight(some) - logWeight(others))

function logWeight(points: readonly Point[]): number {
  const largest = Math.max(...points.map((point) => -point.energy))
  return largest + Math.log(points.reduce((sum, point) => sum + Math.exp(-point.energy - largest), 0))
}

/** The criterion on a stretch of 2^k points and across the seam of its halves. */
function goesOn(points: readonly Point[]): boolean {
  const middle = points.length / 2
  return [points, points.slice(0, middle + 1), points.slice(middle - 1)].every((stretch) => {
    const sum = stretch[0].momentum.map((_, i) => stretch.reduce((total, point) => total + point.momentum[i], 0))
    return [stretch[0], stretch[stretch.length - 1]].every(
      ({ momentum }) => momentum.reduce((dot, p, i) => dot + p * sum[i], 0) > 0,
    )
  })
}

export function pointAt(target: LogDensity, position: readonly number[], momentum: readonly number[]): Point {
  const value = target.valueAndGradient(Float64Array.from(position), new Float64Array(position.length))
  return { position, momentum, energy: momentum.reduce((sum, p) => sum + 0.5 * p * p, 0) - value }
}

export function step(target: LogDensity, { position, momentum }: Point, stepSize: number): Point {
  const gradientAt = (q: readonly number[]) => {
    const gradient = new Float64Array(q.length)
    target.valueAndGradient(Float64Array.from(q), gradient)
    return gradient
  }
  const gradient = gradientAt(position)
  const middle = momentum.map((p, i) => p + 0.5 * stepSize * gradient[i])
  const next = position.map((q, i) => q + stepSize * middle[i])
  const nextGradient = gradientAt(next)
  return pointAt(
    target,
    next,
    middle.map((p, i) => p + 0.5 * stepSize * nextGradient[i]),
  )
}

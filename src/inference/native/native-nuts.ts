import type { GuestModule, LogDensity } from '../../contract/log-density.js'
import type { Stream } from '../../contract/stream.js'
import { fillNormal } from '../../random/fill-normal.js'
import type { Metric } from '../metric.js'
import { copyState, type GradientState } from '../state.js'
import type { HamiltonianInfo, TunedSettings } from '../transition.js'
import type { Transition } from '../transition-kernel.js'
import { layOutTrajectory, type TrajectoryMemory, trajectoryElements } from './trajectory-layout.js'
import { trajectoryModule } from './trajectory-module.js'

/** Above this a dense metric takes more memory (2 x 8 MiB) than it should be given unasked. */
const LARGEST_DIMENSION = 1024

/** Integers of the header, by element. */
const at = {
  isDense: 2,
  forward: 8,
  backward: 9,
  proposal: 10,
  sample: 11,
  root: 12,
  columns: 13,
  diverged: 15,
  steps: 16,
  moved: 19,
}
/** Numbers of the header, by element. */
const numberAt = { initialEnergy: 10, acceptanceSum: 14 }

/**
 * The transition of `nuts.ts` with all of the trajectory's growth in WebAssembly beside the log density's program: the same draws bit for bit,
 * and none of the wait for a just-in-time compiler, which is most of the time of a short run. None where the log density is not such a program.
 */
export function nativeNuts(logDensity: LogDensity, maximumTreeDepth: number): Transition | undefined {
  const { dimension, join } = logDensity
  if (!join || dimension > LARGEST_DIMENSION) return undefined
  const uniform = { of: (): number => Number.NaN }
  // Programs have at most one piece of the gradient per element of the position.
  const guest: GuestModule = {
    bytes: trajectoryModule(),
    functions: { exp: Math.exp, uniform: () => uniform.of() },
    elementCount: trajectoryElements(dimension, maximumTreeDepth, dimension),
  }
  const joined = join(guest)
  const memory = layOutTrajectory(joined, dimension, maximumTreeDepth)
  const grow = joined.exports.grow as (header: number, stepSize: number, maximumDepth: number) => number
  const { integers, numbers } = memory
  const forward = phasePoint(memory, integers[at.forward], dimension)
  // The two change places.
  const candidates = new Map(
    [at.proposal, at.sample].map((place) => [integers[place], candidate(memory, integers[place], dimension)]),
  )
  let known: Metric | undefined

  return (stream: Stream, state: GradientState, _: LogDensity, { stepSize, metric }: TunedSettings) => {
    if (metric !== known) writeMetric(memory, metric, dimension)
    known = metric
    uniform.of = stream.uniform
    writeState(forward, state, dimension)
    fillNormal(stream, forward.momentum)
    const treeDepth = grow(memory.header, stepSize, maximumTreeDepth)
    const sample = integers[at.moved] === 1 ? candidates.get(integers[at.sample]) : undefined
    const leapfrogCount = integers[at.steps]
    const divergedAt = integers[at.diverged]
    const info: HamiltonianInfo = {
      acceptance: leapfrogCount === 0 ? 0 : numbers[numberAt.acceptanceSum] / leapfrogCount,
      treeDepth,
      leapfrogCount,
      isDivergent: divergedAt !== 0,
      energy: sample ? sample.energy : numbers[numberAt.initialEnergy],
      stepSize,
    }
    return {
      state: sample ? copyState(sample) : state,
      info: divergedAt === 0 ? info : { ...info, divergencePosition: memory.view(divergedAt, dimension).slice() },
    }
  }
}

function phasePoint({ view, width }: TrajectoryMemory, address: number, dimension: number) {
  const all = view(address, 4 * width + 1)
  const part = (index: number) => all.subarray(index * width, index * width + dimension)
  return { all, width, position: part(0), momentum: part(1), gradient: part(2) }
}

function writeState(point: ReturnType<typeof phasePoint>, state: GradientState, dimension: number): void {
  const { all, width, position, gradient } = point
  position.set(state.position)
  gradient.set(state.gradient)
  all[4 * width] = state.logDensity
  if (dimension === width) return
  // What a divergence may have left behind the last momentum.
  all[width + dimension] = 0
}

function writeMetric({ integers, view, width, stride }: TrajectoryMemory, { kind, root }: Metric, dimension: number): void {
  const isDense = kind === 'dense'
  integers[at.isDense] = isDense ? 1 : 0
  if (!isDense) {
    view(integers[at.root], dimension).set(root)
    return
  }
  const rows = view(integers[at.root], width * stride)
  const columns = view(integers[at.columns], width * stride)
  rows.fill(0)
  for (let row = 0; row < dimension; row++)
    for (let column = 0; column <= row; column++) {
      const entry = root[row * dimension + column]
      rows[row * stride + column] = entry
      columns[column * stride + row] = entry
    }
}

/** The candidate at this address, as views. */
function candidate({ view, width }: TrajectoryMemory, address: number, dimension: number) {
  const all = view(address, 2 * width + 2)
  return {
    position: all.subarray(0, dimension),
    gradient: all.subarray(width, width + dimension),
    get logDensity() {
      return all[2 * width]
    },
    get energy() {
      return all[2 * width + 1]
    },
  }
}

import type { LogDensity } from '../contract/log-density.js'
import type { Stream } from '../contract/stream.js'
import type { InitialState } from './initial-position.js'
import { type NutsInfo, type NutsState, nuts } from './nuts.js'
import { type Adaptation, startWarmup, type WarmupOptions } from './warmup.js'

/** One chain from start to end, a function of its arguments alone: it can run anywhere that has the log density, the start and the seed. */
export interface ChainJob {
  readonly logDensity: LogDensity
  readonly start: InitialState
  /** Purposes: `warmup`, `sampling`. */
  readonly streamFor: (purpose: string) => Stream
  readonly settings: WarmupOptions & { readonly drawCount: number }
}

/** After each transition. */
export interface ChainStatus {
  readonly phase: 'warmup' | 'sampling'
  /** Transitions made in this phase, of `total`. */
  readonly iteration: number
  readonly total: number
  /** Divergent transitions in this phase. */
  readonly divergences: number
  readonly gradientCount: number
}

/** Milliseconds between reports of a status. */
export const STATUS_INTERVAL = 50

/** Names of what the sampler says about each draw, in storage order. */
export const samplerVariables = [
  'log_density',
  'acceptance',
  'step_size',
  'tree_depth',
  'leapfrog_count',
  'divergent',
  'energy',
] as const
export type SamplerVariable = (typeof samplerVariables)[number]

export interface ChainResult {
  /** `[draw, dimension]` */
  readonly positions: Float64Array
  /** `[draw]` each */
  readonly sampler: Readonly<Record<SamplerVariable, Float64Array>>
  readonly adaptation: Adaptation
  /** Gradient evaluations, warmup and initialisation included. */
  readonly gradientCount: number
}

/** The only loop over draws. A generator, so that whoever drives it decides when to pause, report or stop between transitions. */
export function* runChain(job: ChainJob): Generator<ChainStatus, ChainResult, void> {
  const { warmupCount, drawCount, maximumTreeDepth } = job.settings
  const logDensity = withCount(job.logDensity, job.start.gradientCount)
  const algorithm = nuts(logDensity.dimension)
  let state: NutsState = job.start

  const warmupStream = job.streamFor('warmup')
  const warmup = startWarmup(warmupStream, state, logDensity, job.settings)
  let divergences = 0
  for (let iteration = 1; iteration <= warmupCount; iteration++) {
    const next = algorithm.step(warmupStream, state, logDensity, warmup.settings())
    state = next.state
    warmup.learn(state, next.info.acceptance)
    if (next.info.isDivergent) divergences++
    yield { phase: 'warmup', iteration, total: warmupCount, divergences, gradientCount: logDensity.count }
  }

  const adaptation = warmup.adaptation()
  const settings = { ...adaptation, maximumTreeDepth }
  const record = createRecord(drawCount, logDensity.dimension)
  const stream = job.streamFor('sampling')
  divergences = 0
  for (let iteration = 1; iteration <= drawCount; iteration++) {
    const next = algorithm.step(stream, state, logDensity, settings)
    state = next.state
    write(record, iteration - 1, state, next.info)
    if (next.info.isDivergent) divergences++
    yield { phase: 'sampling', iteration, total: drawCount, divergences, gradientCount: logDensity.count }
  }
  return { ...record, adaptation, gradientCount: logDensity.count }
}

type ChainRecord = Pick<ChainResult, 'positions' | 'sampler'>

function createRecord(drawCount: number, dimension: number): ChainRecord {
  const columns = samplerVariables.map((name) => [name, new Float64Array(drawCount)])
  return { positions: new Float64Array(drawCount * dimension), sampler: Object.fromEntries(columns) }
}

function write({ positions, sampler }: ChainRecord, draw: number, state: NutsState, info: NutsInfo): void {
  positions.set(state.position, draw * state.position.length)
  sampler.log_density[draw] = state.logDensity
  sampler.acceptance[draw] = info.acceptance
  sampler.step_size[draw] = info.stepSize
  sampler.tree_depth[draw] = info.treeDepth
  sampler.leapfrog_count[draw] = info.leapfrogCount
  sampler.divergent[draw] = info.isDivergent ? 1 : 0
  sampler.energy[draw] = info.energy
}

/** The same log density, counting its evaluations on from `count`. */
function withCount(inner: LogDensity, count: number): LogDensity & { readonly count: number } {
  return {
    count,
    dimension: inner.dimension,
    valueAndGradient(position, gradient) {
      ;(this as { count: number }).count++
      return inner.valueAndGradient(position, gradient)
    },
  }
}

import type { GradientState } from './state.js'

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

/** A transition of the sampling phase that left the region in which the integrator works. */
export interface Divergence {
  /** Of the draw that the transition made, 0-based. */
  readonly draw: number
  /** Where the trajectory ended, on the unconstrained scale, `[dimension]`. */
  readonly position: Float64Array
}

/** At most this many divergences are kept per chain; all are counted. */
export const KEPT_DIVERGENCES = 200

/** What a chain leaves behind; plain data. */
export interface ChainRecord {
  /** Draws before these, which the chain has handed over in pieces. */
  readonly firstDraw: number
  /** `[draw, dimension]` */
  readonly positions: Float64Array
  /** `[draw]` each */
  readonly sampler: Readonly<Record<SamplerVariable, Float64Array>>
  /** The first 200, in order. */
  readonly divergences: readonly Divergence[]
}

export interface RecordOptions {
  /** Draws kept. */
  readonly drawCount: number
  /** Transitions for each draw that is kept; 1 when left out. */
  readonly thin?: number
  /** Draws in a piece: when it holds as many, a chain hands them over and forgets them; all are kept when left out. */
  readonly pieceDraws?: number
}

/** What is recorded of a transition besides its state. */
export interface RecordedInfo {
  readonly acceptance: number
  readonly treeDepth: number
  readonly leapfrogCount: number
  readonly isDivergent: boolean
  readonly energy: number
  readonly stepSize: number
  readonly divergencePosition?: Float64Array
}

/** A record with room for the draws that are still to come, or for those of a piece; those of `earlier` are in their places. */
export function createRecord(
  { drawCount, pieceDraws = Number.POSITIVE_INFINITY }: RecordOptions,
  dimension: number,
  earlier?: ChainRecord,
): ChainRecord {
  const firstDraw = earlier?.firstDraw ?? 0
  const room = Math.min(pieceDraws, drawCount - firstDraw)
  const lengthen = (values: Float64Array | undefined, length: number) => {
    const longer = new Float64Array(length)
    if (values) longer.set(values)
    return longer
  }
  const columns = samplerVariables.map((name) => [name, lengthen(earlier?.sampler[name], room)])
  return {
    firstDraw,
    positions: lengthen(earlier?.positions, room * dimension),
    sampler: Object.fromEntries(columns),
    divergences: structuredClone(earlier?.divergences ?? []),
  }
}

/** What follows a record that was handed over: no draws yet, and the divergences so far. */
export function recordAfter({ firstDraw, sampler, divergences }: ChainRecord): ChainRecord {
  return {
    firstDraw: firstDraw + sampler.log_density.length,
    positions: new Float64Array(0),
    sampler: Object.fromEntries(samplerVariables.map((name) => [name, new Float64Array(0)])) as ChainRecord['sampler'],
    divergences,
  }
}

/**
 * Writes what transition number `iteration` of the sampling phase says about its draw, which is where the last of `thin` transitions ended. No
 * trouble is thinned away: `divergent` when one of them was, the deepest tree, all leapfrog steps; the rest is of the last.
 */
export function recordTransition(
  record: ChainRecord,
  iteration: number,
  thin: number,
  state: GradientState,
  info: RecordedInfo,
): void {
  const { positions, sampler, firstDraw } = record
  const made = Math.floor(iteration / thin)
  const draw = made - firstDraw
  const isFirst = iteration % thin === 0
  positions.set(state.position, draw * state.position.length)
  sampler.log_density[draw] = state.logDensity
  sampler.acceptance[draw] = info.acceptance
  sampler.step_size[draw] = info.stepSize
  sampler.tree_depth[draw] = Math.max(info.treeDepth, isFirst ? 0 : sampler.tree_depth[draw])
  sampler.leapfrog_count[draw] = info.leapfrogCount + (isFirst ? 0 : sampler.leapfrog_count[draw])
  sampler.divergent[draw] = info.isDivergent || (!isFirst && sampler.divergent[draw] === 1) ? 1 : 0
  sampler.energy[draw] = info.energy
  const divergences = record.divergences as Divergence[]
  if (info.divergencePosition && divergences.length < KEPT_DIVERGENCES)
    divergences.push({ draw: made, position: info.divergencePosition })
}

/** A copy of its first `drawCount` draws. */
export function copyRecord(
  { firstDraw, positions, sampler, divergences }: ChainRecord,
  drawCount: number,
  dimension: number,
): ChainRecord {
  const columns = samplerVariables.map((name) => [name, sampler[name].slice(0, drawCount)])
  return {
    firstDraw,
    positions: positions.slice(0, drawCount * dimension),
    sampler: Object.fromEntries(columns),
    divergences: structuredClone(divergences),
  }
}

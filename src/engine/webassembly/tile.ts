import { isUnitOrFixed, type MemoryOperand, type Reduce } from './loop-parts.js'

/**
 * How a sum of products is cut into tiles whose running totals stay in registers.
 *
 * V8 keeps 15 vector registers and moves all loads of a basic block to its beginning, so that totals and loads of one round of the innermost
 * loop must fit into the registers together: what spills is several times slower.
 */
export interface Tiling {
  /** Axis whose neighbouring elements share a vector: a kept one, then totals hold two results, or the last reduced one. */
  readonly vectorAxis: number | undefined
  /** Kept axes cut into tiles, with tile lengths in totals. */
  readonly tiles: readonly Tile[]
  /** Reduced axes from the outermost loop to the innermost. */
  readonly reducedAxes: readonly number[]
}
export interface Tile {
  readonly axis: number
  readonly length: number
}

const REGISTERS = 14
/** Multiplications and additions that the processor needs under way to be busy, for a latency of three cycles. */
const UNDER_WAY = 6
const LARGEST_TILE = 7
/** Cycles for what is done once per tile, and per round of its innermost loop. */
const PER_TILE = 10
const PER_ROUND = 0.5

/** Chosen by counting cycles for two multiplications, two additions and two loads per cycle. */
export function chooseTiling(statement: Reduce, lengths: readonly number[]): Tiling {
  const factors = memoryFactors(statement)
  const kept = lengths.flatMap((_, axis) => (statement.axes.includes(axis) ? [] : [axis]))
  const vectorAxis = chooseVectorAxis(statement, factors, lengths, kept)
  const innermost = statement.axes.includes(vectorAxis ?? -1) ? vectorAxis : undefined
  const reducedAxes = [...statement.axes.filter((axis) => axis !== innermost), ...(innermost === undefined ? [] : [innermost])]
  const rounds = reducedAxes.reduce((product, axis) => product * countAlong(axis, lengths, vectorAxis), 1)
  const axes = tiledAxes(factors, kept, lengths, vectorAxis)
  let best: { readonly cycles: number; readonly tiles: readonly Tile[] } = { cycles: Number.POSITIVE_INFINITY, tiles: [] }
  for (const tiles of candidates(axes, lengths, vectorAxis)) {
    const cycles = cyclesOf(tiles, factors, lengths, vectorAxis, rounds)
    if (cycles < best.cycles) best = { cycles, tiles }
  }
  return { vectorAxis, tiles: best.tiles, reducedAxes }
}

export function memoryFactors(statement: Reduce): MemoryOperand[] {
  return statement.factors.filter((factor): factor is MemoryOperand => factor.kind === 'memory')
}

/** Stretches of a tiled axis: how many totals side by side, from which element, how often, and whether they hold two elements each. */
export interface Stretch {
  readonly start: number
  readonly end: number
  readonly length: number
  readonly isVector: boolean
}

export function stretches({ axis, length }: Tile, lengths: readonly number[], vectorAxis: number | undefined): Stretch[] {
  const width = axis === vectorAxis ? 2 : 1
  const count = Math.floor(lengths[axis] / width)
  const whole = count - (count % length)
  const found: Stretch[] = []
  if (whole > 0) found.push({ start: 0, end: whole * width, length, isVector: width === 2 })
  if (whole < count) found.push({ start: whole * width, end: count * width, length: count - whole, isVector: width === 2 })
  if (count * width < lengths[axis]) found.push({ start: count * width, end: lengths[axis], length: 1, isVector: false })
  return found
}

function chooseVectorAxis(
  { axes, strides }: Reduce,
  factors: readonly MemoryOperand[],
  lengths: readonly number[],
  kept: readonly number[],
): number | undefined {
  const fits = (axis: number) =>
    lengths[axis] >= 2 &&
    factors.every((factor) => isUnitOrFixed(factor.strides[axis])) &&
    factors.some((factor) => factor.strides[axis] === 1)
  const score = (axis: number) => Math.min(lengths[axis], 8) * 4 + (axes.includes(axis) ? 0 : strides[axis] === 1 ? 2 : 1)
  return [...kept, ...axes]
    .filter(fits)
    .reduce<number | undefined>((best, axis) => (best === undefined || score(axis) > score(best) ? axis : best), undefined)
}

/** The kept axis that is vectorised, and those along which some factor stays the same, so that its load is shared; two at most. */
function tiledAxes(
  factors: readonly MemoryOperand[],
  kept: readonly number[],
  lengths: readonly number[],
  vectorAxis: number | undefined,
): number[] {
  const shared = kept
    .filter((axis) => axis !== vectorAxis && factors.some((factor) => factor.strides[axis] === 0))
    .sort((left, right) => lengths[right] - lengths[left])
  const first = vectorAxis !== undefined && kept.includes(vectorAxis) ? [vectorAxis] : []
  const chosen = [...first, ...shared].slice(0, 2)
  return chosen.length > 0 ? chosen : kept.slice(-1)
}

function countAlong(axis: number, lengths: readonly number[], vectorAxis: number | undefined): number {
  return axis === vectorAxis ? Math.ceil(lengths[axis] / 2) : lengths[axis]
}

function candidates(axes: readonly number[], lengths: readonly number[], vectorAxis: number | undefined): Tile[][] {
  return axes.reduce<Tile[][]>(
    (combinations, axis) => {
      const longest = Math.max(1, Math.min(LARGEST_TILE, Math.floor(countAlong(axis, lengths, vectorAxis))))
      const tiles = Array.from({ length: longest }, (_, index) => ({ axis, length: index + 1 }))
      return combinations.flatMap((combination) => tiles.map((tile) => [...combination, tile]))
    },
    [[]],
  )
}

function cyclesOf(
  tiles: readonly Tile[],
  factors: readonly MemoryOperand[],
  lengths: readonly number[],
  vectorAxis: number | undefined,
  rounds: number,
): number {
  const sizes = tiles.map((tile) =>
    stretches(tile, lengths, vectorAxis).map(({ start, end, length, isVector }) => ({
      length,
      blocks: (end - start) / (length * (isVector ? 2 : 1)),
    })),
  )
  let cycles = 0
  const visit = (depth: number, blocks: number, chosen: readonly number[]): void => {
    if (depth < tiles.length) {
      for (const size of sizes[depth]) visit(depth + 1, blocks * size.blocks, [...chosen, size.length])
      return
    }
    const totals = chosen.reduce((product, length) => product * length, 1)
    const loads = factors.reduce(
      (sum, { strides }) =>
        sum + tiles.reduce((product, { axis }, position) => (strides[axis] === 0 ? product : product * chosen[position]), 1),
      0,
    )
    const perRound = totals + loads > REGISTERS ? Number.POSITIVE_INFINITY : Math.max(totals, loads, UNDER_WAY) / 2 + PER_ROUND
    cycles += blocks * (rounds * perRound + PER_TILE + totals)
  }
  visit(0, 1, [])
  return cycles
}

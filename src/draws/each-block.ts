import { type Draws, elementCount, type Variable } from './draws.js'

/** Neighbouring draws of one chain. */
export interface DrawsBlock {
  readonly chain: number
  /** 0-based, within the chain. */
  readonly firstDraw: number
  readonly drawCount: number
  /** Of each variable, `[variable][draw, ...dimensions]`. Views of draws in memory. */
  readonly values: readonly Float64Array[]
}

/** All draws, or those of one chain, chain after chain, so many at a time that stored ones fit into memory. */
export function* eachBlock({ chainCount, drawCount, variables }: Draws, only?: number): Generator<DrawsBlock> {
  const length = Math.min(drawCount, ...variables.map(({ stored }) => stored?.pieceDraws ?? drawCount))
  for (let chain = only ?? 0; chain < (only === undefined ? chainCount : only + 1); chain++)
    for (let firstDraw = 0; firstDraw < drawCount; firstDraw += length) {
      const count = Math.min(length, drawCount - firstDraw)
      const values = variables.map((variable) => rowsOf(variable, { chain, drawCount, firstDraw, count }))
      yield { chain, firstDraw, drawCount: count, values }
    }
}

function rowsOf(
  variable: Variable,
  { chain, drawCount, firstDraw, count }: { chain: number; drawCount: number; firstDraw: number; count: number },
): Float64Array {
  if (variable.stored) return variable.stored.draws(chain, firstDraw, count)
  const size = elementCount(variable)
  const start = chain * drawCount + firstDraw
  return variable.values.subarray(start * size, (start + count) * size)
}

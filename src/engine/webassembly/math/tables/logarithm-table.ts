import { type Extended, logarithmOnePlus, over } from './extended-arithmetic.js'
import { table } from './table.js'

/** Steps per unit between the nodes, which are 1 + j / 128. */
export const STEPS = 128
/** The upper parts are multiples of 2^-42: the sum of one and an integer multiple of log(2)'s upper part is exact. */
const GRANULARITY = 2 ** 42

/** log(1 + j / 128) for -64 <= j < 64, at the last seven bits of j, in two parts. */
export const logarithmTable = table('logarithmTable', STEPS, () =>
  Array.from({ length: STEPS }, (_, index) => onGrid(logarithm(index < STEPS / 2 ? index : index - STEPS))).flat(),
)

function logarithm(j: number): Extended {
  if (j >= 0) return logarithmOnePlus([j / STEPS, 0])
  // log(1 - d) = -log(1 + d / (1 - d)).
  const [high, low] = logarithmOnePlus(over([-j, 0], [STEPS + j, 0]))
  return [-high, -low]
}

function onGrid([high, low]: Extended): readonly number[] {
  const upper = Math.round(high * GRANULARITY) / GRANULARITY
  return [upper, high - upper + low]
}

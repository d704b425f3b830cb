import { type Extended, exponentialOfSmall, logarithmOnePlus, over, plus, powers } from './extended-arithmetic.js'
import { table } from './table.js'

/**
 * The logistic function and its kin at multiples of 1/16, each value in two parts. Entry j of the tables over the whole line stands for
 * j/16 if j < 512 and for (j - 1024)/16 from there on: the last ten bits of the integer 16 x.
 */
export const ENTRIES = 1024
export const STEPS_PER_UNIT = 16
/** The tables reach from -LIMIT to LIMIT. */
export const LIMIT = ENTRIES / 2 / STEPS_PER_UNIT

const ONE: Extended = [1, 0]

/** exp(-j/16), j = 0, ..., 512. */
function decay(): Extended[] {
  return powers(exponentialOfSmall([-1 / STEPS_PER_UNIT, 0]), ENTRIES / 2 + 1)
}

/** `right(exp(-x), x)` for x = 0, 1/16, ...; then `left(exp(-|x|))` for the negative numbers, the smallest first. */
function overTheLine(right: (decay: Extended, x: number) => Extended, left: (decay: Extended) => Extended): readonly number[] {
  const values = decay()
  const positive = values.slice(0, -1).map((value, j) => right(value, j / STEPS_PER_UNIT))
  const negative = values.slice(1).reverse().map(left)
  return [...positive, ...negative].flat()
}

/** 1 / (1 + exp(-x)). */
export const sigmoidTable = table('sigmoidTable', ENTRIES, () =>
  overTheLine(
    (value) => over(ONE, plus(ONE, value)),
    (value) => over(value, plus(ONE, value)),
  ),
)

/** log(1 + exp(x)). */
export const softplusTable = table('softplusTable', ENTRIES, () =>
  overTheLine(
    (value, x) => plus([x, 0], logarithmOnePlus(value)),
    (value) => logarithmOnePlus(value),
  ),
)

/** tanh(j/32), j = 0, ..., 511. */
export const hyperbolicTangentTable = table('hyperbolicTangentTable', ENTRIES / 2, () =>
  decay()
    .slice(0, -1)
    .flatMap(([high, low]) => over(plus(ONE, [-high, -low]), plus(ONE, [high, low]))),
)

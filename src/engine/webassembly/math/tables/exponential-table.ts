import { type Extended, exponentialOfSmall, powers } from './extended-arithmetic.js'
import { table } from './table.js'

/** Entries per binary order of magnitude, 2^8. */
export const STEPS = 256
export const STEP_BITS = 8

/** log(2) / STEPS. */
const LOG_OF_STEP: Extended = [Math.LN2 / STEPS, 2.3190468138462996e-17 / STEPS]

/**
 * 2^(j/256), j = 0, ..., 255, as pairs: the bits of the rounded value less j * 2^44, and the rounding error relative to it. Adding n + j/256,
 * as an integer with 44 zeros behind it, to those bits gives 2^(n + j/256).
 */
export const exponentialTable = table('exponentialTable', STEPS, () =>
  powers(exponentialOfSmall(LOG_OF_STEP), STEPS).flatMap(([high, low], j) => [withoutSteps(high, j), low / high]),
)

function withoutSteps(value: number, j: number): number {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value)
  view.setBigInt64(0, view.getBigInt64(0) - (BigInt(j) << BigInt(52 - STEP_BITS)))
  return view.getFloat64(0)
}

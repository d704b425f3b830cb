import { essTail } from './ess-tail.js'
import { type Chains, sortedDraws } from './primitives/chains.js'
import { generalisedParetoShape } from './primitives/generalised-pareto-shape.js'

/** With fewer, the lower quartile of the tail is its minimum and the fit is not defined. */
const fewestTailDraws = 6

export type Tail = 'both' | 'left' | 'right'

/**
 * Pareto k-hat of `[chain][draw]`: shape of the generalised Pareto distribution fitted to a tail of the draws, the larger one for `both`.
 * Moments of order 1 / k and above do not exist; means need k < 1, central limit behaviour in practice k < 0.7
 * (Vehtari, Simpson, Gelman, Yao and Gabry 2024, JMLR 25(72)).
 *
 * The tail holds 3 sqrt(S / r) of the S draws with r = tail ESS / S, or 0.2 S when the tail ESS is at most 225. NaN for a draw that is not
 * finite, constant draws or tails, a tail ESS that is not defined, and fewer than 30 draws.
 * @throws UsageError when the chains differ in length.
 */
export function paretoK(chains: Chains, tail: Tail = 'both'): number {
  const ascending = sortedDraws(chains)
  const size = tailLength(ascending.length, essTail(chains))
  if (!(size >= fewestTailDraws)) return Number.NaN
  const right = () => tailShape(ascending, size)
  const left = () => tailShape(ascending.map((value) => -value).reverse(), size)
  if (tail === 'right') return right()
  if (tail === 'left') return left()
  const shapes = [left(), right()].filter((shape) => !Number.isNaN(shape))
  return shapes.length === 0 ? Number.NaN : Math.max(...shapes)
}

function tailLength(drawCount: number, tailSize: number): number {
  if (Number.isNaN(tailSize)) return Number.NaN
  return Math.floor(tailSize > 225 ? 3 * Math.sqrt(drawCount / (tailSize / drawCount)) : drawCount / 5)
}

/** Shape of the exceedances over the largest value below the tail. */
function tailShape(ascending: Float64Array, size: number): number {
  const exceeding = ascending.subarray(ascending.length - size)
  if (exceeding[size - 1] - exceeding[0] < Number.EPSILON) return Number.NaN
  const below = ascending[ascending.length - size - 1]
  const threshold = below === exceeding[0] ? below - Number.EPSILON : below
  return generalisedParetoShape(exceeding.map((value) => value - threshold))
}

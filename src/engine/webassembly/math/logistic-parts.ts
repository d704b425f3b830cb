import { add, multiply, polynomial, subtract, type Writer } from './function-writer.js'
import { LIMIT, STEPS_PER_UNIT } from './tables/logistic-tables.js'

/**
 * What the logistic functions share: x = node + r, node the nearest multiple of 1/16. The addition formula of tanh turns a value at the node
 * into one at x with a single division: with v = 2 tanh(r/2),
 *
 *     sigmoid(node + r) = s + s (1 - s) v / (1 + (s - 1/2) v),   s = sigmoid(node)
 *
 * v = r + r^3 Q(r^2), Q: own Remez fit of degree 2 for |r| <= 1/32, relative error of v 2^-60.
 */
const Q = [-0.08333333333331873, 0.008333333242598889, -0.000843093709006346]
/** Added to a number of magnitude below 2^46, it leaves the nearest multiple of 1/16 as an integer in the last bits. */
const SHIFTER = (1.5 * 2 ** 52) / STEPS_PER_UNIT
/** Where the tables end, less half a step: the nearest node is among theirs below. */
export const FAST_WITHIN = LIMIT - 0.5 / STEPS_PER_UNIT

/** `index` holds the entry of the tables in its last bits. */
export function nearestNode({ keep }: Writer, x: string): { readonly index: string; readonly v: string } {
  const index = keep(add(x, SHIFTER))
  const r = keep(subtract(x, subtract(index, SHIFTER)))
  const square = keep(multiply(r, r))
  return { index, v: keep(add(r, multiply(multiply(r, square), polynomial(square, Q)))) }
}

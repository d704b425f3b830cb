/**
 * Cumulative Jensen-Shannon distance between the distributions that two sets of weights give the same draws (Nguyen and Vreeken
 * 2015, 10.1007/978-3-319-23525-7_11; Kallioinen, Paananen, Buerkner and Vehtari 2024, 10.1007/s11222-023-10366-5, section 2.4):
 * with distribution functions P and Q,
 *
 *     D^2 = integral of P log2(2 P / (P + Q)) + Q log2(2 Q / (P + Q)) over integral of P + Q,
 *
 * and the same with the survival functions; the larger of the two. From 0 (equal) to 1. NaN for a draw that is not finite; 0 when
 * the draws are constant.
 * @param draws `[draw]`
 * @param first normalised weights of the draws, as the second. `[draw]`
 */
export function cumulativeJensenShannon(draws: Float64Array, first: ArrayLike<number>, second: ArrayLike<number>): number {
  if (!draws.every(Number.isFinite)) return Number.NaN
  const order = Uint32Array.from(draws, (_, index) => index).sort((a, b) => draws[a] - draws[b])
  const upwards = divergence(draws, order, first, second)
  const downwards = divergence(draws, order.reverse(), first, second)
  return Math.sqrt(Math.max(upwards, downwards))
}

function divergence(draws: Float64Array, order: Uint32Array, first: ArrayLike<number>, second: ArrayLike<number>): number {
  let [p, q, numerator, denominator] = [0, 0, 0, 0]
  for (let index = 0; index < order.length - 1; index++) {
    p += first[order[index]]
    q += second[order[index]]
    const width = Math.abs(draws[order[index + 1]] - draws[order[index]])
    numerator += width * (relativeTerm(p, q) + relativeTerm(q, p))
    denominator += width * (p + q)
  }
  return denominator > 0 ? Math.max(0, numerator / denominator) : 0
}

/** p log2(2 p / (p + q)). */
function relativeTerm(p: number, q: number): number {
  return p > 0 ? p * Math.log2((2 * p) / (p + q)) : 0
}

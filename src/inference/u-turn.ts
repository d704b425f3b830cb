/**
 * The generalised no-U-turn criterion, and the sums of momenta that it needs.
 *
 * A stretch of trajectory with first and last momenta p_a, p_b and sum of momenta rho, in the coordinates of the metric, goes on while
 *
 *     rho'p_a > 0   and   rho'p_b > 0
 *
 * (Betancourt 2017, A conceptual introduction to Hamiltonian Monte Carlo, arXiv 1701.02434, A.4.2). Where two stretches meet, the criterion is
 * also applied across the seam, to each stretch plus the nearest momentum of the other: without it a trajectory of nearly harmonic motion can
 * close on itself unseen (adopted by Stan in 2.21).
 *
 * Arrays are `[dimension]`. Both functions return whether the joined stretch goes on; NaN stops it.
 */

/** Joins two single points; writes the sum of their momenta to `sum`. */
export function joinPoints(first: Float64Array, second: Float64Array, sum: Float64Array): boolean {
  for (let i = 0; i < sum.length; i++) sum[i] = first[i] + second[i]
  return goesAlong(sum, first) && goesAlong(sum, second)
}

/** Joins two stretches, `left` then `right` in the order in which they were walked; adds `rightSum` to `leftSum` in place. */
export function joinStretches(
  leftFirst: Float64Array,
  leftLast: Float64Array,
  leftSum: Float64Array,
  rightFirst: Float64Array,
  rightLast: Float64Array,
  rightSum: Float64Array,
): boolean {
  const atLeftSeam = goesAlong(leftSum, leftFirst, rightFirst) && goesAlong(leftSum, rightFirst, rightFirst)
  const atRightSeam = goesAlong(rightSum, leftLast, leftLast) && goesAlong(rightSum, rightLast, leftLast)
  for (let i = 0; i < leftSum.length; i++) leftSum[i] += rightSum[i]
  return atLeftSeam && atRightSeam && goesAlong(leftSum, leftFirst) && goesAlong(leftSum, rightLast)
}

/** (sum + nearest)'end > 0. Coordinates with even and with odd numbers are added up apart, as a vector instruction does. */
function goesAlong(sum: Float64Array, end: Float64Array, nearest?: Float64Array): boolean {
  let even = 0
  let odd = 0
  for (let i = 0; i < sum.length; i += 2) even += (nearest ? sum[i] + nearest[i] : sum[i]) * end[i]
  for (let i = 1; i < sum.length; i += 2) odd += (nearest ? sum[i] + nearest[i] : sum[i]) * end[i]
  return even + odd > 0
}

/**
 * The generalised no-U-turn criterion, and the sums of momenta that it needs.
 *
 * A stretch of trajectory with first and last momenta p_a, p_b and sum of momenta rho goes on while
 *
 *     rho' M^-1 p_a > 0   and   rho' M^-1 p_b > 0
 *
 * (Betancourt 2017, A conceptual introduction to Hamiltonian Monte Carlo, arXiv 1701.02434, A.4.2). Where two stretches meet, the criterion is
 * also applied across the seam, to each stretch plus the nearest momentum of the other: without it a trajectory of nearly harmonic motion can
 * close on itself unseen (adopted by Stan in 2.21).
 *
 * Arrays are `[dimension]`; `inverseMetric` is the diagonal of M^-1. Both functions return whether the joined stretch goes on; NaN stops it.
 */

/** Joins two single points; writes the sum of their momenta to `sum`. */
export function joinPoints(inverseMetric: Float64Array, first: Float64Array, second: Float64Array, sum: Float64Array): boolean {
  const dimension = sum.length
  let atFirst = 0
  let atSecond = 0
  for (let i = 0; i < dimension; i++) {
    const total = first[i] + second[i]
    sum[i] = total
    const velocity = inverseMetric[i] * total
    atFirst += velocity * first[i]
    atSecond += velocity * second[i]
  }
  return atFirst > 0 && atSecond > 0
}

/** Joins two stretches, `left` then `right` in the order in which they were walked; adds `rightSum` to `leftSum` in place. */
export function joinStretches(
  inverseMetric: Float64Array,
  leftFirst: Float64Array,
  leftLast: Float64Array,
  leftSum: Float64Array,
  rightFirst: Float64Array,
  rightLast: Float64Array,
  rightSum: Float64Array,
): boolean {
  const dimension = leftSum.length
  let wholeFirst = 0
  let wholeLast = 0
  let leftSeamFirst = 0
  let leftSeamLast = 0
  let rightSeamFirst = 0
  let rightSeamLast = 0
  for (let i = 0; i < dimension; i++) {
    const scale = inverseMetric[i]
    const a = leftFirst[i]
    const b = leftLast[i]
    const c = rightFirst[i]
    const d = rightLast[i]
    const left = leftSum[i]
    const right = rightSum[i]
    const total = left + right
    leftSum[i] = total
    const whole = scale * total
    wholeFirst += whole * a
    wholeLast += whole * d
    const leftSeam = scale * (left + c)
    leftSeamFirst += leftSeam * a
    leftSeamLast += leftSeam * c
    const rightSeam = scale * (right + b)
    rightSeamFirst += rightSeam * b
    rightSeamLast += rightSeam * d
  }
  return wholeFirst > 0 && wholeLast > 0 && leftSeamFirst > 0 && leftSeamLast > 0 && rightSeamFirst > 0 && rightSeamLast > 0
}

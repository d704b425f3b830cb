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
  const dimension = sum.length
  let atFirst = 0
  let atSecond = 0
  for (let i = 0; i < dimension; i++) {
    const total = first[i] + second[i]
    sum[i] = total
    atFirst += total * first[i]
    atSecond += total * second[i]
  }
  return atFirst > 0 && atSecond > 0
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
  const dimension = leftSum.length
  let wholeFirst = 0
  let wholeLast = 0
  let leftSeamFirst = 0
  let leftSeamLast = 0
  let rightSeamFirst = 0
  let rightSeamLast = 0
  // Two coordinates a turn, here and in leapfrog.ts: 7% less time per step of a trajectory in 187 dimensions.
  const even = dimension & ~1
  for (let i = 0; i < even; i += 2) {
    const j = i + 1
    const a = leftFirst[i]
    const a2 = leftFirst[j]
    const b = leftLast[i]
    const b2 = leftLast[j]
    const c = rightFirst[i]
    const c2 = rightFirst[j]
    const d = rightLast[i]
    const d2 = rightLast[j]
    const left = leftSum[i]
    const left2 = leftSum[j]
    const right = rightSum[i]
    const right2 = rightSum[j]
    const total = left + right
    const total2 = left2 + right2
    leftSum[i] = total
    leftSum[j] = total2
    wholeFirst += total * a + total2 * a2
    wholeLast += total * d + total2 * d2
    const leftSeam = left + c
    const leftSeam2 = left2 + c2
    leftSeamFirst += leftSeam * a + leftSeam2 * a2
    leftSeamLast += leftSeam * c + leftSeam2 * c2
    const rightSeam = right + b
    const rightSeam2 = right2 + b2
    rightSeamFirst += rightSeam * b + rightSeam2 * b2
    rightSeamLast += rightSeam * d + rightSeam2 * d2
  }
  if (even < dimension) {
    const total = leftSum[even] + rightSum[even]
    const leftSeam = leftSum[even] + rightFirst[even]
    const rightSeam = rightSum[even] + leftLast[even]
    leftSum[even] = total
    wholeFirst += total * leftFirst[even]
    wholeLast += total * rightLast[even]
    leftSeamFirst += leftSeam * leftFirst[even]
    leftSeamLast += leftSeam * rightFirst[even]
    rightSeamFirst += rightSeam * leftLast[even]
    rightSeamLast += rightSeam * rightLast[even]
  }
  return wholeFirst > 0 && wholeLast > 0 && leftSeamFirst > 0 && leftSeamLast > 0 && rightSeamFirst > 0 && rightSeamLast > 0
}

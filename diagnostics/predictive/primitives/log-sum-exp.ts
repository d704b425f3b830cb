/** log(sum_i exp(x_i)) without overflow. -Infinity when empty, NaN when a value is NaN. */
export function logSumExp(values: ArrayLike<number>): number {
  let largest = -Infinity
  for (let index = 0; index < values.length; index++) {
    if (Number.isNaN(values[index])) return Number.NaN
    if (values[index] > largest) largest = values[index]
  }
  if (!Number.isFinite(largest)) return largest
  let sum = 0
  for (let index = 0; index < values.length; index++) sum += Math.exp(values[index] - largest)
  return largest + Math.log(sum)
}

/** exp(x_i) / sum_j exp(x_j). */
export function softmax(values: ArrayLike<number>): Float64Array {
  const total = logSumExp(values)
  return Float64Array.from(values, (value) => Math.exp(value - total))
}

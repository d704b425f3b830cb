/** Arithmetic mean in two passes: the second adds the mean residual, which keeps draws with a large offset exact. NaN when empty. */
export function mean(values: ArrayLike<number>): number {
  const first = sum(values) / values.length
  if (!Number.isFinite(first)) return first
  let residual = 0
  for (let index = 0; index < values.length; index++) residual += values[index] - first
  return first + residual / values.length
}

/** Sample variance with denominator n - 1. NaN for fewer than two values. */
export function variance(values: ArrayLike<number>): number {
  const centre = mean(values)
  let squares = 0
  for (let index = 0; index < values.length; index++) squares += (values[index] - centre) ** 2
  return squares / (values.length - 1)
}

function sum(values: ArrayLike<number>): number {
  let total = 0
  for (let index = 0; index < values.length; index++) total += values[index]
  return total
}

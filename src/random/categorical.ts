import type { Stream } from '../contract/stream.js'
import { UsageError } from '../errors/usage-error.js'

/**
 * Index of one category, with probability proportional to its weight.
 * @param weights `[category]`, not negative, not all zero; they need not sum to 1.
 * @throws UsageError when the weights give no distribution.
 */
export function drawCategorical(stream: Stream, weights: ArrayLike<number>): number {
  let total = 0
  for (let i = 0; i < weights.length; i++) total += checkedWeight(weights[i], i)
  if (!(total > 0)) refuse('weights that sum to 0')
  let remaining = stream.uniform() * total
  let last = 0
  for (let i = 0; i < weights.length; i++) {
    if (weights[i] === 0) continue
    last = i
    remaining -= weights[i]
    if (remaining < 0) break
  }
  return last
}

function checkedWeight(weight: number, index: number): number {
  if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY)) refuse(`weight ${weight} at index ${index}`)
  return weight
}

function refuse(what: string): never {
  throw new UsageError({
    problem: `${what} cannot be drawn from`,
    reason: 'category weights must be finite, not negative and not all zero',
    remedy: 'Check how the weights were computed.',
  })
}

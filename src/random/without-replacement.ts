import type { Stream } from '../contract/stream.js'
import { UsageError } from '../errors/usage-error.js'
import { drawInteger } from './integer.js'

/**
 * `size` different indices out of 0, 1, ..., count - 1, every ordered selection equally likely: the first steps of the Fisher-Yates shuffle
 * (Durstenfeld 1964, 10.1145/364520.364540).
 * @throws UsageError when more are asked for than there are.
 */
export function drawWithoutReplacement(stream: Stream, count: number, size: number): Int32Array {
  if (size > count)
    throw new UsageError({
      problem: `cannot draw ${size} of ${count} without replacement`,
      remedy: `Ask for at most ${count}.`,
    })
  const indices = Int32Array.from({ length: count }, (_, index) => index)
  for (let i = 0; i < size; i++) {
    const other = i + drawInteger(stream, count - i)
    const swapped = indices[i]
    indices[i] = indices[other]
    indices[other] = swapped
  }
  return indices.slice(0, size)
}

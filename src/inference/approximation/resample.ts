import type { Stream } from '../../contract/stream.js'
import { drawInteger } from '../../random/integer.js'

/**
 * `count` indices of weighted draws, each drawn weight x count times on average and never further from that than one: systematic resampling (Kitagawa 1996,
 * 10.1080/10618600.1996.10474692), in random order. No index comes twice unless its weight exceeds 1 / count.
 * @param logWeights normalised, `[draw]`; of draws that are in random order themselves, or the result depends on it
 */
export function resampleSystematically(stream: Stream, logWeights: Float64Array, count: number): Int32Array {
  const indices = new Int32Array(count)
  const offset = stream.uniform()
  let draw = 0
  let below = Math.exp(logWeights[0])
  for (let place = 0; place < count; place++) {
    const target = (place + offset) / count
    while (target > below && draw < logWeights.length - 1) below += Math.exp(logWeights[++draw])
    indices[place] = draw
  }
  return shuffled(stream, indices)
}

/**
 * `count` different indices of weighted draws, drawn one after the other in proportion to the weights of those left: the largest of log weights
 * with independent Gumbel noise added (Efraimidis and Spirakis 2006, 10.1016/j.ipl.2005.11.003).
 * @param logWeights `[draw]`, with or without normalisation; at least `count`
 */
export function resampleWithoutReplacement(stream: Stream, logWeights: Float64Array, count: number): Int32Array {
  const keys = logWeights.map((value) => value - Math.log(-Math.log(stream.uniform())))
  const order = Int32Array.from(keys.keys()).sort((a, b) => compareDescending(keys[a], keys[b]))
  return shuffled(stream, order.slice(0, count))
}

function compareDescending(a: number, b: number): number {
  if (a === b) return 0
  return a > b ? -1 : 1
}

function shuffled(stream: Stream, indices: Int32Array): Int32Array {
  for (let i = 0; i < indices.length - 1; i++) {
    const other = i + drawInteger(stream, indices.length - i)
    const swapped = indices[i]
    indices[i] = indices[other]
    indices[other] = swapped
  }
  return indices
}

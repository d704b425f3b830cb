import type { Stream } from '../contract/stream.js'

/** Uniform on 0, 1, ..., count - 1. Probabilities differ from 1 / count by less than count / 2^53 of themselves. */
export function drawInteger(stream: Stream, count: number): number {
  return Math.floor(stream.uniform() * count)
}

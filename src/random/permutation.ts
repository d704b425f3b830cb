import type { Stream } from '../contract/stream.js'
import { drawWithoutReplacement } from './without-replacement.js'

/** The indices 0, 1, ..., count - 1 in random order, every order equally likely. */
export function drawPermutation(stream: Stream, count: number): Int32Array {
  return drawWithoutReplacement(stream, count, count)
}

import type { Stream } from '../contract/stream.js'

/** 1 with that probability, else 0. */
export function drawBernoulli(stream: Stream, probability: number): 0 | 1 {
  return stream.uniform() < probability ? 1 : 0
}

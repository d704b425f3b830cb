import type { Stream } from '../contract/stream.js'

/** Exponential draw with that rate, by inversion: -log(u) / rate. Always positive. */
export function drawExponential(stream: Stream, rate = 1): number {
  return -Math.log(stream.uniform()) / rate
}

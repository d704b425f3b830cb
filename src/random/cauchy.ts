import type { Stream } from '../contract/stream.js'

/** Cauchy draw by inversion: location + scale * tan(pi (u - 1/2)). */
export function drawCauchy(stream: Stream, location = 0, scale = 1): number {
  return location + scale * Math.tan(Math.PI * (stream.uniform() - 0.5))
}

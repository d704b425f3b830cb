import type { Stream } from '../contract/stream.js'

/** Laplace (double exponential) draw with density exp(-|x - location| / scale) / (2 scale), by inversion. */
export function drawLaplace(stream: Stream, location = 0, scale = 1): number {
  const uniform = stream.uniform()
  return location + scale * (uniform < 0.5 ? Math.log(2 * uniform) : -Math.log(2 * (1 - uniform)))
}

import type { Stream } from '../contract/stream.js'
import { drawGamma } from './gamma.js'
import { standardNormal } from './standard-normal.js'

/** Student t draw: location + scale * z / sqrt(w / df) with z standard normal and w chi-squared on df degrees of freedom. */
export function drawStudentT(stream: Stream, degreesOfFreedom: number, location = 0, scale = 1): number {
  const halved = degreesOfFreedom / 2
  return location + scale * standardNormal(stream) * Math.sqrt(halved / drawGamma(stream, halved))
}

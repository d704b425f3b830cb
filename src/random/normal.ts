import type { Stream } from '../contract/stream.js'
import { standardNormal } from './standard-normal.js'

/** Normal draw with that mean and standard deviation. */
export function drawNormal(stream: Stream, mean = 0, scale = 1): number {
  return mean + scale * standardNormal(stream)
}

import type { Stream } from '../contract/stream.js'
import { standardNormal } from './standard-normal.js'

/** Fills `out` with independent standard normal draws, in order, and returns it. */
export function fillNormal(stream: Stream, out: Float64Array): Float64Array {
  for (let i = 0; i < out.length; i++) out[i] = standardNormal(stream)
  return out
}

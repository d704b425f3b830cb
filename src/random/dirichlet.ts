import type { Stream } from '../contract/stream.js'
import { drawLogOfGamma } from './gamma.js'

/** Dirichlet draw `[k]` from normalised gamma draws, on the log scale. Every part is positive, at least about 2^-1000. */
export function drawDirichlet(stream: Stream, concentration: ArrayLike<number>): Float64Array {
  const logs = Float64Array.from(concentration, (shape) => drawLogOfGamma(stream, shape))
  const largest = logs.reduce((a, b) => Math.max(a, b))
  const parts = logs.map((log) => Math.max(Math.exp(log - largest), LEAST_PART))
  const total = parts.reduce((a, b) => a + b)
  return parts.map((part) => part / total)
}

const LEAST_PART = 2 ** -1000

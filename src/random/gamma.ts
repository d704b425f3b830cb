/**
 * Gamma draws with density x^(shape - 1) exp(-rate x) rate^shape / Gamma(shape).
 *
 * Shape >= 1: the cube of a shifted normal, accepted against the density (Marsaglia and Tsang 2000, 10.1145/358407.358414). Shape < 1: a draw with
 * shape + 1 times u^(1 / shape) (section 6 there), on the log scale because that power underflows for small shapes.
 */
import type { Stream } from '../contract/stream.js'
import { standardNormal } from './standard-normal.js'

/** Never 0: a draw too small for float64 becomes the smallest positive number. */
export function drawGamma(stream: Stream, shape: number, rate = 1): number {
  const draw = shape >= 1 ? marsagliaTsang(stream, shape) : Math.exp(drawLogOfGamma(stream, shape))
  return Math.max(draw / rate, Number.MIN_VALUE)
}

/** Logarithm of a draw with rate 1: exact where the draw itself would underflow. */
export function drawLogOfGamma(stream: Stream, shape: number): number {
  if (shape >= 1) return Math.log(marsagliaTsang(stream, shape))
  return Math.log(marsagliaTsang(stream, shape + 1)) + Math.log(stream.uniform()) / shape
}

function marsagliaTsang(stream: Stream, shape: number): number {
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const normal = standardNormal(stream)
    const root = 1 + c * normal
    if (root <= 0) continue
    const cube = root * root * root
    const logUniform = Math.log(stream.uniform())
    if (logUniform < 0.5 * normal * normal + d * (1 - cube + Math.log(cube))) return d * cube
  }
}

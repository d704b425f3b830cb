import type { Stream } from '../contract/stream.js'
import { drawLogOfGamma } from './gamma.js'

const LARGEST_BELOW_ONE = 1 - Number.EPSILON / 2

/**
 * Beta draw a / (a + b) from two gamma draws, kept on the log scale so that small arguments do not give 0 / 0. Strictly inside (0, 1): a draw
 * that would round to an end becomes the nearest number inside.
 */
export function drawBeta(stream: Stream, alpha: number, beta: number): number {
  const logOdds = drawLogOfGamma(stream, alpha) - drawLogOfGamma(stream, beta)
  const draw = logOdds < 0 ? Math.exp(logOdds) / (1 + Math.exp(logOdds)) : 1 / (1 + Math.exp(-logOdds))
  return Math.min(Math.max(draw, Number.MIN_VALUE), LARGEST_BELOW_ONE)
}

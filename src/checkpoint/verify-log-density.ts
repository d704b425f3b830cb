import type { LogDensity } from '../contract/log-density.js'
import type { ChainCheckpoints } from './chain-checkpoints.js'

/** Of values and gradients that eager tfjs computes in float32, not always in the same order. */
const EAGER_TOLERANCE = 1e-3

/**
 * Evaluates the log density where a chain was saved: the value and the gradient must be those that were saved, to the last bit, or the draws before
 * and after would be of different posteriors. Finds changed data, models and arithmetic that no hash was made of.
 *
 * @throws UsageError when they differ
 */
export function verifyLogDensity(
  { saved, refuse }: Pick<ChainCheckpoints, 'saved' | 'refuse'>,
  chain: number,
  logDensity: LogDensity,
  { engine }: { readonly engine: string },
): void {
  const snapshot = saved(chain)
  if (!snapshot) return
  const { position, logDensity: value, gradient } = snapshot.state
  if (position.length !== logDensity.dimension)
    refuse(chain, `it is of a model with ${position.length} parameters, and this one has ${logDensity.dimension}`)
  const now = new Float64Array(position.length)
  const valueNow = logDensity.valueAndGradient(position.slice(), now)
  const tolerance = engine === 'eager' ? EAGER_TOLERANCE : 0
  const isSame = isClose(value, valueNow, tolerance) && gradient.every((slope, index) => isClose(slope, now[index], tolerance))
  if (!isSame) refuse(chain, `the log density where it stands was ${value} and is ${valueNow}: the data or the model differ`)
}

function isClose(first: number, second: number, tolerance: number): boolean {
  return Object.is(first, second) || Math.abs(first - second) <= tolerance * Math.max(1, Math.abs(first))
}

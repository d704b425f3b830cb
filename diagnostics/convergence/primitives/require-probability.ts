import { UsageError } from '../../../src/errors/usage-error.js'

/** @throws UsageError when the value is not in [0, 1]. */
export function requireProbability(probability: number): void {
  if (!(probability >= 0 && probability <= 1))
    throw new UsageError({ problem: `the probability of a quantile is ${probability}`, remedy: 'Give a number from 0 to 1.' })
}

import { describe, expect, it } from 'vitest'
import { bernoulliLogitLogProbability } from '../../../src/distributions/discrete/bernoulli-logit.js'
import { float64 } from './float64.js'

describe('bernoulliLogitLogProbability', () => {
  it('is log p for 1 and log(1 - p) for 0 with p = 1 / (1 + exp(-logit)), without overflow', () => {
    const logits = [-800, -2, 0, 0.5, 800]
    const logProbability = float64([[5], [5]], (value, logit) => bernoulliLogitLogProbability(value, logit))
    const logOf = (logit: number): number => (logit < 0 ? logit - Math.log1p(Math.exp(logit)) : -Math.log1p(Math.exp(-logit)))
    for (const [outcome, sign] of [
      [1, 1],
      [0, -1],
    ])
      logProbability(new Float64Array(5).fill(outcome), Float64Array.from(logits)).forEach((value, i) => {
        const expected = logOf(sign * logits[i])
        expect(Math.abs(value - expected)).toBeLessThanOrEqual(1e-15 + 4 * Number.EPSILON * Math.abs(expected))
      })
  })
})

import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { flat } from '../../../src/distributions/flat.js'
import { flatPositive } from '../../../src/distributions/flat-positive.js'
import { lkjCholesky } from '../../../src/distributions/lkj-cholesky.js'
import { lognormal } from '../../../src/distributions/lognormal.js'
import { normal, normalLogProbability } from '../../../src/distributions/normal.js'
import { UsageError } from '../../../src/errors/usage-error.js'
import { approximate } from '../../../src/fitting/approximate.js'
import { proposalOf } from '../../../src/fitting/chain-start.js'
import { fit } from '../../../src/fitting/fit.js'
import { condition } from '../../../src/language/condition.js'
import { model } from '../../../src/language/model.js'
import { stream } from '../../../src/random/stream.js'

const data = { y: [100, 101] }
/** On the unconstrained scale: mu ~ N(100, 2^2), log tau ~ N(3, 0.5^2), z ~ N(0, 1) and log s ~ N(log tau, 0.1^2). */
const informed = model({
  name: 'informed',
  parameters: (_: typeof data) => ({
    mu: normal(100, 2),
    tau: lognormal(3, 0.5),
    theta: normal('mu', 'tau', { shape: [3], nonCentered: true }),
    s: lognormal(({ tau }) => tf.log(tau), 0.1),
  }),
  logLikelihood: ({ mu, s }, { y }) => normalLogProbability(y, mu, s),
})

describe('starts from the prior', () => {
  const conditioned = condition(informed, data)
  const propose = proposalOf(conditioned, 'prior')
  const source = stream(5)
  const count = 4000
  const points = Array.from({ length: count }, () => propose(source, 0))
  const column = (index: number) => points.map((point) => point[index])
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
  const sd = (values: readonly number[]) => Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)))
  /** Of the mean, and for a normal of the standard deviation, in standard deviations: family-wise error under 1e-4 for 14 comparisons. */
  const FIVE_STANDARD_ERRORS = 5 / Math.sqrt(count)
  const expected = [
    [100, 2],
    [3, 0.5],
    [0, 1],
    [0, 1],
    [0, 1],
  ]
  it('have the distribution of the prior on the unconstrained scale, non-centred parameters standardised', () => {
    for (const [index, [location, scale]] of expected.entries()) {
      expect(Math.abs(mean(column(index)) - location) / scale).toBeLessThan(FIVE_STANDARD_ERRORS)
      expect(Math.abs(sd(column(index)) / scale - 1)).toBeLessThan(FIVE_STANDARD_ERRORS)
    }
  })
  it('draw a parameter given those before it', () => {
    const differences = points.map((point) => point[5] - point[1])
    expect(Math.abs(mean(differences)) / 0.1).toBeLessThan(FIVE_STANDARD_ERRORS)
    expect(Math.abs(sd(differences) / 0.1 - 1)).toBeLessThan(FIVE_STANDARD_ERRORS)
  })
  it('are told from uniform ones', () => {
    const uniform = proposalOf(conditioned, 'uniform')
    const values = Array.from({ length: 100 }, () => uniform(source, 0)[0])
    expect(Math.abs(mean(values) - 100) / 2).toBeGreaterThan(FIVE_STANDARD_ERRORS)
  })
  it('exist for every support, and serve fit and approximate, whose draws then differ from those of other starts', async () => {
    const correlated = model({
      name: 'correlated',
      parameters: (_: typeof data) => ({ mu: normal(100, 2), root: lkjCholesky(2, { shape: [3, 3] }) }),
      logLikelihood: ({ mu }, { y }) => normalLogProbability(y, mu, 1),
    })
    const settings = { seed: 1, chains: 1, warmup: 50, draws: 20, workers: 0 }
    const [byPrior, again, byDefault] = await Promise.all(
      [{ start: 'prior' as const }, { start: 'prior' as const }, {}].map((start) =>
        fit(correlated, data, { ...settings, ...start }),
      ),
    )
    expect(again.draws).toEqual(byPrior.draws)
    expect(byDefault.draws).not.toEqual(byPrior.draws)
    expect((await approximate(correlated, data, { algorithm: 'laplace', seed: 1, start: 'prior' })).diagnosis.status).toBe(
      'passed',
    )
  })
  it('are refused when a prior is improper, naming the parameters', async () => {
    const vague = model({
      name: 'vague',
      parameters: (_: typeof data) => ({ mu: flat(), known: normal(0, 1), sigma: flatPositive() }),
      logLikelihood: ({ mu, sigma }, { y }) => normalLogProbability(y, mu, sigma),
    })
    const failing = fit(vague, data, { seed: 1, start: 'prior', workers: 0 })
    await expect(failing).rejects.toThrow(UsageError)
    await expect(failing).rejects.toThrow(/"vague".*"mu", "sigma" have a flat prior/)
  })
})

describe('approximate refuses', () => {
  it('to climb several times from zero, where all climbs would be one', async () => {
    for (const algorithm of ['pathfinder', 'mean-field', 'full-rank'] as const)
      await expect(approximate(informed, data, { algorithm, seed: 1, start: 'zero' })).rejects.toThrow(/start "zero" does not go/)
  })
})

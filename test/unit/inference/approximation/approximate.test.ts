import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import type { Fit } from '../../../../src/contract/analysis.js'
import type { LogDensity } from '../../../../src/contract/log-density.js'
import { flat } from '../../../../src/distributions/flat.js'
import { halfNormal } from '../../../../src/distributions/half-normal.js'
import { normal, normalLogProbability } from '../../../../src/distributions/normal.js'
import { variable } from '../../../../src/draws/variable.js'
import { RunError } from '../../../../src/errors/run-error.js'
import { UsageError } from '../../../../src/errors/usage-error.js'
import { type ApproximateSettings, approximate, approximateConditioned } from '../../../../src/fitting/approximate.js'
import { type ConditionedModel, condition } from '../../../../src/language/condition.js'
import { model } from '../../../../src/language/model.js'
import { funnel } from '../targets.js'
import { banana, jobFor, normalDensity } from './support.js'

const algorithms: ApproximateSettings['algorithm'][] = ['laplace', 'mean-field', 'full-rank', 'pathfinder']
const location = model({
  name: 'location',
  parameters: (_: { y: number[] }) => ({ mu: normal(0, 10), sigma: halfNormal(5) }),
  logLikelihood: ({ mu, sigma }, { y }) => normalLogProbability(y, mu, sigma),
})
const data = { y: Array.from({ length: 40 }, (_, i) => 3 + Math.sin(12.9898 * i)) }
const check = (fit: Fit, name: string) => fit.diagnosis.checks.find((candidate) => candidate.name === name)!

/** A bare density as a conditioned model with one vector parameter. */
function conditionedOn(logDensity: LogDensity): ConditionedModel {
  const { dimension } = logDensity
  const vector = model({
    name: 'vector',
    parameters: (_: object) => ({ x: flat({ shape: [dimension] }) }),
    logLikelihood: ({ x }) => tf.mul(tf.square(x), -0.5),
  })
  const conditioned = condition(vector, {})
  return { ...conditioned, logDensity: { ...conditioned.logDensity, ...logDensity }, propose: jobFor(logDensity).propose }
}

describe.each(algorithms)('approximate by %s', (algorithm) => {
  it('gives a fit with independent draws in one chain, the log densities of both, and a diagnosis that passes for a regular posterior', async () => {
    const fit = await approximate(location, data, { algorithm, seed: 1, draws: 500 })
    expect(fit).toMatchObject({ modelName: 'location', algorithm, settings: { chains: 1, draws: 500, warmup: 0 } })
    expect(fit.draws).toMatchObject({ chainCount: 1, drawCount: 500 })
    expect(fit.draws.variables.map(({ name }) => name)).toEqual(['mu', 'sigma'])
    expect(fit.sampler.variables.map(({ name, values }) => [name, values.length])).toEqual([
      ['log_density', 500],
      ['log_approximation', 500],
      ['proposal', 500],
    ])
    expect(fit.diagnosis.checks.filter(({ status }) => status === 'failed')).toEqual([])
    expect(fit.diagnosis.status).toBe('passed')
    expect(fit.diagnosis.checks.map(({ name }) => name)).toEqual([
      'pareto-k',
      'ess-importance',
      'optimisation',
      'finite',
      'variation',
    ])
    expect(fit.gradientCount).toBeGreaterThan(2000)
  })
  it('gives the same draws for the same seed, others for another seed or study', async () => {
    const draw = async (settings: { seed: number; study?: string }) =>
      variable((await approximate(location, data, { algorithm, draws: 50, ...settings })).draws, 'mu').values
    const first = await draw({ seed: 1 })
    expect(await draw({ seed: 1 })).toEqual(first)
    expect((await draw({ seed: 2 }))[0]).not.toBe(first[0])
    expect((await draw({ seed: 1, study: 'A' }))[0]).not.toBe(first[0])
  })
})

describe('the diagnosis of an approximation', () => {
  it.each(['laplace', 'mean-field', 'full-rank'] as const)('by %s fails for a funnel, by its k-hat', async (algorithm) => {
    const fit = await approximateConditioned(conditionedOn(funnel(5)), { algorithm, seed: 1 })
    expect(fit.diagnosis.status).toBe('failed')
    expect(check(fit, 'pareto-k').status).toBe('failed')
    expect(check(fit, 'pareto-k').worst!.value).toBeGreaterThan(0.7)
    expect(check(fit, 'pareto-k').message).toMatch(/must not be relied on/)
  })
  it.each(['laplace', 'mean-field', 'full-rank'] as const)(
    'by %s fails for a banana from every one of ten seeds',
    async (algorithm) => {
      const target = conditionedOn(banana(2))
      for (let seed = 1; seed <= 10; seed++) {
        const fit = await approximateConditioned(target, { algorithm, seed })
        expect(fit.diagnosis.status).toBe('failed')
        expect(check(fit, 'pareto-k').worst!.value).toBeGreaterThan(0.69)
      }
    },
  )
  it('tells mean-field from full-rank on a correlated normal', async () => {
    const target = conditionedOn(normalDensity([0, 0], new Float64Array([1, 0.95, 0.95, 1])))
    expect((await approximateConditioned(target, { algorithm: 'full-rank', seed: 1 })).diagnosis.status).toBe('passed')
    expect((await approximateConditioned(target, { algorithm: 'mean-field', seed: 1 })).diagnosis.status).toBe('failed')
  })
  it('keeps all draws different when the weights cannot be relied on', async () => {
    const { draws } = await approximateConditioned(conditionedOn(funnel(5)), { algorithm: 'laplace', seed: 1, draws: 100 })
    const first = variable(draws, 'x').values.filter((_, index) => index % 5 === 0)
    expect(new Set(first).size).toBe(100)
  })
})

describe('approximate refuses', () => {
  it('an algorithm that does not exist, and settings out of range, before anything runs', async () => {
    const run = (settings: object) => approximate(location, data, { algorithm: 'laplace', seed: 1, ...settings })
    await expect(run({ algorithm: 'magic' })).rejects.toThrow(/laplace, mean-field, full-rank, pathfinder/)
    await expect(run({ draws: 3 })).rejects.toThrow(UsageError)
    await expect(run({ paths: 0.5 })).rejects.toThrow(UsageError)
  })
  it('an improper posterior', async () => {
    const improper = model({
      name: 'improper',
      parameters: (_: object) => ({ mu: flat() }),
      logLikelihood: ({ mu }) => tf.reshape(tf.mul(mu, 3), [1]),
    })
    for (const algorithm of algorithms) await expect(approximate(improper, {}, { algorithm, seed: 1 })).rejects.toThrow(RunError)
  })
})

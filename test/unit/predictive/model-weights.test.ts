import { describe, expect, it } from 'vitest'
import { pseudoBmaPlusWeights, pseudoBmaWeights } from '../../../diagnostics/predictive/pseudo-bma-weights.js'
import { stackingWeights } from '../../../diagnostics/predictive/stacking-weights.js'
import { drawDirichlet } from '../../../src/random/dirichlet.js'
import { stream } from '../../../src/random/stream.js'
import { readCsv } from '../../acceptance/kit.js'
import { isKitMissing, kitFolder, largestDifference, missingNote, readReference } from './kit.js'

interface StackingReference {
  readonly stacking_bfgs_tight: number[]
  readonly max_mean_log_score: number
  readonly pseudobma: number[]
  readonly pseudobma_plus_seed1_BBn10000: number[]
}

function fourModels(): Float64Array[] {
  const rows = readCsv(`${kitFolder}pointwise_elpd_4models.csv`)
  return Object.keys(rows[0]).map((model) => Float64Array.from(rows, (row) => Number(row[model])))
}

/** Densities from rough to sharp, some models copies of others, some giving observations no chance. */
function randomModels(index: number): Float64Array[] {
  const source = stream(1, 'models', index)
  const modelCount = 2 + Math.floor(29 * source.uniform())
  const observationCount = 5 + Math.floor(200 * source.uniform())
  const roughness = 10 ** (3 * source.uniform() - 2)
  const models = Array.from({ length: modelCount }, (_, model) =>
    Float64Array.from({ length: observationCount }, () =>
      index % 4 === 1 && model > 0 && source.uniform() < 0.3
        ? -Infinity
        : (-roughness * source.uniform()) / (source.uniform() + 0.01),
    ),
  )
  return index % 3 === 0 ? [...models, models[0].slice(), models[0].slice()] : models
}

function meanLogScore(elpd: readonly Float64Array[], weights: Float64Array): number {
  const scores = elpd[0].map((_, observation) =>
    Math.log(elpd.reduce((sum, each, model) => sum + weights[model] * Math.exp(each[observation]), 0)),
  )
  return scores.reduce((sum, value) => sum + value, 0) / scores.length
}

describe('stackingWeights', () => {
  it('gives models with observations of their own the shares of these', () => {
    const owner = [0, 0, 0, 1, 1, 2, 2, 2, 2, 2]
    const elpd = [0, 1, 2].map((model) => Float64Array.from(owner, (own) => (own === model ? -1 : -Infinity)))
    const { weights, gap } = stackingWeights(elpd)
    expect(largestDifference(weights, [0.3, 0.2, 0.5])).toBeLessThan(1e-6)
    expect(gap).toBeLessThan(1e-12)
  })
  it('gives the only model weight 1, and a model that is better everywhere all of it', () => {
    expect(stackingWeights([Float64Array.of(-1, -2)]).weights).toEqual(Float64Array.of(1))
    const { weights, meanLogScore: score } = stackingWeights([Float64Array.of(-1, -2, -1), Float64Array.of(-2, -3, -4)])
    expect(weights[0]).toBeGreaterThan(1 - 1e-9)
    expect(score).toBeCloseTo(-4 / 3, 9)
  })
  it.skipIf(isKitMissing)(`agrees with R package loo 2.5.1 at a tight tolerance${missingNote}`, () => {
    const reference = readReference<StackingReference>('stacking_expected.json')
    const { weights, meanLogScore: score } = stackingWeights(fourModels())
    expect(largestDifference(weights, reference.stacking_bfgs_tight)).toBeLessThan(1e-6)
    // Ours is the maximum, so that BFGS cannot be above it by more than its own rounding.
    expect(score - reference.max_mean_log_score).toBeGreaterThan(-1e-12)
    expect(score - reference.max_mean_log_score).toBeLessThan(1e-10)
  })
  it('closes the gap for up to 32 models, copies and models without a chance among them; random weights are never better', () => {
    for (let index = 0; index < 60; index++) {
      const elpd = randomModels(index)
      const { weights, gap, meanLogScore: score } = stackingWeights(elpd)
      expect(gap, `models ${index}`).toBeLessThan(1e-11)
      expect(weights.every((weight) => weight >= 0)).toBe(true)
      expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12)
      expect(score).toBeCloseTo(meanLogScore(elpd, weights), 9)
      const source = stream(1, 'weights', index)
      for (let other = 0; other < 20; other++) {
        const toward = drawDirichlet(source, new Float64Array(weights.length).fill(0.5))
        const near = weights.map((weight, model) => 0.99 * weight + 0.01 * toward[model])
        for (const tried of [toward, near]) expect(meanLogScore(elpd, tried)).toBeLessThanOrEqual(score + 1e-11)
      }
    }
  })
  it('does not depend on a constant added to all densities of an observation', () => {
    const elpd = randomModels(2)
    const moved = elpd.map((each) => each.map((value, observation) => value - 300 * observation))
    expect(largestDifference(stackingWeights(moved).weights, [...stackingWeights(elpd).weights])).toBeLessThan(1e-6)
  })
  it('refuses what has no answer', () => {
    expect(() => stackingWeights([])).toThrow(/no models/)
    expect(() => stackingWeights([Float64Array.of(-1, -Infinity)])).toThrow(/observation 2 has no predictive density above 0/)
    expect(() => stackingWeights([Float64Array.of(-1, Number.NaN)])).toThrow(/observation 2 .* not a number/)
    expect(() => stackingWeights([Float64Array.of(-1), Float64Array.of(-1, -1)])).toThrow(/model 2 has 2 observations/)
  })
})

describe('pseudo-BMA weights', () => {
  it('are in proportion to the exponentials of the sums', () => {
    const weights = pseudoBmaWeights([Float64Array.of(-400, -600), Float64Array.of(-400, -600 - Math.LN2)])
    expect(largestDifference(weights, [2 / 3, 1 / 3])).toBeLessThan(1e-12)
  })
  it('with the Bayesian bootstrap are those of the sums when observations do not differ', () => {
    const elpd = [new Float64Array(20).fill(-1), new Float64Array(20).fill(-1.05)]
    expect(largestDifference(pseudoBmaPlusWeights(stream(1), elpd, 10), [...pseudoBmaWeights(elpd)])).toBeLessThan(1e-12)
  })
  it('with the Bayesian bootstrap are the same for the same stream, and less extreme when observations differ', () => {
    const elpd = [0, 1].map((model) =>
      Float64Array.from({ length: 40 }, (_, i) => -1 - (model ? 0.1 : 0) + Math.sin(7 * i + model)),
    )
    const plus = pseudoBmaPlusWeights(stream(1), elpd)
    expect(plus).toEqual(pseudoBmaPlusWeights(stream(1), elpd))
    expect(Math.max(...plus)).toBeLessThan(Math.max(...pseudoBmaWeights(elpd)))
  })
  /** Weights between 0 and 1 vary by at most 0.5; two independent means of 10,000, four standard errors. */
  const FOUR_ERRORS = (4 * 0.5 * Math.SQRT2) / Math.sqrt(10_000)
  it.skipIf(isKitMissing)(`agree with R package loo 2.5.1${missingNote}`, () => {
    const reference = readReference<StackingReference>('stacking_expected.json')
    const elpd = fourModels()
    expect(largestDifference(pseudoBmaWeights(elpd), reference.pseudobma)).toBeLessThan(1e-12)
    const plus = pseudoBmaPlusWeights(stream(1), elpd, 10_000)
    expect(largestDifference(plus, reference.pseudobma_plus_seed1_BBn10000)).toBeLessThan(FOUR_ERRORS)
    expect(Math.abs(plus[0] - reference.pseudobma[0])).toBeGreaterThan(FOUR_ERRORS)
  })
})

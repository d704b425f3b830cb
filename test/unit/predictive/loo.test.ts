import { describe, expect, it } from 'vitest'
import { compareModels } from '../../../diagnostics/predictive/compare-models.js'
import { loo, looWeights } from '../../../diagnostics/predictive/loo.js'
import { waic } from '../../../diagnostics/predictive/waic.js'
import { readLogLikelihood } from '../../acceptance/suites/loo.js'
import { drawMeans, exactLoo, logLikelihoods, observations, posteriorOf } from './conjugate-normal.js'
import { isKitMissing, kitFolder, largestDifference, missingNote, readReference } from './kit.js'

interface ModelReference {
  readonly chains: number
  readonly r_eff: number[]
  readonly elpd_loo: number
  readonly se_elpd_loo: number
  readonly p_loo: number
  readonly looic: number
  readonly pointwise_elpd: number[]
  readonly mcse_elpd: number[]
  readonly pareto_k: number[]
  readonly n_eff: number[]
  readonly elpd_waic: number
  readonly p_waic: number
}
interface References {
  readonly models: Record<string, ModelReference>
  readonly weights: Record<string, { readonly models: string[]; readonly elpd_diff: number; readonly se_diff: number }>
}

const priorSd = 2
const y = observations(30)
const drawCount = 4000
const closed = loo(logLikelihoods(drawMeans(posteriorOf(y, priorSd), drawCount), y))

describe('loo', () => {
  describe.skipIf(isKitMissing)(`against R package loo 2.5.1${missingNote}`, () => {
    const references = isKitMissing ? undefined : readReference<References>('loo_expected.json')
    const results = Object.fromEntries(
      Object.entries(references?.models ?? {}).map(([name, { chains }]) => [
        name,
        readLogLikelihood(`${kitFolder}loglik_${name}.csv.gz`, chains),
      ]),
    )
    /** Fifteen digits are given; sums of sixty and the profile of k lose a few. */
    const TWELVE_DIGITS = 1e-12
    it.each(Object.entries(references?.models ?? {}))('agrees on %s', (name, reference) => {
      const { pointwise, elpd, effectiveParameters, informationCriterion } = loo(results[name])
      expect(largestDifference(pointwise.elpd, reference.pointwise_elpd)).toBeLessThan(TWELVE_DIGITS)
      expect(largestDifference(pointwise.mcse, reference.mcse_elpd)).toBeLessThan(TWELVE_DIGITS)
      expect(largestDifference(pointwise.k, reference.pareto_k)).toBeLessThan(TWELVE_DIGITS)
      expect(largestDifference(pointwise.effectiveSampleSize, reference.n_eff)).toBeLessThan(4000 * TWELVE_DIGITS)
      expect(elpd.estimate / reference.elpd_loo).toBeCloseTo(1, 12)
      expect(elpd.standardError / reference.se_elpd_loo).toBeCloseTo(1, 12)
      expect(effectiveParameters.estimate / reference.p_loo).toBeCloseTo(1, 11)
      expect(informationCriterion.estimate / reference.looic).toBeCloseTo(1, 12)
      const efficiencies = reference.r_eff.map((_, observation) => looWeights(results[name], observation).relativeEfficiency)
      expect(largestDifference(efficiencies, reference.r_eff)).toBeLessThan(TWELVE_DIGITS)
      const criterion = waic(results[name])
      expect(criterion.elpd.estimate / reference.elpd_waic).toBeCloseTo(1, 11)
      expect(criterion.effectiveParameters.estimate / reference.p_waic).toBeCloseTo(1, 11)
    })
    it.each(Object.values(references?.weights ?? {}))('agrees on the difference between models', ({ models, ...reference }) => {
      const [, worse] = compareModels(Object.fromEntries(models.map((name) => [name, loo(results[name])]))).rows
      expect(worse.difference.estimate).toBeCloseTo(reference.elpd_diff, 9)
      expect(worse.difference.standardError).toBeCloseTo(reference.se_diff, 9)
    })
  })
  it('is the exact leave-one-out density of a conjugate model within four of its Monte Carlo standard errors', () => {
    const exact = exactLoo(y, priorSd)
    closed.pointwise.elpd.forEach((elpd, observation) => {
      expect(Math.abs(elpd - exact[observation])).toBeLessThan(4 * closed.pointwise.mcse[observation])
    })
    expect(closed.unreliable).toEqual([])
    expect(closed.warnings).toEqual([])
  })
  it('has a Monte Carlo standard error that is the spread over repetitions, within a factor of two', () => {
    const errors = closed.pointwise.elpd.map((elpd, observation) => elpd - exactLoo(y, priorSd)[observation])
    const spread = Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length)
    const claimed = Math.sqrt(closed.pointwise.mcse.reduce((sum, error) => sum + error ** 2, 0) / errors.length)
    expect(spread / claimed).toBeLessThan(2)
    expect(spread / claimed).toBeGreaterThan(0.25)
  })
  it('counts about one parameter for one mean, as does waic', () => {
    const criterion = waic(logLikelihoods(drawMeans(posteriorOf(y, priorSd), drawCount), y))
    for (const result of [closed, criterion]) {
      expect(result.effectiveParameters.estimate).toBeGreaterThan(0.6)
      expect(result.effectiveParameters.estimate).toBeLessThan(1.5)
      expect(result.informationCriterion.estimate).toBeCloseTo(-2 * result.elpd.estimate, 10)
    }
  })
  it('negative control: the in-sample density is not the leave-one-out density', () => {
    const exact = exactLoo(y, priorSd)
    const inSample = closed.pointwise.elpd.map((elpd, observation) => elpd + closed.pointwise.effectiveParameters[observation])
    expect(inSample.some((value, index) => Math.abs(value - exact[index]) > 4 * closed.pointwise.mcse[index])).toBe(true)
  })
  it('warns of an outlier that moves the posterior, and names it', () => {
    const outlying = Float64Array.from([...observations(8), 25])
    const result = loo(logLikelihoods(drawMeans(posteriorOf(outlying, priorSd), 400), outlying))
    expect(result.unreliable).toEqual([8])
    expect(result.warnings.join()).toMatch(/1 of 9 observations.*observation 9/)
  })
  it('is NaN, and says so, where a log likelihood is not finite', () => {
    const logLikelihood = logLikelihoods(drawMeans(posteriorOf(y, priorSd), 400), y)
    for (const bad of [Number.NaN, -Infinity]) {
      const result = loo({ ...logLikelihood, values: logLikelihood.values.slice().fill(bad, 3, 4) })
      expect(result.pointwise.elpd[3]).toBeNaN()
      expect(result.pointwise.elpd[4]).not.toBeNaN()
      expect(result.elpd.estimate).toBeNaN()
      expect(result.unreliable).toEqual([3])
      expect(result.warnings.join()).toMatch(/not finite/)
      expect(waic({ ...logLikelihood, values: logLikelihood.values.slice().fill(bad, 3, 4) }).pointwise.elpd[3]).toBeNaN()
    }
  })
  it('does not underflow for log likelihoods of any size', () => {
    const logLikelihood = logLikelihoods(drawMeans(posteriorOf(y, priorSd), 400), y)
    const shifted = loo({ ...logLikelihood, values: logLikelihood.values.map((value) => value - 5000) })
    const plain = loo(logLikelihood)
    expect(shifted.pointwise.elpd[0] + 5000).toBeCloseTo(plain.pointwise.elpd[0], 9)
    expect(shifted.pointwise.mcse[0]).toBeCloseTo(plain.pointwise.mcse[0], 9)
  })
  it('refuses values that do not fill chains and observations', () => {
    expect(() => loo({ values: new Float64Array(10), chainCount: 3, observationCount: 2 })).toThrow(/do not fill 3 chains of 2/)
  })
})

describe('compareModels', () => {
  const scores = (elpd: number[]) => ({ pointwise: { elpd: Float64Array.from(elpd) } })
  it('orders models from best to worst and sums pointwise differences from the best', () => {
    const { rows } = compareModels({ worse: scores([-2, -3, -4]), best: scores([-1, -1, -1]) })
    expect(rows.map(({ name }) => name)).toEqual(['best', 'worse'])
    expect(rows[0].difference).toEqual({ estimate: 0, standardError: 0 })
    expect(rows[1].difference.estimate).toBeCloseTo(-6, 12)
    expect(rows[1].difference.standardError).toBeCloseTo(Math.sqrt(3), 12)
  })
  it('warns of differences too small to mean anything and of few observations', () => {
    const { warnings } = compareModels({ a: scores([-1, -1]), b: scores([-2, -2]) })
    expect(warnings.join()).toMatch(/b: within 4 .*2 observations are few/)
    const many = (value: number) => scores(new Array<number>(200).fill(value))
    expect(compareModels({ a: many(-1), b: many(-2) }).warnings).toEqual([])
  })
  it('refuses models of different observations, and none', () => {
    expect(() => compareModels({ a: scores([-1]), b: scores([-1, -2]) })).toThrow(/model 2 has 2 observations and model 1 has 1/)
    expect(() => compareModels({})).toThrow(/no models/)
  })
})

import { describe, expect, it } from 'vitest'
import { firstStageModel as gaussianProcess } from '../../../models/first-stage/gaussian-process.js'
import { firstStageModel as linear } from '../../../models/first-stage/linear.js'
import { firstStageModel as ridge } from '../../../models/first-stage/ridge.js'
import { poolingMethod as mixture } from '../../../models/pooling/mixture.js'
import { poolingMethod as weightedAverage } from '../../../models/pooling/weighted-average.js'
import type { FirstStageModel } from '../../../src/contract/first-stage-model.js'
import type { AnyPoolingMethod, EffectPoolingMethod } from '../../../src/contract/pooling-method.js'
import type { TrialDesign } from '../../../src/contract/trial.js'
import { parseProtocol } from '../../../src/data/parse-protocol.js'
import { aggregationLeak } from '../../../src/effects/aggregation-leak.js'
import { auxiliaryCovariance, auxiliaryModel } from '../../../src/effects/auxiliary-model.js'
import {
  concentrationFlags,
  distanceFlags,
  effectiveTrialCount,
  farDistance,
  mahalanobisDistance,
  trialOverlap,
} from '../../../src/effects/extrapolation.js'
import { leakWarnings } from '../../../src/effects/leak-warnings.js'
import { objective, stackedWeights, stackingParameters } from '../../../src/effects/stacking.js'
import { DataError } from '../../../src/errors/data-error.js'
import { ProtocolError } from '../../../src/errors/protocol-error.js'
import { drawNormal } from '../../../src/random/normal.js'
import { stream } from '../../../src/random/stream.js'
import { bootstrapRefits } from '../../../src/stages/bootstrap-refits.js'
import { requireMatchingStages } from '../../../src/stages/check-stages.js'
import { pooledEffectBlocks } from '../../../src/stages/pool-effects.js'
import { protocolText } from '../../end-to-end/small-trials.js'
import { column } from '../made-column.js'

/** y = x + t (level + 0.5 x) + noise, with x around `centre`. */
function makeTrial(study: string, { count = 60, level = 1, centre = 0, noise = 1 } = {}): TrialDesign {
  const source = stream(5, 'trial', study)
  const covariates = Float64Array.from({ length: count }, () => drawNormal(source, centre, 1))
  const treatment = Float64Array.from({ length: count }, (_, patient) => patient % 2)
  return {
    study,
    columns: [column('age')],
    treatment,
    covariates,
    outcome: covariates.map((x, patient) => x + treatment[patient] * (level + 0.5 * x) + drawNormal(source, 0, noise)),
    patientIds: Array.from({ length: count }, (_, patient) => `${patient}`),
  }
}

describe('weights of the auxiliary model', () => {
  it('are residual variance x sum over arms of 1/n + squared Mahalanobis distance / (n - 1)', () => {
    const trial = makeTrial('one')
    const { trials } = auxiliaryModel([trial])
    const { outcome, treatment, covariates } = trial
    const arms = [0, 1].map((arm) => {
      const rows = [...covariates.keys()].filter((patient) => treatment[patient] === arm)
      const mean = (values: Float64Array) => rows.reduce((sum, patient) => sum + values[patient], 0) / rows.length
      const [centre, level] = [mean(covariates), mean(outcome)]
      const squares = rows.reduce((sum, patient) => sum + (covariates[patient] - centre) ** 2, 0)
      const slope = rows.reduce((sum, patient) => sum + (covariates[patient] - centre) * (outcome[patient] - level), 0) / squares
      const residual = rows.reduce(
        (sum, patient) => sum + (outcome[patient] - level - slope * (covariates[patient] - centre)) ** 2,
        0,
      )
      return { count: rows.length, centre, squares, residual }
    })
    const residualVariance = (arms[0].residual + arms[1].residual) / (outcome.length - 4)
    for (const x of [-2, 0, 3]) {
      const expected = arms.reduce((sum, { count, centre, squares }) => sum + 1 / count + (x - centre) ** 2 / squares, 0)
      const contrast = Float64Array.of(1, x)
      expect(auxiliaryCovariance(trials[0], contrast, contrast)).toBeCloseTo(residualVariance * expected, 10)
    }
  })
  it('are refused for a trial that does not determine them, with other weights as the remedy', () => {
    const trial = makeTrial('constant')
    const constant = { ...trial, covariates: trial.covariates.map(() => 1) }
    expect(() => auxiliaryModel([trial, constant])).toThrow(DataError)
    expect(() => auxiliaryModel([trial, constant])).toThrow(/"constant".*weights: posterior-variance/s)
  })
})

describe('weights by bootstrap', () => {
  it('refit a linear model with flat priors to what least squares of each sample gives: their variance is that of the effect', async () => {
    const trial = makeTrial('bootstrap', { count: 200, noise: 0.5 })
    const model = linear as unknown as FirstStageModel
    const options = model.parseOptions({ prior: 'flat' })
    const draws = await bootstrapRefits(model, options, trial, { replicates: 200, seed: 1 })
    const effects = model.effects(draws, trial, options).predict(Float64Array.of(0.5), 1, stream(1))
    const mean = effects.reduce((sum, value) => sum + value, 0) / effects.length
    const variance = effects.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (effects.length - 1)
    const contrast = Float64Array.of(1, 0.5)
    const exact = auxiliaryCovariance(auxiliaryModel([trial]).trials[0], contrast, contrast)
    // relative SD of a variance over 200 refits is sqrt(2 / 199) = 0.1
    expect(Math.abs(Math.log(variance / exact))).toBeLessThan(0.4)
  })
  it('are refused, before anything runs, for a model whose patients are not independent', () => {
    const [model, method] = [gaussianProcess as unknown as FirstStageModel, weightedAverage as AnyPoolingMethod]
    expect(() => requireMatchingStages(model, method, { weights: 'bootstrap' })).toThrow(ProtocolError)
    expect(() => requireMatchingStages(model, method, { weights: 'bootstrap' })).toThrow(/bootstrap.*not independent/s)
    expect(() => requireMatchingStages(model, method, {})).not.toThrow()
  })
})

describe('a mixture', () => {
  it('is refused for a first stage without a posterior', () => {
    const [model, method] = [ridge as unknown as FirstStageModel, mixture as AnyPoolingMethod]
    expect(() => requireMatchingStages(model, method)).toThrow(/"mixture" cannot pool.*"ridge".*mixes posteriors/s)
    expect(() => requireMatchingStages(linear as unknown as FirstStageModel, method)).not.toThrow()
  })
})

describe('effects of many people', () => {
  it('are pooled a block at a time: memory grows with draws x trials x block, not with people, and nothing runs ahead', () => {
    const protocol = parseProtocol(protocolText(), 'protocol.yaml')
    const designs = ['one', 'two', 'three'].map((study) => ({
      ...makeTrial(study),
      columns: [{ ...column('age'), centre: 50, scale: 10 }],
    }))
    const asked: number[] = []
    const predict = (_: Float64Array, count: number) => {
      asked.push(count)
      return Float64Array.from({ length: 20 * count }, (__, at) => Math.sin(at))
    }
    const options = weightedAverage.parseOptions({ weights: 'equal', heterogeneity: 'none' })
    const job = {
      protocol,
      method: weightedAverage as EffectPoolingMethod,
      options,
      preparation: {},
      trials: designs.map((trial) => ({ trial, predictor: { chainCount: 1, drawCount: 20, predict } })),
      overlaps: designs.map(trialOverlap),
    }
    const people = Array.from({ length: 100_000 }, (_, index) => ({
      kind: 'new-patient' as const,
      id: `${index}`,
      covariates: { age: 40 + (index % 20), female: 0 },
    }))
    const blocks = pooledEffectBlocks(job, people)
    const first = blocks.next().value
    expect(first).toHaveLength(128)
    expect(asked).toEqual([128, 128, 128])
    expect(blocks.next().value?.[0].person.id).toBe('128')
    expect(asked).toHaveLength(6)
  })
})

describe('stacking weights', () => {
  const source = stream(2, 'stacking')
  const trialCount = 3
  const rows = 30
  const problem = (favoured: number, strength: number, withFeature = false) => ({
    trialCount,
    logDensities: Float64Array.from({ length: rows * trialCount }, (_, at) => (at % trialCount === favoured ? strength : 0)),
    trialOf: Int32Array.from({ length: rows }, (_, row) => row % trialCount),
    features: withFeature ? Float64Array.from({ length: rows }, () => drawNormal(source, 0, 1)) : new Float64Array(0),
    featureCount: withFeature ? 1 : 0,
  })
  it('are equal where the data cannot tell trials apart, and favour the one that predicts the others', () => {
    for (const weight of stackedWeights(stackingParameters(problem(1, 0)), [])) expect(weight).toBeCloseTo(1 / 3, 6)
    const favouring = stackedWeights(stackingParameters(problem(1, 2)), [])
    expect(favouring[1]).toBeGreaterThan(0.7)
    expect(favouring[0]).toBeCloseTo(favouring[2], 6)
  })
  it('have a gradient that is 0 at the solution, and that agrees with differences elsewhere', () => {
    const given = problem(2, 1, true)
    const at = Float64Array.from(stackingParameters(given).flat())
    const gradient = new Float64Array(at.length)
    objective(given, at, gradient)
    for (const slope of gradient) expect(Math.abs(slope)).toBeLessThan(1e-3)
    const elsewhere = at.map((value, k) => value + 0.3 * Math.cos(k))
    objective(given, elsewhere, gradient)
    const unused = new Float64Array(at.length)
    elsewhere.forEach((_, k) => {
      const [up, down] = [1e-5, -1e-5].map((step) =>
        objective(
          given,
          elsewhere.map((value, j) => (j === k ? value + step : value)),
          unused,
        ),
      )
      expect((up - down) / 2e-5).toBeCloseTo(gradient[k], 5)
    })
  })
})

describe('extrapolation', () => {
  const overlap = trialOverlap(makeTrial('near', { count: 400 }))
  it('is a Mahalanobis distance, compared with the 99% quantile of chi-squared', () => {
    const { mean, covariance } = overlap
    expect(mahalanobisDistance(overlap, [2])).toBeCloseTo(Math.abs(2 - mean[0]) / Math.sqrt(covariance[0] + 1e-4), 10)
    // quantiles of chi-squared with 1, 2 and 8 degrees of freedom: 6.635, 9.210, 20.09; the approximation is good to 1%
    const exact = [6.635, 9.21, 20.09]
    ;[1, 2, 8].forEach((degrees, index) => {
      expect(Math.abs(farDistance(degrees) ** 2 / exact[index] - 1)).toBeLessThan(0.02)
    })
  })
  it('is flagged for a person who is far from every trial, not from some', () => {
    const other = trialOverlap(makeTrial('far', { count: 400, centre: 8 }))
    expect(distanceFlags([overlap, other], () => [8])).toEqual([])
    expect(distanceFlags([overlap, other], () => [4])[0]).toMatch(/unlike the patients of every trial \(nearest: /)
    expect(distanceFlags([overlap], () => [0.5])).toEqual([])
  })
  it('is flagged where the weights are hardly more than those of one trial', () => {
    expect(effectiveTrialCount([0.25, 0.25, 0.25, 0.25])).toBe(4)
    expect(concentrationFlags([0.9, 0.05, 0.05], ['a', 'b', 'c'])).toEqual([
      'rests on 1.2 of 3 trials in effect (a has 90% of the weight)',
    ])
    expect(concentrationFlags([0.4, 0.3, 0.3], ['a', 'b', 'c'])).toEqual([])
    expect(concentrationFlags([0.9, 0.1], ['a', 'b'])).toEqual([])
  })
})

describe('aggregation leak', () => {
  const trials = [makeTrial('young', { level: 0, centre: -2 }), makeTrial('old', { level: 4, centre: 2 })]
  const auxiliary = auxiliaryModel(trials)
  const ages = Float64Array.from({ length: 40 }, (_, person) => -2 + person / 10)
  const leakOf = (weightOfOld: (age: number) => number, levels: readonly number[]) =>
    aggregationLeak({
      names: ['age'],
      modifiers: ages,
      weights: Float64Array.from([...ages].flatMap((age) => [1 - weightOfOld(age), weightOfOld(age)])),
      means: Float64Array.from([...ages].flatMap((age) => levels.map((level) => level + 0.5 * age))),
      referenceWeights: Float64Array.of(0.5, 0.5),
      auxiliary,
    })[0]
  const rising = (age: number) => 1 / (1 + Math.exp(-age))
  it('is found where weights follow the case mix of trials with different effects, and told in the units of the protocol', () => {
    const leak = leakOf(rising, [0, 4])
    expect(leak.frozen).toBeCloseTo(0.5, 10)
    expect(leak.asPooled).toBeGreaterThan(1)
    expect(leak.isMaterial).toBe(true)
    const age = { name: 'age', type: 'continuous' as const, role: 'both' as const, centre: 50, scale: 10 }
    const outcome = { column: 'y', better: 'higher' as const, centre: 0, scale: 20 }
    expect(leakWarnings([leak], { covariates: [age], outcome })[0].message).toMatch(
      /over age \([\d.]+ as pooled, 1 with the same/,
    )
  })
  it('is none where weights are constant, or where trials do not differ', () => {
    expect(leakOf(() => 0.3, [0, 4]).isMaterial).toBe(false)
    expect(leakOf(rising, [2, 2]).isMaterial).toBe(false)
  })
})

import { describe, expect, it } from 'vitest'
import { studentTQuantile } from '../../../src/numeric/student-t-quantile.js'
import { drawNormal } from '../../../src/random/normal.js'
import { stream } from '../../../src/random/stream.js'
import { expectedOutcome } from '../../../src/validation/expected-outcome.js'
import { validationFolds } from '../../../src/validation/folds.js'
import { type Gain, poolGains } from '../../../src/validation/pool-gains.js'
import { poolScores } from '../../../src/validation/pool-scores.js'
import { bestCandidate, sharesBest } from '../../../src/validation/rank-candidates.js'

const gain = (estimate: number, standardError = 1, information = 1): Gain => ({ estimate, standardError, information })

describe('scores over trials', () => {
  it('with equal errors have the plain mean, the t interval of Hartung and Knapp, and the prediction interval', () => {
    const pooled = poolScores([1, 2, 6].map((estimate) => ({ estimate, standardError: 0.1 })))
    // With equal variances tau^2 + v is the variance of the scores, 7, and q is 1.
    expect(pooled.estimate).toBeCloseTo(3, 8)
    expect(pooled.standardError).toBeCloseTo(Math.sqrt(7 / 3), 6)
    expect(pooled.heterogeneity).toBeCloseTo(Math.sqrt(7 - 0.01), 6)
    expect(pooled.upper - 3).toBeCloseTo(studentTQuantile(0.975, 2) * Math.sqrt(7 / 3), 5)
    expect(pooled.predictionUpper - 3).toBeCloseTo(studentTQuantile(0.975, 1) * Math.sqrt(7 - 0.01 + 7 / 3), 4)
  })

  it('do not have an interval narrower than without heterogeneity when they agree by chance', () => {
    const pooled = poolScores([1, 1, 1].map((estimate) => ({ estimate, standardError: 0.3 })))
    expect(pooled.standardError).toBeCloseTo(0.3 / Math.sqrt(3), 8)
  })

  it('leave out what is not a number and say how many are left', () => {
    const pooled = poolScores([
      { estimate: Number.NaN, standardError: 1 },
      { estimate: 2, standardError: 1 },
    ])
    expect(pooled).toMatchObject({ estimate: 2, trialCount: 1 })
    expect(poolScores([]).estimate).toBeNaN()
  })

  it('of a prediction that is the reference are exactly 0', () => {
    expect(poolGains([gain(0, 0), gain(0, 0)])).toMatchObject({ estimate: 0, lower: 0, upper: 0 })
  })

  it('follow units', () => {
    const scores = [gain(1, 0.5), gain(2, 1), gain(-1, 0.7)]
    const scaled = scores.map(({ estimate, standardError }) => ({ estimate: 1e4 * estimate, standardError: 1e4 * standardError }))
    expect(poolScores(scaled).upper / poolScores(scores).upper).toBeCloseTo(1e4, 2)
  })

  it('are not drawn to trials where nothing was gained', () => {
    // A gain of 4 comes with a large error of its own; information says that both trials tell as much.
    expect(poolGains([gain(0.01, 0.01), gain(4, 2)]).estimate).toBeCloseTo(2.005, 6)
  })
})

describe('the choice among candidates', () => {
  it('is the largest pooled gain, the first of equals, and never one that failed', () => {
    expect(
      bestCandidate([
        [gain(0, 0), gain(0, 0)],
        [gain(1), gain(2)],
        [gain(3), gain(1)],
      ]),
    ).toBe(2)
    expect(bestCandidate([[gain(0, 0), gain(0, 0)], undefined, [gain(-3), gain(1)]])).toBe(0)
    expect(bestCandidate([undefined])).toBe(-1)
  })

  it('is best in all reweightings when best in every trial, and in half of them when nothing tells two apart', () => {
    const source = stream(1, 'shares')
    const dominant = sharesBest(
      [
        [gain(0), gain(0)],
        [gain(1), gain(2)],
      ],
      source,
    )
    expect(dominant[1]).toBeCloseTo(1, 12)
    const even = sharesBest(
      [
        [gain(1), gain(0)],
        [gain(0), gain(1)],
      ],
      source,
    )
    // 4000 reweightings: 5 binomial standard errors.
    expect(Math.abs(even[0] - 0.5)).toBeLessThan(5 * 0.5 * 4000 ** -0.5)
  })
})

describe('folds', () => {
  it('hold out each trial once, and never train on it', () => {
    for (const [trials, most] of [
      [5, 20],
      [30, 20],
    ]) {
      const folds = validationFolds(trials, most)
      expect(folds.flatMap(({ held }) => [...held]).sort((a, b) => a - b)).toEqual(Array.from({ length: trials }, (_, at) => at))
      for (const { held, training, inner } of folds) {
        expect(training.filter((trial) => held.includes(trial))).toEqual([])
        expect(inner.flatMap((fold) => [...fold.held]).sort((a, b) => a - b)).toEqual([...training])
        for (const fold of inner) expect([...fold.training, ...fold.held].filter((trial) => held.includes(trial))).toEqual([])
      }
    }
  })

  it('have no inner folds when one trial would be left to pool', () => {
    expect(validationFolds(3, 20).every(({ inner }) => inner.length === 0)).toBe(true)
    expect(validationFolds(4, 20).every(({ inner }) => inner.length === 3)).toBe(true)
  })
})

describe('the expected outcome', () => {
  const size = 600
  const source = stream(2, 'expected-outcome')
  const covariates = Float64Array.from({ length: 2 * size }, () => drawNormal(source))
  const truth = Float64Array.from({ length: size }, (_, at) => 10 + 3 * covariates[2 * at] - 2 * covariates[2 * at + 1] ** 2)
  const outcome = truth.map((value) => value + drawNormal(source))

  it('follows lines and bends', () => {
    const expected = expectedOutcome(outcome, covariates, stream(3, 'folds'))
    const error = truth.reduce((sum, value, at) => sum + (value - expected[at]) ** 2, 0) / size
    // 5 coefficients from 480 patients with error variance 1 cost 5 / 480, twice that for luck.
    expect(error).toBeLessThan(0.021)
  })

  it("does not know a patient's own outcome", () => {
    const before = expectedOutcome(outcome, covariates, stream(3, 'folds'))
    const changed = outcome.slice()
    changed[17] += 1e6
    const after = expectedOutcome(changed, covariates, stream(3, 'folds'))
    expect(after[17]).toBe(before[17])
    expect(after.some((value, at) => value !== before[at])).toBe(true)
  })

  it('is there for a handful of patients, without covariates and with constant ones', () => {
    const few = Float64Array.of(1, 2, 3)
    expect([...expectedOutcome(few, new Float64Array(0), stream(4, 'folds'))].every(Number.isFinite)).toBe(true)
    expect([...expectedOutcome(few, Float64Array.of(7, 7, 7), stream(4, 'folds'))].every(Number.isFinite)).toBe(true)
  })
})

import { describe, expect, it } from 'vitest'
import { poolingMethod as hierarchical } from '../../../models/pooling/hierarchical.js'
import { drawTrial } from '../../../models/pooling/shared/site-likelihood.js'
import type { TrialEstimate } from '../../../src/contract/trial.js'
import { variable } from '../../../src/draws/variable.js'
import { leaveTrialOut } from '../../../src/effects/leave-trial-out.js'
import { shrinkage, trialWeights } from '../../../src/effects/trial-weights.js'
import { DataError } from '../../../src/errors/data-error.js'
import { condition } from '../../../src/language/condition.js'
import {
  marginalPrecision,
  observedEffect,
  observedPart,
  withMissingCoefficients,
} from '../../../src/numeric/missing-coefficients.js'
import { multivariateMetaAnalysis } from '../../../src/numeric/multivariate-meta-analysis/multivariate-meta-analysis.js'
import { invertPositiveDefinite } from '../../../src/numeric/positive-definite.js'
import { drawNormal } from '../../../src/random/normal.js'
import { stream } from '../../../src/random/stream.js'

const names = ['treatment', 'treatment:age', 'treatment:bmi']
const between = Float64Array.of(0.3, 0.1, 0.05, 0.1, 0.2, 0.08, 0.05, 0.08, 0.25)

/** Of trials that lack some coefficients, with what they have. */
const lacking: TrialEstimate = {
  study: 'B',
  patientCount: 80,
  coefficientNames: ['treatment', 'treatment:bmi'],
  estimate: Float64Array.of(0.9, -0.4),
  covariance: Float64Array.of(0.05, 0.01, 0.01, 0.04),
  prior: { kind: 'normal', mean: Float64Array.of(0.1, 0.2), precision: Float64Array.of(1, 0.2, 0.2, 2) },
}
const whole = (study: string, shift: number): TrialEstimate => ({
  study,
  patientCount: 100,
  coefficientNames: names,
  estimate: Float64Array.of(0.5 + shift, 0.2, -0.1 - shift),
  covariance: Float64Array.of(0.04, 0.005, 0.004, 0.005, 0.03, 0.002, 0.004, 0.002, 0.05),
})
const padded = withMissingCoefficients(lacking, names)
const trials = [whole('A', 0.1), padded, whole('C', -0.3), whole('D', 0.2)]

/** Sums of a few dozen rounded terms of order 1. */
const ROUNDING = 1e-11
/** A missing coefficient is one that was observed with this variance; what it says is then below 1 / VAGUE. */
const VAGUE = 1e8

/** The trial with an estimate of what it lacks that says nothing. */
function vague(trial: TrialEstimate): TrialEstimate {
  const isMissing = trial.estimate.map((value) => Number(Number.isNaN(value)))
  const size = names.length
  return {
    ...trial,
    estimate: trial.estimate.map((value) => (Number.isNaN(value) ? 0 : value)),
    covariance: trial.covariance.map((value, at) => {
      const [row, column] = [Math.floor(at / size), at % size]
      return isMissing[row] || isMissing[column] ? (row === column ? VAGUE : 0) : value
    }),
  }
}

describe('coefficients that a trial lacks', () => {
  it('are put in as NaN, with a flat prior, and taken out again', () => {
    expect([...padded.estimate]).toEqual([0.9, Number.NaN, -0.4])
    expect([...padded.covariance]).toEqual([0.05, Number.NaN, 0.01, ...Array(3).fill(Number.NaN), 0.01, Number.NaN, 0.04])
    expect(padded.prior).toMatchObject({ precision: Float64Array.of(1, 0, 0.2, 0, 0, 0, 0.2, 0, 2) })
    expect(observedPart(padded)).toEqual(lacking)
    expect(observedPart(trials[0])).toBe(trials[0])
  })

  it('say nothing in precisions, weights and effects', () => {
    const precision = marginalPrecision(padded, between)
    const limit = invertPositiveDefinite(
      vague(padded).covariance.map((value, at) => value + between[at]),
      3,
    )
    precision.forEach((value, at) => {
      expect(Math.abs(value - limit[at])).toBeLessThan(100 / VAGUE)
    })
    const contrast = Float64Array.of(1, 0.5, -1)
    const weights = trialWeights(trials, between, contrast)!
    trialWeights(trials.map(vague), between, contrast)!.forEach((value, trial) => {
      expect(Math.abs(value - weights[trial])).toBeLessThan(100 / VAGUE)
    })
    const left = leaveTrialOut(trials, between, contrast)
    leaveTrialOut(trials.map(vague), between, contrast).forEach(({ mean, sd }, row) => {
      expect(Math.abs(mean - left[row].mean)).toBeLessThan(100 / VAGUE)
      expect(Math.abs(sd - left[row].sd)).toBeLessThan(100 / VAGUE)
    })
    expect(observedEffect(padded, contrast).mean).toBeCloseTo(0.9 + 0.4, 12)
    expect(observedEffect(padded, Float64Array.of(0, 2, 0)).mean).toBeNaN()
    expect(shrinkage(padded, between, Float64Array.of(0, 2, 0))).toBe(1)
  })
})

describe('the hierarchical second stage with coefficients that a trial lacks', () => {
  const parse = (raw: Record<string, unknown>) => hierarchical.parseOptions(raw)
  const conditioned = (of: readonly TrialEstimate[], raw: Record<string, unknown>) => {
    const { model, data } = hierarchical.condition(of, parse(raw))
    return condition(model, data, { strict: true })
  }
  const positionOf = (size: number) => Float64Array.from({ length: size }, (_, index) => 0.4 * Math.sin(5 * index + 1) - 0.5)

  it.each(['random-effect', 'diagonal', 'unstructured', 'factor'])(
    '%s: the log likelihood of such a trial is that of what it has',
    (heterogeneity) => {
      const model = conditioned(trials, { heterogeneity })
      const position = positionOf(model.logDensity.dimension)
      const { values } = model.pointwiseLogLikelihood(position)
      const limit = conditioned(trials.map(vague), { heterogeneity }).pointwiseLogLikelihood(position).values
      values.forEach((value, trial) => {
        const ofTheVague = trial === 1 ? 0.5 * Math.log(2 * Math.PI * VAGUE) : 0
        expect(Math.abs(value - (limit[trial] + ofTheVague))).toBeLessThan(trial === 1 ? 100 / VAGUE : ROUNDING)
      })
      const gradient = new Float64Array(position.length)
      expect(Number.isFinite(model.logDensity.valueAndGradient(position, gradient))).toBe(true)
      expect(gradient.every(Number.isFinite)).toBe(true)
    },
  )

  it.each(['student-t', 'contamination'])('goes with %s', (betweenTrials) => {
    const model = conditioned(trials, { betweenTrials })
    const limit = conditioned(trials.map(vague), { betweenTrials })
    const position = positionOf(model.logDensity.dimension)
    const [own, vagueOnes] = [model, limit].map((one) => one.pointwiseLogLikelihood(position).values)
    expect(Math.abs(own[1] - vagueOnes[1] - 0.5 * Math.log(2 * Math.PI * VAGUE))).toBeLessThan(100 / VAGUE)
    const draws = model.draws(
      Float64Array.from({ length: 20 * position.length }, (_, at) => position[at % position.length]),
      1,
      () => stream(9, 'generate'),
    )
    expect(variable(draws, 'theta').values.every(Number.isFinite)).toBe(true)
  })

  it('draws what a trial lacks from its distribution given what it has', () => {
    const { data } = hierarchical.condition(trials, parse({ heterogeneity: 'unstructured' }))
    const mu = Float64Array.of(0.2, 0.4, -0.2)
    const factor = { values: Float64Array.of(0.5, 0, 0, 0.25, 0.4, 0, -0.1, 0.2, 0.3), width: 3 }
    const prior = Array.from({ length: 9 }, (_, at) =>
      [0, 1, 2].reduce((sum, k) => sum + factor.values[3 * Math.floor(at / 3) + k] * factor.values[3 * (at % 3) + k], 0),
    )
    // exact: with M the rows of what the trial has, C = T M' (M T M' + S)^-1
    const seen = [0, 2]
    const total = Float64Array.from(
      seen.flatMap((i) => seen.map((k) => prior[3 * i + k])),
      (value, at) => value + lacking.covariance[at],
    )
    const inverse = invertPositiveDefinite(total, 2)
    const gain = seen.map((_, column) => seen.reduce((sum, k, row) => sum + prior[3 * 1 + k] * inverse[2 * row + column], 0))
    const mean = mu[1] + seen.reduce((sum, k, at) => sum + gain[at] * (lacking.estimate[at] - mu[k]), 0)
    const variance = prior[4] - seen.reduce((sum, k, at) => sum + gain[at] * prior[3 * 1 + k], 0)
    const source = stream(3, 'theta')
    const count = 20_000
    const own = Array.from({ length: count }, () => drawTrial(source, mu, [{ logWeight: 0, factor }], data, 1).theta[1])
    const average = own.reduce((sum, value) => sum + value, 0) / count
    const spread = own.reduce((sum, value) => sum + (value - average) ** 2, 0) / (count - 1)
    const FIVE = 5
    expect(Math.abs(average - mean)).toBeLessThan(FIVE * Math.sqrt(variance / count))
    expect(Math.abs(spread - variance)).toBeLessThan(FIVE * variance * Math.sqrt(2 / count))
    // negative control: neither the average setting nor T alone
    expect(Math.abs(mu[1] - mean)).toBeGreaterThan(FIVE * Math.sqrt(variance / count))
    expect(Math.abs(prior[4] - variance)).toBeGreaterThan(FIVE * variance * Math.sqrt(2 / count))
  })

  it('takes draws of trials that lack coefficients', () => {
    const source = stream(4, 'draws')
    const withDraws = (trial: TrialEstimate): TrialEstimate => {
      const size = trial.coefficientNames.length
      const draws = Float64Array.from({ length: 300 * size }, (_, at) =>
        drawNormal(source, trial.estimate[at % size], Math.sqrt(trial.covariance[(at % size) * (size + 1)])),
      )
      return { ...trial, draws }
    }
    const drawn = [withDraws(whole('A', 0)), withMissingCoefficients(withDraws(lacking), names), withDraws(whole('C', 0.2))]
    const model = conditioned(drawn, { siteLikelihood: 'draws' })
    const { values } = model.pointwiseLogLikelihood(positionOf(model.logDensity.dimension))
    const small = conditioned([observedPart(drawn[1]), { ...observedPart(drawn[1]), study: 'twin' }], {
      siteLikelihood: 'draws',
      heterogeneityScale: 0.25,
    })
    expect(values.every(Number.isFinite)).toBe(true)
    const place = positionOf(model.logDensity.dimension)
    // mu and log tau of what the trial has, in the order of the parameters: mu, then tau
    const chosen = Float64Array.of(place[0], place[2], place[3], place[5])
    expect(Math.abs(small.pointwiseLogLikelihood(chosen).values[0] - values[1])).toBeLessThan(ROUNDING * 10)
  })

  it('refuses a trial without the treatment effect, or with a number missing where it has a variance', () => {
    const damaged = { ...trials[0], estimate: Float64Array.of(0.5, Number.NaN, 0) }
    expect(() => hierarchical.condition([damaged, trials[2]], parse({}))).toThrow(DataError)
    const without = { ...padded, estimate: padded.estimate.map((v, at) => (at === 0 ? Number.NaN : v)) }
    expect(() => hierarchical.condition([without, trials[2]], parse({}))).toThrow(DataError)
  })

  it('agrees with the multivariate analysis of the same trials, whose estimates it has at T as estimated', () => {
    const reml = multivariateMetaAnalysis({
      estimates: trials.map(({ estimate }) => estimate),
      covariances: trials.map(({ covariance }) => covariance),
      options: { missing: 'use', estimator: 'fixed' },
    })
    const precision = trials.map((trial) => marginalPrecision(trial, new Float64Array(9)))
    const total = new Float64Array(9)
    const weighted = new Float64Array(3)
    trials.forEach(({ estimate }, trial) => {
      for (let at = 0; at < 9; at++) {
        total[at] += precision[trial][at]
        const value = estimate[at % 3]
        weighted[Math.floor(at / 3)] += Number.isNaN(value) ? 0 : precision[trial][at] * value
      }
    })
    const variance = invertPositiveDefinite(total, 3)
    reml.coefficients.forEach((value, row) => {
      const byHand = weighted.reduce((sum, own, column) => sum + variance[3 * row + column] * own, 0)
      expect(Math.abs(value - byHand)).toBeLessThan(ROUNDING)
    })
  })
})

import { describe, expect, it } from 'vitest'
import { poolingMethod as hierarchical } from '../../../models/pooling/hierarchical.js'
import { hierarchicalData } from '../../../models/pooling/shared/hierarchical-data.js'
import { hierarchicalOptionsSchema } from '../../../models/pooling/shared/hierarchical-options.js'
import type { TrialEstimate } from '../../../src/contract/trial.js'
import { variable } from '../../../src/draws/variable.js'
import { DataError } from '../../../src/errors/data-error.js'
import { ProtocolError } from '../../../src/errors/protocol-error.js'
import { fit } from '../../../src/fitting/fit.js'
import { type ConditionedModel, condition } from '../../../src/language/condition.js'
import { choleskyInPlace, logDeterminantOfCholesky } from '../../../src/numeric/cholesky.js'
import { normalCdf } from '../../../src/numeric/normal-cdf.js'
import { invertPositiveDefinite } from '../../../src/numeric/positive-definite.js'
import { studentTCdf } from '../../../src/numeric/student-t-cdf.js'
import { forwardSolveInPlace } from '../../../src/numeric/triangular-solve.js'
import { drawGamma } from '../../../src/random/gamma.js'
import { drawNormal } from '../../../src/random/normal.js'
import { stream } from '../../../src/random/stream.js'
import { isRejected } from '../random/kolmogorov-smirnov.js'

const NAMES = ['treatment', 'treatment:age', 'treatment:sex', 'treatment:bmi']

function trialsOf(count: number, size: number, shift = (_trial: number) => 0): TrialEstimate[] {
  const source = stream(5, 'trials', size)
  return Array.from({ length: count }, (_, trial) => ({
    study: `trial ${trial + 1}`,
    patientCount: 100,
    coefficientNames: Array.from({ length: size }, (__, index) => NAMES[index] ?? `treatment:x${index}`),
    estimate: Float64Array.from({ length: size }, () => 0.3 + shift(trial) + drawNormal(source, 0, 0.2)),
    covariance: Float64Array.from({ length: size * size }, (__, at) => (at % (size + 1) === 0 ? 0.02 + 0.002 * trial : 0.004)),
    prior: { kind: 'flat' },
  }))
}

const conditioned = (trials: readonly TrialEstimate[], raw: Record<string, unknown>) => {
  const { model, data } = hierarchical.condition(trials, hierarchical.parseOptions(raw))
  return condition(model, data, { strict: true })
}
const positionOf = ({ logDensity }: ConditionedModel) =>
  Float64Array.from({ length: logDensity.dimension }, (_, index) => 0.4 * Math.sin(5 * index + 1) - 0.5)
/** Values at one position, in `count` draws that differ in what is generated. */
const drawsAt = (model: ConditionedModel, position: Float64Array, count = 1) =>
  model.draws(
    Float64Array.from({ length: count * position.length }, (_, at) => position[at % position.length]),
    1,
    () => stream(9, 'generate'),
  )

function logNormal(residual: Float64Array, covariance: Float64Array): number {
  const [factor, z] = [covariance.slice(), residual.slice()]
  choleskyInPlace(factor, z.length)
  forwardSolveInPlace(factor, z, z.length)
  const quadratic = z.reduce((sum, value) => sum + value * value, 0)
  return -0.5 * (quadratic + logDeterminantOfCholesky(factor, z.length) + z.length * Math.log(2 * Math.PI))
}
const plus = (a: Float64Array, b: ArrayLike<number>) => a.map((value, index) => value + b[index])

/** Sums of a few dozen rounded terms of order 1. */
const ROUNDING = 1e-11

describe('the factor form', () => {
  const trials = trialsOf(6, 4)
  it('is the normal form with T = diag(tau) Omega diag(tau), Omega the correlation matrix of W W* + I', () => {
    const model = conditioned(trials, { heterogeneity: 'factor', factorCount: 2 })
    const position = positionOf(model)
    const draws = drawsAt(model, position)
    const [mu, tau, omega] = ['mu', 'tau', 'Omega'].map((name) => variable(draws, name).values)
    const [squares, below] = ['squaredLoadings', 'loadings'].map((name) => variable(draws, name).values)
    const [first, second] = [Math.sqrt(squares[0]), Math.sqrt(squares[1])]
    const w = [
      [first, 0],
      [below[0], second],
      [below[1], below[2]],
      [below[3], below[4]],
    ]
    const covariance = w.map((a, i) => w.map((b, j) => a[0] * b[0] + a[1] * b[1] + (i === j ? 1 : 0)))
    const between = new Float64Array(16)
    covariance.forEach((row, i) => {
      row.forEach((value, j) => {
        const correlation = value / Math.sqrt(covariance[i][i] * covariance[j][j])
        expect(Math.abs(omega[4 * i + j] - correlation)).toBeLessThan(ROUNDING)
        between[4 * i + j] = tau[i] * tau[j] * correlation
      })
    })
    const { values } = model.pointwiseLogLikelihood(position)
    trials.forEach(({ estimate, covariance: error }, trial) => {
      const byHand = logNormal(
        estimate.map((value, index) => value - mu[index]),
        plus(error, between),
      )
      expect(Math.abs(values[trial] - byHand)).toBeLessThan(ROUNDING)
    })
  })
  it('draws new settings with covariance T', () => {
    const model = conditioned(trials, { heterogeneity: 'factor' })
    const count = 6000
    const draws = drawsAt(model, positionOf(model), count)
    const [mu, tau, omega, fresh] = ['mu', 'tau', 'Omega', 'theta_new'].map((name) => variable(draws, name).values)
    let product = 0
    for (let draw = 0; draw < count; draw++)
      product += ((fresh[4 * draw] - mu[0]) / tau[0]) * ((fresh[4 * draw + 1] - mu[1]) / tau[1])
    // the standard error of a correlation of normal variables is below sqrt(2 / count)
    const FIVE_STANDARD_ERRORS = 5 * Math.sqrt(2 / count)
    expect(Math.abs(product / count - omega[1])).toBeLessThan(FIVE_STANDARD_ERRORS)
    expect(Math.abs(omega[1])).toBeGreaterThan(FIVE_STANDARD_ERRORS)
  })
  it('compiles for 200 trials with 20 coefficients, and has a finite gradient', () => {
    const model = conditioned(trialsOf(200, 20), { heterogeneity: 'factor' })
    const gradient = new Float64Array(model.logDensity.dimension)
    expect(gradient).toHaveLength(20 + 20 + 2 + 37)
    expect(Number.isFinite(model.logDensity.valueAndGradient(positionOf(model), gradient))).toBe(true)
    expect(gradient.every(Number.isFinite)).toBe(true)
  })
})

describe('a Student-t distribution between trials', () => {
  const model = conditioned(trialsOf(4, 1), { betweenTrials: 'student-t', degreesOfFreedom: 5 })
  const position = positionOf(model)
  it('is normal with variance tau^2 / w given the weight w of a trial', () => {
    const draws = drawsAt(model, position)
    const [mu, tau, weight] = ['mu', 'tau', 'trialWeight'].map((name) => variable(draws, name).values)
    const { values } = model.pointwiseLogLikelihood(position)
    trialsOf(4, 1).forEach(({ estimate, covariance }, trial) => {
      const total = Float64Array.of(covariance[0] + tau[0] ** 2 / weight[trial])
      expect(Math.abs(values[trial] - logNormal(Float64Array.of(estimate[0] - mu[0]), total))).toBeLessThan(ROUNDING)
    })
  })
  it('draws new settings whose standard deviation is tau', () => {
    const draws = drawsAt(model, position, 8000)
    const [mu, tau] = ['mu', 'tau'].map((name) => variable(draws, name).values[0])
    const standardised = variable(draws, 'theta_new').values.map((value) => (value - mu) / (tau * Math.sqrt(3 / 5)))
    expect(isRejected(standardised, (t) => studentTCdf(t, 5))).toBe(false)
    // negative control
    expect(isRejected(standardised, (t) => normalCdf(t * Math.sqrt(3 / 5)))).toBe(true)
  })
})

describe('the contamination mixture', () => {
  const trials = trialsOf(8, 1, (trial) => (trial === 7 ? 2.5 : 0))
  const raw = { betweenTrials: 'contamination', heterogeneityScale: 0.3 }
  it('is the density of two normal distributions, the second wider', () => {
    const model = conditioned(trials, raw)
    const position = positionOf(model)
    const draws = drawsAt(model, position)
    const [mu, tau, aberrance] = ['mu', 'tau', 'aberrance'].map((name) => variable(draws, name).values[0])
    const { values } = model.pointwiseLogLikelihood(position)
    const aberrant = variable(draws, 'aberrant').values
    trials.forEach(({ estimate, covariance }, trial) => {
      const density = (variance: number) =>
        Math.exp(logNormal(Float64Array.of(estimate[0] - mu), Float64Array.of(covariance[0] + variance)))
      const [typical, wide] = [(1 - aberrance) * density(tau ** 2), aberrance * density(tau ** 2 + 1.2 ** 2)]
      expect(Math.abs(values[trial] - Math.log(typical + wide))).toBeLessThan(ROUNDING)
      expect(Math.abs(aberrant[trial] - wide / (typical + wide))).toBeLessThan(ROUNDING)
    })
  })
  it('finds the aberrant trial, and the others set the average', async () => {
    const { model, data } = hierarchical.condition(trials, hierarchical.parseOptions(raw))
    const { draws, diagnosis } = await fit(model, data, { seed: 3, chains: 2, warmup: 300, draws: 500, targetAcceptance: 0.95 })
    expect(diagnosis.summary.length).toBeGreaterThan(0)
    const pooled = hierarchical.pooledDraws(draws)
    const meanOf = (name: string, element: number, size: number) => {
      const of = variable(pooled, name).values.filter((_, at) => at % size === element)
      return of.reduce((sum, value) => sum + value / of.length, 0)
    }
    expect(meanOf('aberrant', 7, 8)).toBeGreaterThan(0.95)
    for (let trial = 0; trial < 7; trial++) expect(meanOf('aberrant', trial, 8)).toBeLessThan(0.3)
    // 7 trials with standard errors of 0.15 to 0.2 and a spread of 0.2 give a mean with a standard error of about 0.1
    const typical = trials.slice(0, 7).reduce((sum, { estimate }) => sum + estimate[0] / 7, 0)
    const all = trials.reduce((sum, { estimate }) => sum + estimate[0] / 8, 0)
    expect(Math.abs(meanOf('mu', 0, 1) - typical)).toBeLessThan(0.1)
    // negative control: what all trials alike would give
    expect(Math.abs(all - typical)).toBeGreaterThan(0.2)
  })
  it('with newSetting typical, no new setting is aberrant', () => {
    const spread = (newSetting: string) => {
      const model = conditioned(trials, { ...raw, aberrant: { probability: 0.5, newSetting } })
      const draws = drawsAt(model, positionOf(model), 2000)
      const [mu, tau] = ['mu', 'tau'].map((name) => variable(draws, name).values[0])
      return variable(draws, 'theta_new').values.reduce((most, value) => Math.max(most, Math.abs(value - mu) / tau), 0)
    }
    // 2000 standard normal numbers exceed 6 with probability 4e-6
    expect(spread('typical')).toBeLessThan(6)
    expect(spread('any')).toBeGreaterThan(6)
  })
})

describe('site likelihoods from draws', () => {
  const source = stream(4, 'site draws')
  /** Skewness 1. */
  const skewed = (count: number, scale: number) =>
    Float64Array.from({ length: count }, () => (scale * (drawGamma(source, 4) - 4)) / 2)
  const logGammaDensity = (theta: number, scale: number) => {
    const g = (2 * theta) / scale + 4
    return g > 0 ? 3 * Math.log(g) - g : -Infinity
  }
  const trials = trialsOf(3, 1).map((trial, index) => {
    const scale = 0.3 + 0.1 * index
    return { ...trial, estimate: Float64Array.of(0), covariance: Float64Array.of(scale ** 2), draws: skewed(4000, scale) }
  })
  /** Log likelihood of one trial over mu at a given tau, up to a constant: by the model, and by quadrature of the exact density. */
  const curves = (raw: Record<string, unknown>, trial: number, tau: number, means: readonly number[]) => {
    const model = conditioned(trials, raw)
    const scale = 0.3 + 0.1 * trial
    const byModel = means.map((mu) => model.pointwiseLogLikelihood(Float64Array.of(mu, Math.log(tau))).values[trial])
    const exact = means.map((mu) => {
      let sum = 0
      for (let theta = -2 * scale; theta < 8 * scale; theta += scale / 50)
        sum += Math.exp(logGammaDensity(theta, scale) - 0.5 * ((theta - mu) / tau) ** 2)
      return Math.log(sum)
    })
    const distances = byModel.map((value, index) => value - exact[index])
    const middle = distances.reduce((sum, value) => sum + value / distances.length, 0)
    return Math.max(...distances.map((value) => Math.abs(value - middle)))
  }
  it('are much nearer than the normal form to the exact likelihood of a skewed posterior', () => {
    for (const trial of [0, 1, 2]) {
      const means = Array.from({ length: 10 }, (_, index) => (0.3 + 0.1 * trial) * (-1.4 + 0.37 * index))
      const [normal, draws] = [
        curves({}, trial, 0.1, means),
        curves({ siteLikelihood: 'draws', siteDrawCount: 2000 }, trial, 0.1, means),
      ]
      expect(draws).toBeLessThan(0.4 * normal)
    }
  })
  it('keep mean and covariance of all draws', () => {
    const raw = { ...hierarchicalOptionsSchema.parse({ siteLikelihood: 'draws' }) }
    const two = trialsOf(3, 2).map((trial) => ({
      ...trial,
      draws: Float64Array.from({ length: 2 * 900 }, (_, at) => drawGamma(source, 2) + (at % 2)),
    }))
    const { deviation, covariance, estimate, logWeight } = hierarchicalData(two, raw)
    const kernels = 500
    two.forEach(({ draws }, trial) => {
      for (const row of [0, 1]) {
        const column = draws.filter((_, at) => at % 2 === row)
        const mean = column.reduce((sum, value) => sum + value / 900, 0)
        const variance = column.reduce((sum, value) => sum + (value - mean) ** 2 / 899, 0)
        const kept = deviation!.values.subarray((trial * 2 + row) * kernels, (trial * 2 + row + 1) * kernels)
        const spread = kept.reduce((sum, value) => sum + value ** 2 / (kernels - 1), 0)
        expect(Math.abs(estimate.values[trial * 2 + row] - mean)).toBeLessThan(ROUNDING)
        expect(Math.abs(spread + covariance.values[trial * 4 + 3 * row] - variance)).toBeLessThan(ROUNDING)
      }
    })
    expect(logWeight!.values.every((value) => Math.abs(value + Math.log(kernels)) < ROUNDING)).toBe(true)
  })
  it('give each trial draws of its coefficients near its own kernels when trials differ widely', () => {
    const model = conditioned(trials, { siteLikelihood: 'draws', heterogeneityScale: 100 })
    const draws = drawsAt(model, Float64Array.of(0, Math.log(50)), 1500)
    const theta = variable(draws, 'theta').values.filter((_, at) => at % 3 === 0)
    const skewness = theta.reduce((sum, value) => sum + (value / 0.3) ** 3 / 1500, 0)
    // the standard error of the third moment of 1500 draws with skewness 1 is about sqrt(60 / 1500) = 0.2; kernels leave (1 - 0.26^2)^1.5 = 0.9 of it
    expect(skewness).toBeGreaterThan(0.9 - 4 * 0.2)
    expect(Math.abs(theta.reduce((sum, value) => sum + value / 1500, 0))).toBeLessThan((5 * 0.3) / Math.sqrt(1500) + 0.02)
  })
  it('report the importance weights of the draws: even where trials agree, heavy on few draws for a trial far from the others', () => {
    const apart = trialsOf(6, 1).map((trial, index) => ({
      ...trial,
      draws: Float64Array.from({ length: 1000 }, () => drawNormal(source, index === 5 ? 3 : 0, 0.3)),
    }))
    const options = hierarchical.parseOptions({ siteLikelihood: 'draws', heterogeneityScale: 0.05 })
    const { model, data } = hierarchical.condition(apart, options)
    const draws = drawsAt(condition(model, data), Float64Array.of(0, Math.log(0.1)), 10)
    const ratios = hierarchical.siteLogRatios?.(draws, data, options) ?? []
    const worth = ratios.map((logs) => {
      const weights = logs.map(Math.exp)
      const total = weights.reduce((sum, weight) => sum + weight, 0)
      return 1 / weights.reduce((sum, weight) => sum + (weight / total) ** 2, 0)
    })
    expect(worth).toHaveLength(6)
    for (const each of worth.slice(0, 5)) expect(each).toBeGreaterThan(100)
    expect(worth[5]).toBeLessThan(20)
  })
})

describe('dividing out the first stage', () => {
  const [trial] = trialsOf(1, 2)
  const precision = Float64Array.of(0.01, 0, 0, 4)
  const mean = Float64Array.of(0, 0.5)
  /** The posterior of a normal likelihood under that prior. */
  const posterior = (likelihood: TrialEstimate): TrialEstimate => {
    const information = invertPositiveDefinite(likelihood.covariance, 2)
    const covariance = invertPositiveDefinite(plus(information, precision), 2)
    const weighted = [0, 1].map((row) =>
      [0, 1].reduce(
        (sum, column) =>
          sum + information[2 * row + column] * likelihood.estimate[column] + precision[2 * row + column] * mean[column],
        0,
      ),
    )
    const estimate = Float64Array.from([0, 1], (row) => covariance[2 * row] * weighted[0] + covariance[2 * row + 1] * weighted[1])
    return { ...likelihood, estimate, covariance, prior: { kind: 'normal', mean, precision } }
  }
  const options = hierarchical.parseOptions({ firstStagePrior: 'divide-out' })
  it('gives back the likelihood that a normal prior was combined with', () => {
    const { estimate, covariance } = hierarchicalData([posterior(trial), posterior(trial)], options)
    trial.estimate.forEach((value, index) => {
      expect(Math.abs(estimate.values[index] - value)).toBeLessThan(ROUNDING)
    })
    trial.covariance.forEach((value, index) => {
      expect(Math.abs(covariance.values[index] - value)).toBeLessThan(ROUNDING)
    })
    // negative control
    const kept = hierarchicalData([posterior(trial), posterior(trial)], hierarchical.parseOptions({}))
    expect(Math.abs(kept.estimate.values[1] - trial.estimate[1])).toBeGreaterThan(1e-3)
  })
  it('weighs draws by the inverse of the prior density', () => {
    const source = stream(8, 'prior')
    // a posterior N(0.2, 0.2^2) under a prior N(0, 0.4^2) comes from a likelihood with precision 25 - 6.25 and mean 0.2 * 25 / 18.75
    const one: TrialEstimate = {
      ...trialsOf(1, 1)[0],
      prior: { kind: 'normal', mean: Float64Array.of(0), precision: Float64Array.of(6.25) },
      draws: Float64Array.from({ length: 4000 }, () => drawNormal(source, 0.2, 0.2)),
    }
    const { estimate } = hierarchicalData(
      [one, one],
      hierarchical.parseOptions({ siteLikelihood: 'draws', firstStagePrior: 'divide-out' }),
    )
    const FIVE_STANDARD_ERRORS = (5 * Math.sqrt(1 / 18.75)) / Math.sqrt(4000 / 2)
    expect(Math.abs(estimate.values[0] - (0.2 * 25) / 18.75)).toBeLessThan(FIVE_STANDARD_ERRORS)
    expect((0.2 * 25) / 18.75 - 0.2).toBeGreaterThan(FIVE_STANDARD_ERRORS)
  })
  it('is refused when the prior is not normal, not known, or as precise as the posterior, with the remedy', () => {
    const divided = (prior: TrialEstimate['prior']) => () => {
      const { prior: _, ...rest } = trial
      return hierarchicalData([trial, { ...rest, study: 'ACT-2', ...(prior && { prior }) }], options)
    }
    expect(divided({ kind: 'shrinking', description: 'Laplace priors' })).toThrow(DataError)
    expect(divided({ kind: 'shrinking', description: 'Laplace priors' })).toThrow(/"ACT-2".*Laplace priors.*prior: laplace/s)
    expect(divided(undefined)).toThrow(/"ACT-2".*does not say/s)
    expect(divided({ kind: 'normal', mean, precision: Float64Array.of(1e4, 0, 0, 1e4) })).toThrow(
      /no more precise than the prior/,
    )
  })
})

describe('shrinking the pooled interactions', () => {
  it('leaves the treatment effect alone and pulls interactions towards 0, the more of them the more', async () => {
    const trials = trialsOf(8, 4).map((trial) => ({
      ...trial,
      estimate: trial.estimate.map((value, index) => (index === 0 ? value + 0.5 : 0.15 * value)),
    }))
    const means = async (raw: Record<string, unknown>) => {
      const { model, data } = hierarchical.condition(
        trials,
        hierarchical.parseOptions({ heterogeneity: 'random-effect', ...raw }),
      )
      const { draws } = await fit(model, data, { seed: 2, chains: 2, warmup: 300, draws: 500, targetAcceptance: 0.9 })
      const { values } = variable(hierarchical.pooledDraws(draws), 'mu')
      return NAMES.map((_, index) => {
        const of = values.filter((__, at) => at % 4 === index)
        return of.reduce((sum, value) => sum + value / of.length, 0)
      })
    }
    const [vague, shrunken] = [await means({}), await means({ prior: { name: 'normal', scale: 0.02 } })]
    const sizeOf = (values: readonly number[]) => values.slice(1).reduce((sum, value) => sum + Math.abs(value), 0)
    expect(sizeOf(shrunken)).toBeLessThan(0.5 * sizeOf(vague))
    expect(Math.abs(shrunken[0] - vague[0])).toBeLessThan(0.1)
  })
  it('completes the prior with its defaults and says what it is', () => {
    const options = hierarchical.parseOptions({ prior: 'laplace' })
    expect(options.prior).toMatchObject({ name: 'laplace', scale: 1 })
    expect(hierarchical.describe(options)).toContain('Laplace priors')
    expect(hierarchical.targetAcceptance(hierarchical.parseOptions({ prior: 'regularised-horseshoe' }))).toBe(0.98)
    expect(() => hierarchical.parseOptions({ prior: 'no such' })).toThrow(ProtocolError)
  })
})

describe('trials that cannot be pooled', () => {
  const trials = trialsOf(3, 2)
  const pool =
    (given: readonly TrialEstimate[], raw: Record<string, unknown> = {}) =>
    () =>
      hierarchicalData(given, hierarchical.parseOptions(raw))
  it('one trial, or none', () => {
    expect(pool(trials.slice(0, 1))).toThrow(/"trial 1" is the only trial.*at least two/s)
    expect(pool([])).toThrow(DataError)
  })
  it('a singular covariance, different coefficients, an estimate that is not finite: the trial is named', () => {
    expect(pool([trials[0], { ...trials[1], covariance: Float64Array.of(1, 1, 1, 1) }])).toThrow(
      /"trial 2" is not positive definite/,
    )
    expect(pool([trials[0], { ...trials[1], coefficientNames: ['treatment', 'treatment:bmi'] }])).toThrow(
      /"trial 1" and "trial 2".*treatment:age against/s,
    )
    expect(pool([trials[0], { ...trials[1], estimate: Float64Array.of(1, Number.NaN) }])).toThrow(/"trial 2"/)
    expect(pool([trials[0], { ...trials[1], estimate: Float64Array.of(1) }])).toThrow(/"trial 2"/)
  })
  it('draws that are missing, too few, of other coefficients or not finite; differently many are no fault', () => {
    const raw = { siteLikelihood: 'draws' }
    const source = stream(1, 'bad draws')
    const drawn = (count: number) => Float64Array.from({ length: count }, () => drawNormal(source, 0, 1))
    const whole = { ...trials[0], draws: drawn(400) }
    expect(pool([whole, trials[1]], raw)).toThrow(/"trial 2".*without posterior draws/s)
    expect(pool([whole, { ...trials[1], draws: drawn(20) }], raw)).toThrow(/"trial 2".*10 draws.*siteLikelihood: normal/s)
    expect(pool([whole, { ...trials[1], draws: drawn(301) }], raw)).toThrow(/"trial 2".*301 numbers as draws of 2/s)
    expect(pool([whole, { ...trials[1], draws: drawn(400).fill(Number.NaN, 3, 4) }], raw)).toThrow(/"trial 2".*finite/s)
    expect(pool([whole, { ...trials[1], draws: drawn(400).map((_, at) => (at % 2 === 0 ? at : 2 * at - 2)) }], raw)).toThrow(
      /plane/,
    )
    expect(pool([whole, { ...trials[1], draws: drawn(300) }], raw)().deviation!.shape).toEqual([2, 2, 150])
  })
})

describe('cautions', () => {
  const cautions = (count: number, size: number, raw: Record<string, unknown>) =>
    hierarchical.cautions?.(trialsOf(count, size), hierarchical.parseOptions(raw)) ?? []
  it('two trials rest on the prior; a random treatment effect alone is what few trials allow', () => {
    expect(cautions(2, 3, {})).toMatchObject([{ severity: 'important', message: expect.stringContaining('rest on the prior') }])
    expect(cautions(4, 3, {})).toMatchObject([{ severity: 'note' }])
    expect(cautions(4, 3, { heterogeneity: 'random-effect' })).toEqual([])
    expect(cautions(8, 3, {})).toEqual([])
  })
  it('more free parameters than trials', () => {
    expect(cautions(10, 4, { heterogeneity: 'unstructured' })).toEqual([])
    expect(cautions(9, 4, { heterogeneity: 'unstructured' })[0].message).toContain('10 free parameters and there are 9 trials')
    expect(cautions(6, 4, { heterogeneity: 'factor', factorCount: 1 })[0].message).toContain('8 free parameters')
  })
  it('robust distributions of few trials', () => {
    expect(cautions(9, 1, { betweenTrials: 'student-t' })[0].message).toContain('9 trials an aberrant trial')
    expect(cautions(10, 1, { betweenTrials: 'contamination' })).toEqual([])
  })
})

describe('other priors of the heterogeneity', () => {
  it('are the same options with half and twice the scale, the options themselves first', () => {
    const options = hierarchical.parseOptions({ heterogeneityPrior: 'half-cauchy' })
    const alternatives = hierarchical.alternatives?.(options) ?? []
    expect(alternatives.map((one) => one.options.heterogeneityScale)).toEqual([
      { treatment: 0.5, interaction: 0.25 },
      { treatment: 0.25, interaction: 0.125 },
      { treatment: 1, interaction: 0.5 },
    ])
    expect(alternatives[0].options).toEqual(options)
    expect(alternatives[1].label).toBe('half-Cauchy priors with scale 0.25 (treatment) and 0.125 (interactions)')
  })
})

import { describe, expect, it } from 'vitest'
import { RunError } from '../../../src/errors/run-error.js'
import { exactNormalRegression } from '../../../src/numeric/exact-normal-regression.js'
import { exactRegressionSampler, type RegressionSampler } from '../../../src/numeric/exact-regression.js'
import { exactSpikeAndSlabSampler } from '../../../src/numeric/exact-spike-and-slab-draws.js'
import { exactSpikeAndSlabRegression } from '../../../src/numeric/exact-spike-and-slab-regression.js'
import { ordinaryLeastSquares } from '../../../src/numeric/ordinary-least-squares.js'
import { logSumExp } from '../../../src/numeric/slab-patterns.js'
import { drawNormal } from '../../../src/random/normal.js'
import { stream } from '../../../src/random/stream.js'

const ROWS = 40
const SIZE = 4
const source = stream(3, 'exact regression')
const design = Float64Array.from({ length: ROWS * SIZE }, (_, at) => (at % SIZE === 0 ? 1 : drawNormal(source)))
const outcome = Float64Array.from(
  { length: ROWS },
  (_, row) => 0.5 + 1.2 * design[row * SIZE + 1] + 0.15 * design[row * SIZE + 2] + drawNormal(source, 0, 0.6),
)
const DRAWS = 20_000
/** 4.5 standard errors: of some 60 comparisons none is beyond by chance but with probability 4e-4. */
const Z = 4.5

function moments(sampler: RegressionSampler, size = SIZE, offsets = new Float64Array(size)) {
  const draws = new Float64Array(DRAWS * size)
  const random = stream(4, 'draws')
  const sigma = Float64Array.from({ length: DRAWS }, (_, draw) => sampler.draw(random, draws, draw * size))
  const columns = Array.from({ length: size }, (_, k) =>
    Float64Array.from({ length: DRAWS }, (__, draw) => draws[draw * size + k] + offsets[k]),
  )
  return { coefficients: columns.map(momentsOf), sigma: momentsOf(sigma) }
}

/** Mean and variance with their standard errors. */
function momentsOf(values: Float64Array) {
  const mean = values.reduce((sum, value) => sum + value, 0) / DRAWS
  const squares = values.map((value) => (value - mean) ** 2)
  const variance = squares.reduce((sum, value) => sum + value, 0) / DRAWS
  const spread = squares.reduce((sum, value) => sum + (value - variance) ** 2, 0) / DRAWS
  return { mean, variance, seMean: Math.sqrt(variance / DRAWS), seVariance: Math.sqrt(spread / DRAWS) }
}

/** Mean and variance of each coefficient over a fine grid of log sigma, given those of closed form for each sigma. */
function byQuadrature(
  logPrior: (sigma: number) => number,
  posterior: (sigma: number) => { mean: ArrayLike<number>; variance: (k: number) => number; logMarginal: number },
) {
  const nodes = Array.from({ length: 301 }, (_, index) => Math.exp(-2.5 + index / 100))
  const parts = nodes.map((sigma) => ({ ...posterior(sigma), sigma }))
  const logs = Float64Array.from(parts, ({ logMarginal, sigma }) => logMarginal + logPrior(sigma))
  const total = logSumExp(logs)
  const weights = logs.map((log) => Math.exp(log - total))
  const average = (value: (part: (typeof parts)[number]) => number) =>
    parts.reduce((sum, part, index) => sum + weights[index] * value(part), 0)
  return {
    sigma: average(({ sigma }) => sigma),
    coefficients: Array.from({ length: SIZE }, (_, k) => {
      const mean = average((part) => part.mean[k])
      return { mean, variance: average((part) => part.variance(k) + part.mean[k] ** 2) - mean * mean }
    }),
  }
}

const halfT = { logDensity: (sigma: number) => Math.log(sigma) - 2 * Math.log1p(sigma ** 2 / 3), scale: 1 }
const reference = { logDensity: () => 0, scale: 0 }
const flat = new Float64Array(SIZE).fill(Number.POSITIVE_INFINITY)

function expectAgreement(
  drawn: ReturnType<typeof moments>,
  exact: { coefficients: readonly { mean: number; variance: number }[] },
) {
  drawn.coefficients.forEach(({ mean, variance, seMean, seVariance }, k) => {
    expect(Math.abs(mean - exact.coefficients[k].mean) / seMean, `mean ${k}`).toBeLessThan(Z)
    expect(Math.abs(variance - exact.coefficients[k].variance) / seVariance, `variance ${k}`).toBeLessThan(Z)
  })
}

describe('exactRegressionSampler', () => {
  it('with flat priors and p(sigma) = 1 / sigma gives the t distributions of least squares', () => {
    const fit = ordinaryLeastSquares(design, outcome)
    const inflation = fit.degreesOfFreedom / (fit.degreesOfFreedom - 2)
    const drawn = moments(exactRegressionSampler({ design, outcome, priorScale: flat, residual: reference }))
    expectAgreement(drawn, {
      coefficients: Array.from(fit.coefficients, (mean, k) => ({ mean, variance: inflation * fit.covariance[k * SIZE + k] })),
    })
  })
  const scales = Float64Array.of(10, 0.5, 0.3, 0.3)
  const normalByQuadrature = byQuadrature(halfT.logDensity, (sigma) => {
    const { mean, covariance, logMarginal } = exactNormalRegression({ design, outcome, priorScale: scales, sigma })
    return { mean, variance: (k) => covariance[k * SIZE + k], logMarginal }
  })
  it('with normal priors agrees with the closed form integrated over sigma', () => {
    const drawn = moments(exactRegressionSampler({ design, outcome, priorScale: scales, residual: halfT }))
    expectAgreement(drawn, normalByQuadrature)
    expect(Math.abs(drawn.sigma.mean - normalByQuadrature.sigma) / drawn.sigma.seMean).toBeLessThan(Z)
  })
  it('negative control: draws shifted by a tenth of a standard deviation, or of another prior, do not agree', () => {
    const shift = Float64Array.from(normalByQuadrature.coefficients, ({ variance }) => Math.sqrt(variance) / 10)
    const sampler = exactRegressionSampler({ design, outcome, priorScale: scales, residual: halfT })
    expect(() => expectAgreement(moments(sampler, SIZE, shift), normalByQuadrature)).toThrow()
    const other = exactRegressionSampler({ design, outcome, priorScale: flat, residual: halfT })
    expect(() => expectAgreement(moments(other), normalByQuadrature)).toThrow()
  })
  it('takes flat and normal priors together: a flat prior is the limit of a wide one', () => {
    const some = Float64Array.of(Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0.3, 0.3)
    const wide = some.map((scale) => Math.min(scale, 1e3))
    const limit = byQuadrature(halfT.logDensity, (sigma) => {
      const { mean, covariance, logMarginal } = exactNormalRegression({ design, outcome, priorScale: wide, sigma })
      return { mean, variance: (k) => covariance[k * SIZE + k], logMarginal }
    })
    expectAgreement(moments(exactRegressionSampler({ design, outcome, priorScale: some, residual: halfT })), limit)
    expectAgreement(moments(exactRegressionSampler({ design, outcome, priorScale: wide, residual: halfT })), limit)
  })
  it("scales relative to sigma give normal-inverse-gamma posteriors: mean (X'X + P)^-1 X'y, whatever sigma", () => {
    const { mean } = exactNormalRegression({ design, outcome, priorScale: scales, sigma: 1 })
    const drawn = moments(exactRegressionSampler({ design, outcome, priorScale: scales, isRelative: true, residual: reference }))
    drawn.coefficients.forEach((one, k) => {
      expect(Math.abs(one.mean - mean[k]) / one.seMean).toBeLessThan(Z)
    })
    const { covariance } = exactNormalRegression({ design, outcome, priorScale: scales, sigma: 1 })
    drawn.coefficients.forEach((one, k) => {
      const sigmaSquare = drawn.sigma.variance + drawn.sigma.mean ** 2
      expect(one.variance / (sigmaSquare * covariance[k * SIZE + k])).toBeCloseTo(1, 1)
    })
  })
  it('with a proper prior gives a coefficient that the design does not determine its prior', () => {
    const collinear = design.map((value, at) => (at % SIZE === 3 ? 0 : value))
    const drawn = moments(exactRegressionSampler({ design: collinear, outcome, priorScale: scales, residual: halfT }))
    const { mean, seMean, variance, seVariance } = drawn.coefficients[3]
    expect(Math.abs(mean) / seMean).toBeLessThan(Z)
    expect(Math.abs(variance - 0.09) / seVariance).toBeLessThan(Z)
  })
  it('with more coefficients than rows and proper priors agrees with the closed form integrated over sigma', () => {
    const few = { design: design.subarray(0, 3 * SIZE), outcome: outcome.subarray(0, 3) }
    const drawn = moments(exactRegressionSampler({ ...few, priorScale: scales, residual: halfT }))
    const nodes = Array.from({ length: 1500 }, (_, index) => Math.exp(-12 + index / 60))
    const parts = nodes.map((sigma) => exactNormalRegression({ ...few, priorScale: scales, sigma }))
    const logs = Float64Array.from(parts, ({ logMarginal }, index) => logMarginal + halfT.logDensity(nodes[index]))
    const total = logSumExp(logs)
    const mean = parts.reduce((sum, part, index) => sum + Math.exp(logs[index] - total) * part.mean[1], 0)
    expect(Math.abs(drawn.coefficients[1].mean - mean) / drawn.coefficients[1].seMean).toBeLessThan(Z)
  })
  it('refuses flat priors on a singular design, and an outcome that is fitted without error', () => {
    const collinear = design.map((value, at) => (at % SIZE === 3 ? design[at - 1] : value))
    expect(() => exactRegressionSampler({ design: collinear, outcome, priorScale: flat, residual: halfT })).toThrow(RunError)
    const constant = new Float64Array(ROWS).fill(2)
    for (const priorScale of [flat, scales])
      expect(() => exactRegressionSampler({ design, outcome: constant, priorScale, residual: halfT })).toThrow(/without error/)
  })
})

describe('exactSpikeAndSlabSampler', () => {
  const mixture = { slabScale: 1, spikeScale: 0.05, slabProbability: 0.4 }
  const regression = { design, outcome, priorScale: Float64Array.of(10, 1, 1, 1) }
  const exact = byQuadrature(halfT.logDensity, (sigma) => {
    const posterior = exactSpikeAndSlabRegression({ ...regression, ...mixture, selected: [1, 2, 3], sigma })
    return { mean: posterior.mean, variance: (k) => posterior.sd[k] ** 2, logMarginal: posterior.logMarginal }
  })
  it('agrees with the enumeration integrated over sigma', () => {
    const sampler = exactSpikeAndSlabSampler({ ...regression, ...mixture, open: [1, 2, 3], residual: halfT })
    const drawn = moments(sampler)
    expectAgreement(drawn, exact)
    expect(Math.abs(drawn.sigma.mean - exact.sigma) / drawn.sigma.seMean).toBeLessThan(Z)
  })
  it('negative control: another prior probability of the slab does not agree', () => {
    const sampler = exactSpikeAndSlabSampler({
      ...regression,
      ...mixture,
      slabProbability: 0.6,
      open: [1, 2, 3],
      residual: halfT,
    })
    expect(() => expectAgreement(moments(sampler), exact)).toThrow()
  })
})

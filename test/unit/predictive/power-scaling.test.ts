import { describe, expect, it } from 'vitest'
import { cumulativeJensenShannon } from '../../../diagnostics/predictive/cumulative-jensen-shannon.js'
import { powerScalingSensitivity } from '../../../diagnostics/predictive/power-scaling.js'
import { sensitivityText } from '../../../diagnostics/predictive/sensitivity-text.js'
import type { Draws } from '../../../src/draws/draws.js'
import { drawMeans, logNormal, type NormalPosterior, posteriorOf } from './conjugate-normal.js'

const grid = Float64Array.from({ length: 4001 }, (_, index) => -8 + index * 0.004)
function weightsOn(points: Float64Array, { mean, sd }: NormalPosterior): Float64Array {
  const density = points.map((x) => Math.exp(logNormal(x, mean, sd)))
  const total = density.reduce((sum, value) => sum + value, 0)
  return density.map((value) => value / total)
}
const distance = (first: NormalPosterior, second: NormalPosterior, points = grid) =>
  cumulativeJensenShannon(points, weightsOn(points, first), weightsOn(points, second))

describe('cumulativeJensenShannon', () => {
  const standard = { mean: 0, sd: 1 }
  it('is that of the definition for two points, for the lower or the upper one, whichever is further apart', () => {
    const term = (p: number, q: number) => p * Math.log2((2 * p) / (p + q))
    const squared = (p: number, q: number) => (term(p, q) + term(q, p)) / (p + q)
    const expected = Math.sqrt(Math.max(squared(0.1, 0.3), squared(0.9, 0.7)))
    expect(cumulativeJensenShannon(Float64Array.of(0, 1), [0.1, 0.9], [0.3, 0.7])).toBeCloseTo(expected, 12)
    expect(cumulativeJensenShannon(Float64Array.of(1, 0), [0.1, 0.9], [0.3, 0.7])).toBeCloseTo(expected, 12)
  })
  it('is symmetric, 0 for equal distributions, and the same for the negated, moved and scaled quantity', () => {
    const other = { mean: 0.5, sd: 1.4 }
    expect(distance(standard, standard)).toBe(0)
    expect(distance(standard, other)).toBeCloseTo(distance(other, standard), 12)
    const [first, second] = [weightsOn(grid, standard), weightsOn(grid, other)]
    expect(
      cumulativeJensenShannon(
        grid.map((x) => 3 - 5 * x),
        first,
        second,
      ),
    ).toBeCloseTo(distance(standard, other), 12)
  })
  it('approaches 1 for distributions far apart', () => {
    expect(cumulativeJensenShannon(Float64Array.of(0, 1, 1000, 1001), [0.5, 0.5, 0, 0], [0, 0, 0.5, 0.5])).toBeGreaterThan(0.99)
  })
  it('is NaN for draws that are not finite and 0 for constant ones', () => {
    expect(cumulativeJensenShannon(Float64Array.of(1, Number.NaN), [0.5, 0.5], [0.1, 0.9])).toBeNaN()
    expect(cumulativeJensenShannon(Float64Array.of(2, 2), [0.5, 0.5], [0.1, 0.9])).toBe(0)
  })
})

const drawCount = 4000
function sensitivityFor(y: Float64Array, priorSd: number, options?: Parameters<typeof powerScalingSensitivity>[3]) {
  const means = drawMeans(posteriorOf(y, priorSd), drawCount)
  const chains = (values: Float64Array) => [0, 1, 2, 3].map((chain) => values.subarray(chain * 1000, (chain + 1) * 1000))
  const draws: Draws = { chainCount: 4, drawCount: 1000, variables: [{ name: 'mu', dimensions: [], values: means }] }
  const logPrior = means.map((mean) => logNormal(mean, 0, priorSd))
  const logLikelihood = means.map((mean) => y.reduce((sum, value) => sum + logNormal(value, mean, 1), 0))
  return powerScalingSensitivity(draws, chains(logPrior), chains(logLikelihood), options)
}
/** The mean of ten observations is this. */
const tenWithMean = (mean: number) => Float64Array.from({ length: 10 }, (_, index) => mean + (index % 2 ? 0.5 : -0.5))

describe('powerScalingSensitivity', () => {
  it('is the distance to the posterior with the power in closed form', () => {
    const y = tenWithMean(2)
    const { mean, sd } = posteriorOf(y, 1)
    // The distance refers to the range of the draws.
    const draws = drawMeans({ mean, sd }, drawCount)
    const [from, to] = [Math.min(...draws), Math.max(...draws)]
    const range = Float64Array.from({ length: 4001 }, (_, index) => from + ((to - from) * index) / 4000)
    const expected = (exact: (power: number) => NormalPosterior) =>
      [0.8, 1.25].reduce((sum, power) => sum + distance({ mean, sd }, exact(power), range) / Math.abs(Math.log2(power)), 0) / 2
    const [row] = sensitivityFor(y, 1).rows
    // Importance weights with a coefficient of variation of about 0.25 leave distribution functions, and so the distance of size
    // 0.05, a relative error of a few times 1 / (0.25 sqrt(S)); a tenth is four of them.
    expect(Math.abs(row.prior / expected((power) => posteriorOf(y, 1, power)) - 1)).toBeLessThan(0.1)
    expect(Math.abs(row.likelihood / expected((power) => posteriorOf(y, 1, 1, power)) - 1)).toBeLessThan(0.1)
  })
  it('finds a conflict between prior and data, a likelihood that says little, and neither', () => {
    expect(sensitivityFor(tenWithMean(4), 1).rows[0].diagnosis).toBe('prior-data conflict')
    expect(sensitivityFor(Float64Array.of(0), 0.15).rows[0].diagnosis).toBe('weak likelihood')
    expect(sensitivityFor(tenWithMean(0.5), 10).rows[0].diagnosis).toBe('none')
  })
  it('is 0 for a constant prior', () => {
    expect(sensitivityFor(tenWithMean(1), 1e9).rows[0].prior).toBeLessThan(1e-6)
  })
  it('warns where the weights cannot be relied on', () => {
    expect(sensitivityFor(tenWithMean(1), 1).warnings).toEqual([])
    const { warnings, k } = sensitivityFor(tenWithMean(6), 1, { powers: [0.1, 8] })
    expect(k).toHaveLength(4)
    expect(warnings.join()).toMatch(/Pareto k-hat of the likelihood at power 0.1/)
  })
  it('prints a line for each quantity with its diagnosis', () => {
    expect(sensitivityText(sensitivityFor(tenWithMean(4), 1))).toMatch(/mu +\d\.\d{3} +\d\.\d{3} {2}prior-data conflict/)
  })
  it('refuses powers that change nothing or do not exist, and other numbers of draws', () => {
    for (const powers of [[1], [-1], []]) expect(() => sensitivityFor(tenWithMean(1), 1, { powers })).toThrow(/power/)
    const draws: Draws = { chainCount: 1, drawCount: 2, variables: [] }
    expect(() => powerScalingSensitivity(draws, [Float64Array.of(1)], [Float64Array.of(1, 2)])).toThrow(
      /1 log densities for 2 draws/,
    )
  })
})

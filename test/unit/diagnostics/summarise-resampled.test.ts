import { describe, expect, it } from 'vitest'
import { summarise } from '../../../diagnostics/convergence/summarise.js'
import { clusteredSampleSize, summariseResampled } from '../../../diagnostics/convergence/summarise-resampled.js'
import { resampleSystematically } from '../../../src/inference/approximation/resample.js'
import { standardNormal } from '../../../src/random/standard-normal.js'
import { stream } from '../../../src/random/stream.js'

const drawsOf = (values: Float64Array) => ({
  chainCount: 1,
  drawCount: values.length,
  variables: [{ name: 'x', dimensions: [], values }],
})
const different = (count: number) => Float64Array.from({ length: count }, (_, index) => index)

describe('clusteredSampleSize', () => {
  const source = stream(1)
  const values = Float64Array.from({ length: 120 }, () => standardNormal(source))
  it('is the number of draws when none is repeated', () => {
    expect(clusteredSampleSize(values, different(120))).toBeCloseTo(120, 10)
  })
  it('is the number of different draws when each is repeated as often', () => {
    const thrice = Float64Array.from([...values, ...values, ...values])
    const clusters = Float64Array.from({ length: 360 }, (_, index) => index % 120)
    expect(clusteredSampleSize(thrice, clusters)).toBeCloseTo(120, 10)
  })
  it('is NaN for a constant', () => {
    expect(clusteredSampleSize(new Float64Array(10).fill(2), different(10))).toBeNaN()
  })
})

describe('summariseResampled', () => {
  const source = stream(2)
  const values = Float64Array.from({ length: 500 }, () => standardNormal(source))
  const [plain] = summarise(drawsOf(values))
  it('gives draws that are all different their number as effective sample size, and the moments and quantiles of any draws', () => {
    const [row] = summariseResampled(drawsOf(values), different(500), 2000)
    expect(row).toMatchObject({ name: 'x', mean: plain.mean, median: plain.median, sd: plain.sd, q5: plain.q5, q95: plain.q95 })
    for (const size of [row.essBulk, row.essTail]) expect(size).toBeCloseTo(500, 8)
    expect(row.mcseMean).toBeCloseTo(plain.sd / Math.sqrt(500), 12)
    expect(row.rhat).toBeNaN()
  })
  it('never gives more than the weights are worth', () => {
    const [row] = summariseResampled(drawsOf(values), different(500), 37)
    expect([row.essBulk, row.essTail]).toEqual([37, 37])
    expect(row.mcseMean).toBeCloseTo(plain.sd / Math.sqrt(37), 12)
  })
  it('is NaN where draws are constant or not finite', () => {
    for (const value of [1, Number.NaN]) {
      const [row] = summariseResampled(drawsOf(new Float64Array(20).fill(value)), different(20), 20)
      expect([row.essBulk, row.essTail, row.mcseMean]).toEqual([Number.NaN, Number.NaN, Number.NaN])
    }
  })
})

/**
 * N(0, 1) by importance from N(0, 0.6^2), whose weights 0.6 exp(x^2 (1 / 0.36 - 1) / 2) have infinite variance beyond |x| = 3, where the target is cut off:
 * many draws are taken several times.
 */
describe('the Monte Carlo standard error of resampled draws', () => {
  const [proposals, count, repeats] = [1600, 800, 1500]
  const source = stream(3)
  const errors: { z: number; naive: number; repeated: number }[] = Array.from({ length: repeats }, () => {
    const x = Float64Array.from({ length: proposals }, () => 0.6 * standardNormal(source))
    const raw = x.map((value) => (Math.abs(value) < 3 ? Math.exp((value * value * (1 / 0.36 - 1)) / 2) : 0))
    const total = raw.reduce((sum, weight) => sum + weight, 0)
    const rows = resampleSystematically(
      source,
      raw.map((weight) => Math.log(weight / total)),
      count,
    )
    const draws = Float64Array.from(rows, (row) => x[row])
    const effective = total ** 2 / raw.reduce((sum, weight) => sum + weight ** 2, 0)
    const [row] = summariseResampled(drawsOf(draws), Float64Array.from(rows), effective)
    const repeated = 1 - new Set(rows).size / count
    return { z: row.mean / row.mcseMean, naive: row.mean / (row.sd / Math.sqrt(count)), repeated }
  })
  const meanSquare = (name: 'z' | 'naive') => errors.reduce((sum, one) => sum + one[name] ** 2, 0) / repeats
  it('is that of the mean, with draws taken several times', () => {
    expect(errors.every(({ repeated }) => repeated > 0.05)).toBe(true)
    /** z is near a t with some 100 degrees of freedom: mean square within 4 standard errors, sqrt(2 / repeats) each, of 1; heavier tails add less than 0.15. */
    const slack = 4 * Math.sqrt(2 / repeats)
    expect(meanSquare('z')).toBeLessThan(1 + slack + 0.15)
    /** It may err by being too large, since it is capped by the weights. */
    expect(meanSquare('z')).toBeGreaterThan(0.5)
  })
  it('is told from that of as many independent draws', () => {
    expect(meanSquare('naive')).toBeGreaterThan(1.5)
  })
})

import { describe, expect, it } from 'vitest'
import { type CoverageRecord, intervalSummary } from '../../statistical/interval-coverage/replicate.js'
import { summariseCoverage } from '../../statistical/interval-coverage/summary.js'

const record = (replicate: number, coverage: number): CoverageRecord => ({
  replicate,
  truth: 'linear',
  coverage,
  width: 1,
  medianAbsoluteError: 0.1,
  diagnosis: 'passed',
  largestRhat: 1,
  smallestEss: 500,
  gradientCount: 10,
  seconds: 1,
})

describe('the coverage study', () => {
  it('counts true effects between the 2.5% and 97.5% quantiles of their draws', () => {
    const draws = 1001
    const predicted = Float64Array.from({ length: 2 * draws }, (_, at) => Math.floor(at / 2) / (draws - 1))
    const { coverage, width, medianAbsoluteError } = intervalSummary(predicted, Float64Array.of(0.97, 0.98))
    expect(coverage).toBe(0.5)
    expect(width).toBeCloseTo(0.95, 12)
    expect(medianAbsoluteError).toBeCloseTo(0.475, 12)
  })
  it('takes the data set as the unit of the Monte Carlo error, and judges beyond two of them only', () => {
    const summary = summariseCoverage([record(0, 0.9), record(1, 1)])
    expect(summary.coverage).toBeCloseTo(0.95, 12)
    expect(summary.standardError).toBeCloseTo(0.05, 12)
    expect(summary.verdict).toBe('undecided')
    const alike = (coverage: number) => summariseCoverage([0, 1, 2].map((replicate) => record(replicate, coverage))).verdict
    expect([alike(0.95), alike(0.85), alike(0.995)]).toEqual(['in the band', 'outside the band', 'outside the band'])
  })
})

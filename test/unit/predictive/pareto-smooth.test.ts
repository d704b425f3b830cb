import { describe, expect, it } from 'vitest'
import { paretoSmooth } from '../../../diagnostics/predictive/pareto-smooth.js'
import { stream } from '../../../src/random/stream.js'
import { isKitMissing, largestDifference, missingNote, readReference } from './kit.js'

interface Reference {
  readonly log_ratios: number[]
  readonly r_eff: number
  readonly pareto_k: number
  readonly n_eff: number
  readonly tail_len: number
  readonly log_weights_normalised_first20: number[]
  readonly log_weights_max: number
}

/** The references have 15 digits; log weights of size 10 lose one. */
const FIFTEEN_DIGITS = 1e-12

/** Ratios u^-k of uniform u have a Pareto tail of shape k. */
function paretoLogRatios(shape: number, count: number): Float64Array {
  const source = stream(1, 'ratios', Math.round(100 * shape))
  return Float64Array.from({ length: count }, () => -shape * Math.log(source.uniform()))
}
const sum = (values: Float64Array) => values.reduce((total, value) => total + value, 0)

describe('paretoSmooth', () => {
  describe.skipIf(isKitMissing)(`against psis of R package loo 2.5.1${missingNote}`, () => {
    const references = isKitMissing ? {} : readReference<Record<string, Reference>>('psis_expected.json')
    it.each(Object.entries(references))('agrees on %s in k, weights and effective sample size', (_, reference) => {
      const smoothed = paretoSmooth(Float64Array.from(reference.log_ratios), reference.r_eff)
      expect(smoothed.tailLength).toBe(reference.tail_len)
      expect(Math.abs(smoothed.k - reference.pareto_k)).toBeLessThan(FIFTEEN_DIGITS)
      expect(Math.abs(smoothed.effectiveSampleSize / reference.n_eff - 1)).toBeLessThan(FIFTEEN_DIGITS)
      const { log_weights_normalised_first20: first, log_weights_max: largest } = reference
      expect(largestDifference(smoothed.logWeights, first)).toBeLessThan(FIFTEEN_DIGITS)
      expect(Math.abs(Math.max(...smoothed.logWeights) - largest)).toBeLessThan(FIFTEEN_DIGITS)
    })
  })
  /** Asymptotic standard error (1 + k) / sqrt(tail), four of them, plus the pull of ten observations towards 0.5. */
  it.each([0.2, 0.7, 1.2])('recovers the shape %f of Pareto ratios', (shape) => {
    const { k, tailLength } = paretoSmooth(paretoLogRatios(shape, 40_000))
    expect(tailLength).toBe(600)
    expect(Math.abs(k - shape)).toBeLessThan((4 * (1 + shape)) / Math.sqrt(tailLength) + 10 / tailLength)
  })
  it('estimates the mean of the ratios with a smaller mean squared error than raw weights do', () => {
    const errors = { smoothed: 0, raw: 0 }
    for (let repetition = 0; repetition < 200; repetition++) {
      const source = stream(1, 'repetition', repetition)
      const logRatios = Float64Array.from({ length: 400 }, () => -0.8 * Math.log(source.uniform()))
      const meanWeight = 1 / (1 - 0.8)
      const { logWeights } = paretoSmooth(logRatios)
      const smallest = logRatios.indexOf(Math.min(...logRatios))
      const scale = Math.exp(logRatios[smallest] - logWeights[smallest])
      errors.smoothed += (scale / 400 - meanWeight) ** 2
      errors.raw += (sum(logRatios.map(Math.exp)) / 400 - meanWeight) ** 2
    }
    expect(errors.smoothed).toBeLessThan(errors.raw)
  })
  it('normalises the weights, leaves all but the tail in proportion and puts none above the largest raw one', () => {
    const logRatios = paretoLogRatios(0.9, 1000)
    const { logWeights, tailLength } = paretoSmooth(logRatios)
    expect(sum(logWeights.map(Math.exp))).toBeCloseTo(1, 12)
    const order = Array.from(logRatios.keys()).sort((a, b) => logRatios[a] - logRatios[b])
    const shift = logWeights[order[0]] - logRatios[order[0]]
    for (const draw of order.slice(0, -tailLength)) expect(logWeights[draw] - logRatios[draw]).toBeCloseTo(shift, 12)
    const tail = order.slice(-tailLength).map((draw) => logWeights[draw])
    expect(tail).toEqual(tail.slice().sort((a, b) => a - b))
    expect(Math.max(...tail)).toBeLessThanOrEqual(Math.max(...logRatios) + shift + 1e-12)
  })
  it('does not depend on a constant added to the log ratios', () => {
    const logRatios = paretoLogRatios(0.5, 1000)
    const shifted = paretoSmooth(logRatios.map((value) => value - 800))
    expect(shifted.k).toBeCloseTo(paretoSmooth(logRatios).k, 9)
  })
  it('leaves equal ratios equal with k -Infinity, and a tail of equal ratios as it is with k Infinity', () => {
    const equal = paretoSmooth(new Float64Array(100).fill(3))
    expect(equal.k).toBe(-Infinity)
    expect(equal.effectiveSampleSize).toBeCloseTo(100, 9)
    const flatTail = paretoSmooth(Float64Array.from({ length: 100 }, (_, draw) => Math.min(draw, 50)))
    expect(flatTail.k).toBe(Infinity)
    expect(flatTail.logWeights[60]).toBe(flatTail.logWeights[99])
    expect(paretoSmooth(paretoLogRatios(0.5, 20)).k).toBe(Infinity)
  })
  it('is NaN for ratios that are NaN or infinite, but takes weights of zero', () => {
    for (const bad of [Number.NaN, Infinity]) {
      const { k, logWeights } = paretoSmooth(paretoLogRatios(0.5, 100).fill(bad, 7, 8))
      expect(k).toBeNaN()
      expect(logWeights.every(Number.isNaN)).toBe(true)
    }
    const { k, logWeights } = paretoSmooth(paretoLogRatios(0.5, 100).fill(-Infinity, 7, 8))
    expect(k).toBeGreaterThan(0)
    expect(logWeights[7]).toBe(-Infinity)
  })
})

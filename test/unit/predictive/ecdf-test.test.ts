import { describe, expect, it } from 'vitest'
import { type CalibrationRecord, calibrationTest } from '../../../diagnostics/predictive/calibration/calibration-test.js'
import { calibrationText } from '../../../diagnostics/predictive/calibration/calibration-text.js'
import { ecdfTest } from '../../../diagnostics/predictive/calibration/ecdf-test.js'
import { holm } from '../../../diagnostics/predictive/calibration/holm.js'
import { rankAmong } from '../../../diagnostics/predictive/calibration/rank-among.js'
import { drawNormal } from '../../../src/random/normal.js'
import { type SeededStream, stream } from '../../../src/random/stream.js'

/** Every sequence of so many ranks. */
function allRanks(count: number, largestRank: number): number[][] {
  if (count === 0) return [[]]
  return allRanks(count - 1, largestRank).flatMap((ranks) =>
    Array.from({ length: largestRank + 1 }, (_, rank) => [...ranks, rank]),
  )
}

describe('ecdfTest', () => {
  it.each([
    [5, 3],
    [7, 2],
    [9, 1],
  ])(
    'has the exact distribution: of all sequences of %i ranks from 0 to %i, the share with a p-value of at most p is p',
    (count, largestRank) => {
      const pValues = allRanks(count, largestRank).map((ranks) => ecdfTest(ranks, largestRank).pValue)
      for (const pValue of new Set(pValues.map((value) => value.toFixed(9)))) {
        const share = pValues.filter((other) => other <= Number(pValue) + 1e-8).length / pValues.length
        expect(share).toBeCloseTo(Number(pValue), 8)
      }
    },
  )
  it('is the binomial test when there are two ranks', () => {
    // Of 8 fair coins at most 1 or at least 7 show heads with probability 18 / 256.
    expect(ecdfTest([0, 1, 1, 1, 1, 1, 1, 1], 1).pValue).toBeCloseTo(18 / 256, 12)
  })
  it('is 1 for ranks as even as can be and finds where others are furthest out', () => {
    const even = Array.from({ length: 128 }, (_, index) => index % 64)
    expect(ecdfTest(even, 63).pValue).toBeCloseTo(1, 6)
    const { pValue, worst } = ecdfTest([...even, ...new Array<number>(40).fill(20)], 63)
    expect(pValue).toBeLessThan(1e-3)
    expect(worst.rank).toBe(20)
    expect(worst.observed).toBeGreaterThan(worst.expected)
  })
  it('takes thousands of replicates', () => {
    const source = stream(1, 'many')
    const ranks = Array.from({ length: 4000 }, () => Math.floor(64 * source.uniform()))
    expect(ecdfTest(ranks, 63).pValue).toBeGreaterThan(0.01)
  })
  it('refuses ranks out of range, and none', () => {
    expect(() => ecdfTest([1, 4], 3)).toThrow(/a rank is 4/)
    expect(() => ecdfTest([0.5], 3)).toThrow(/a rank is 0.5/)
    expect(() => ecdfTest([], 3)).toThrow(/no ranks/)
  })
})

describe('holm', () => {
  it('multiplies the smallest p-value by their number, the next by one less, never falling, at most 1', () => {
    expect(holm([0.03, 0.01, 0.02])).toEqual([0.04, 0.03, 0.04])
    expect(holm([0.6, 0.9])).toEqual([1, 1])
    expect(holm([])).toEqual([])
  })
})

describe('rankAmong', () => {
  it('counts the draws below', () => {
    expect(rankAmong(stream(1), 2.5, [1, 2, 3, 4])).toBe(2)
    expect(rankAmong(stream(1), 0, [1, 2])).toBe(0)
    expect(rankAmong(stream(1), 9, [1, 2])).toBe(2)
  })
  it('breaks ties evenly', () => {
    const source = stream(1)
    const counts = [0, 0, 0, 0]
    for (let trial = 0; trial < 4000; trial++) counts[rankAmong(source, 1, [1, 1, 1])]++
    for (const count of counts) expect(Math.abs(count - 1000)).toBeLessThan(4 * Math.sqrt(4000 * 0.25 * 0.75))
  })
})

/** Replicates in which the truth and 63 draws come from these distributions. */
function records(count: number, truth: (source: SeededStream) => number, draw: (source: SeededStream) => number) {
  return Array.from({ length: count }, (_, replicate): CalibrationRecord => {
    const source = stream(1, 'replicate', replicate)
    const rankOf = () => {
      const value = truth(source)
      return rankAmong(
        source,
        value,
        Array.from({ length: 63 }, () => draw(source)),
      )
    }
    return { replicate, ranks: { x: rankOf(), y: rankOf() }, effectiveSampleSize: 63, divergences: 0, seconds: 0 }
  })
}
const standard = (source: SeededStream) => drawNormal(source, 0, 1)

describe('calibrationTest', () => {
  it('passes when truth and draws have one distribution', () => {
    const result = calibrationTest(records(300, standard, standard), 63)
    expect(result).toMatchObject({ status: 'passed', replicateCount: 300, shortReplicates: 0, failedReplicates: 0 })
    expect(calibrationText(result)).toMatch(/^Calibration passed: the ranks of all 2 quantities/)
  })
  it.each([
    ['too high', (source: SeededStream) => drawNormal(source, 0.4, 1)],
    ['too low', (source: SeededStream) => drawNormal(source, -0.4, 1)],
    ['too narrow', (source: SeededStream) => drawNormal(source, 0, 0.7)],
    ['too wide', (source: SeededStream) => drawNormal(source, 0, 1.5)],
  ] as const)('negative control: rejects a posterior that is %s and says so', (deviation, draw) => {
    const result = calibrationTest(records(300, standard, draw), 63)
    expect(result.status).toBe('failed')
    expect(result.quantities.map((quantity) => quantity.deviation)).toEqual([deviation, deviation])
    expect(calibrationText(result)).toContain(`posterior ${deviation}`)
  })
  it('counts replicates that are short of draws, divergent or failed, and leaves the failed out', () => {
    const [first, second, ...rest] = records(50, standard, standard)
    const result = calibrationTest(
      [{ ...first, effectiveSampleSize: 20, divergences: 3 }, { ...second, ranks: {}, failure: 'no start' }, ...rest],
      63,
    )
    expect(result).toMatchObject({ replicateCount: 50, shortReplicates: 1, divergentReplicates: 1, failedReplicates: 1 })
    expect(result.quantities[0].histogram.reduce((sum, count) => sum + count, 0)).toBe(49)
    expect(calibrationText(result)).toMatch(/1 replicates could not be fitted/)
    expect(() => calibrationTest([{ ...first, failure: 'x' }], 63)).toThrow(/no ranks/)
  })
})

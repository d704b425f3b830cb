import { describe, expect, it } from 'vitest'
import { fillNormal } from '../../../src/random/fill-normal.js'
import { stream } from '../../../src/random/stream.js'
import { chainsOutside, rankData } from '../../../src/report/figures/rank-data.js'
import { pathProbability, rankBand } from '../../../src/report/rank-band.js'
import { rankCounts } from '../../../src/report/rank-counts.js'

/** All ways to mark 3 of 6 ranks, as the number marked among the first 1, 2, ... 5. */
const paths = Array.from({ length: 64 }, (_, bits) => [...bits.toString(2).padStart(6, '0')].map(Number))
  .filter((marks) => marks.reduce((sum, mark) => sum + mark, 0) === 3)
  .map((marks) => [1, 2, 3, 4, 5].map((end) => marks.slice(0, end).reduce((sum, mark) => sum + mark, 0)))

function normalChains(purpose: string, chainCount: number, length: number, shift = 0): Float64Array[] {
  return Array.from({ length: chainCount }, (_, chain) => {
    const values = new Float64Array(length)
    fillNormal(stream(17, purpose, String(chain)), values)
    return chain === 0 ? values.map((value) => value + shift) : values
  })
}

describe('pathProbability', () => {
  it.each([
    [
      [0, 0, 0, 1, 2],
      [1, 2, 3, 3, 3],
    ],
    [
      [0, 1, 1, 2, 2],
      [1, 1, 2, 2, 3],
    ],
    [
      [1, 1, 1, 1, 2],
      [1, 2, 3, 3, 3],
    ],
  ])('is the share of paths within the band, counted one by one: %j to %j', (lower, upper) => {
    expect(paths).toHaveLength(20)
    const within = paths.filter((path) => path.every((count, index) => count >= lower[index] && count <= upper[index]))
    expect(pathProbability(3, 6, [1, 2, 3, 4, 5], { lower, upper })).toBeCloseTo(within.length / paths.length, 12)
  })
  it('is 1 for the band of everything possible', () => {
    const thresholds = [7, 19, 40, 77]
    const band = { lower: thresholds.map((t) => Math.max(0, 25 + t - 100)), upper: thresholds.map((t) => Math.min(25, t)) }
    expect(pathProbability(25, 100, thresholds, band)).toBeCloseTo(1, 10)
  })
})

describe('rankBand', () => {
  const thresholds = Array.from({ length: 19 }, (_, index) => 10 * (index + 1))
  const band = rankBand(50, 200, thresholds, 0.95)
  it('covers at least what was asked for, and one count less on both sides does not', () => {
    expect(pathProbability(50, 200, thresholds, band)).toBeGreaterThanOrEqual(0.95)
    const narrower = { lower: band.lower.map((count) => count + 1), upper: band.upper.map((count) => count - 1) }
    expect(pathProbability(50, 200, thresholds, narrower)).toBeLessThan(0.95)
  })
  it('is symmetric: the lowest ranks of one chain mirror its highest', () => {
    const mirrored = band.upper.map((_, index) => 50 - band.upper[band.upper.length - 1 - index])
    expect(band.lower).toEqual(mirrored)
  })
  it('is wider the more coverage is asked for', () => {
    const wide = rankBand(50, 200, thresholds, 0.999)
    expect(wide.lower.every((value, index) => value <= band.lower[index])).toBe(true)
    expect(wide.upper.some((value, index) => value > band.upper[index])).toBe(true)
  })
})

describe('rankCounts', () => {
  it('counts the draws of each chain among the lowest of all', () => {
    const counts = rankCounts([Float64Array.of(3, 1), Float64Array.of(2, 4)], [1, 2, 3, 4])
    expect(counts.map((chain) => [...chain])).toEqual([
      [1, 1, 2, 2],
      [0, 1, 1, 2],
    ])
  })
  it('gives every chain its share of draws that are tied', () => {
    const counts = rankCounts([Float64Array.of(5, 5, 5), Float64Array.of(5, 5, 9)], [1, 5, 6])
    expect(counts.map((chain) => [...chain])).toEqual([
      [expect.closeTo(0.6, 12), 3, 3],
      [expect.closeTo(0.4, 12), 2, 3],
    ])
  })
})

describe('rank figure of four chains', () => {
  const replicates = 150
  const outside = (purpose: string, shift: number) =>
    Array.from({ length: replicates }, (_, replicate) =>
      chainsOutside(rankData({ name: 'x', chains: normalChains(`${purpose} ${replicate}`, 4, 50, shift) })),
    )
  it('raises no more false alarms than 5% of the time', () => {
    const alarms = outside('null', 0).filter((chains) => chains.length > 0).length
    // 3.5 standard errors of a binomial count with probability 0.05
    expect(alarms).toBeLessThanOrEqual(replicates * 0.05 + 3.5 * Math.sqrt(replicates * 0.05 * 0.95))
  })
  it('negative control: a chain shifted by one standard deviation leaves the band', () => {
    const found = outside('shifted', 1).filter((chains) => chains.includes(0)).length
    expect(found).toBeGreaterThan(0.95 * replicates)
  })
  it('sees a single chain that moves to another place, by its halves', () => {
    const [noise] = normalChains('step', 1, 400)
    const moved = noise.map((value, draw) => (draw < 200 ? value : value + 1))
    expect(chainsOutside(rankData({ name: 'x', chains: [moved] }))).toEqual([0, 1])
    expect(chainsOutside(rankData({ name: 'x', chains: [noise] }))).toEqual([])
  })
})

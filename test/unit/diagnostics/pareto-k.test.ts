import seedrandom from 'seedrandom'
import { describe, expect, it } from 'vitest'
import { paretoKCutOff } from '../../../diagnostics/convergence/cut-offs.js'
import { paretoK } from '../../../diagnostics/convergence/pareto-k.js'
import { mapDraws, simulatedChains, withChain } from './simulated-chains.js'

const drawCount = 40_000
const normal = simulatedChains('pareto', 4, drawCount / 4)

/** Pareto draws with shape k in the right tail, a finite left end. */
function paretoChains(shape: number): Float64Array[] {
  const random = seedrandom(`pareto ${shape}`)
  return Array.from({ length: 4 }, () => Float64Array.from({ length: drawCount / 4 }, () => (1 - random()) ** -shape))
}

/** Draws in the tail, 3 sqrt(S) when independent, and the asymptotic standard error (1 + k) / sqrt(n) of the shape, plus the pull towards 0.5. */
const tailDraws = 3 * Math.sqrt(drawCount)
const tolerance = (shape: number) => (4 * (1 + shape)) / Math.sqrt(tailDraws) + 10 / tailDraws

/** Normal draws, four chains of ten, whose k-hat was computed with R package posterior 1.7.1 (R 4.2.2). */
const fortyDraws = [
  Float64Array.of(
    1.45678904893003,
    -1.79665939778076,
    1.21197584847336,
    0.475634705286237,
    -0.292564817107789,
    1.03129769403005,
    0.116700513880399,
    -0.930346415607187,
    -0.233175421273134,
    -1.48629349839973,
  ),
  Float64Array.of(
    -1.23426136006031,
    -0.300420702843796,
    0.498955820165591,
    1.22618598777886,
    -1.41147806323927,
    1.72158909592975,
    -0.286896814891349,
    0.19413217389055,
    0.815759034900824,
    -0.559294347384602,
  ),
  Float64Array.of(
    1.85937976041757,
    0.687299811722387,
    2.48373293665955,
    0.196307924585403,
    -0.147732113057743,
    0.381403283452286,
    1.00866434513102,
    -1.29227524523317,
    -0.465505087876716,
    0.444550659185687,
  ),
  Float64Array.of(
    -0.695989543822617,
    1.01757003954284,
    -0.874815404087785,
    0.696114766112667,
    -0.63766217449626,
    1.58609808647024,
    0.145042943516231,
    -2.08601206258715,
    1.52856633767725,
    -0.972644443677994,
  ),
]

describe('paretoK', () => {
  it.each([0.3, 0.7, 1.5])('recovers the shape %f of Pareto draws', (shape) => {
    expect(Math.abs(paretoK(paretoChains(shape), 'right') - shape)).toBeLessThan(tolerance(shape))
  })
  it('is what R package posterior 1.7.1 gives for forty draws, where the pull towards 0.5 weighs as much as the data', () => {
    expect(paretoK(fortyDraws, 'left')).toBeCloseTo(0.238917485995117, 10)
    expect(paretoK(fortyDraws, 'right')).toBeCloseTo(0.192070507363689, 10)
  })
  it('tells the heavy tail from the bounded one and takes the larger for both', () => {
    const heavyRight = paretoChains(0.7)
    expect(paretoK(heavyRight, 'left')).toBeLessThan(0)
    expect(paretoK(heavyRight)).toBe(paretoK(heavyRight, 'right'))
    expect(
      paretoK(
        mapDraws(heavyRight, (value) => -value),
        'left',
      ),
    ).toBe(paretoK(heavyRight, 'right'))
  })
  it('passes normal draws and fails Cauchy draws', () => {
    expect(paretoK(normal)).toBeLessThan(paretoKCutOff(drawCount))
    const random = seedrandom('cauchy')
    const cauchy = mapDraws(normal, () => Math.tan(Math.PI * (random() - 0.5)))
    expect(paretoK(cauchy)).toBeGreaterThan(paretoKCutOff(drawCount))
  })
  it('does not depend on location and scale', () => {
    expect(paretoK(mapDraws(normal, (value) => 4 * value))).toBeCloseTo(paretoK(normal), 9)
    expect(paretoK(mapDraws(normal, (value) => 10 + value))).toBeCloseTo(paretoK(normal), 9)
  })
  it('is NaN for constant draws, constant tails, draws that are not finite and fewer than thirty draws', () => {
    expect(paretoK(mapDraws(normal, () => 3))).toBeNaN()
    expect(paretoK(mapDraws(normal, (value) => Math.max(-0.1, Math.min(0.1, value))))).toBeNaN()
    for (const bad of [Number.NaN, Infinity])
      expect(paretoK(withChain(normal, 0, (value, draw) => (draw === 7 ? bad : value)))).toBeNaN()
    expect(paretoK([normal[0].subarray(0, 29)])).toBeNaN()
    expect(paretoK([normal[0].subarray(0, 30)])).not.toBeNaN()
  })
})

describe('paretoKCutOff', () => {
  it('is 0.7, less for few draws', () => {
    expect(paretoKCutOff(100_000)).toBe(0.7)
    expect(paretoKCutOff(100)).toBe(0.5)
  })
})

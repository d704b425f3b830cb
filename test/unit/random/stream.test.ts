import { describe, expect, it } from 'vitest'
import { UsageError } from '../../../src/errors/usage-error.js'
import { restoreStream, type SeededStream, stream } from '../../../src/random/stream.js'
import { isRejected, sampleOf } from './kolmogorov-smirnov.js'

const uniforms = (source: SeededStream, count: number): Float64Array => sampleOf(count, () => source.uniform())

describe('stream', () => {
  it('gives the same numbers for the same seed and path, in every version', () => {
    expect(Array.from(uniforms(stream(1, 'sampling', 'trial-3', 2), 3))).toEqual(GOLDEN)
  })

  it.each([
    [stream(2, 'sampling', 'trial-3', 2)],
    [stream(1, 'warmup', 'trial-3', 2)],
    [stream(1, 'sampling', 'trial-4', 2)],
    [stream(1, 'sampling', 'trial-3', 3)],
    [stream(1, 'sampling', 'trial-3', '2')],
    [stream(1, 'sampling', 'trial-32')],
    [stream(1, 'sampling', 'trial-3')],
    [stream(1, 'sampling', 'trial-3', 2, 0)],
    [stream(1, 'sampling","trial-3', 2)],
  ])('gives other numbers when any part of the key differs (%#)', (other) => {
    expect(other.uniform()).not.toBe(GOLDEN[0])
  })

  it('tells study names apart that agree in the low byte of a letter', () => {
    expect(stream(1, 'Ku\u0161').uniform()).not.toBe(stream(1, 'Kua').uniform())
    expect(stream(1, '\\u00e9').uniform()).not.toBe(stream(1, '\u00e9').uniform())
  })

  it('draws uniforms', () => {
    const sample = uniforms(stream(7, 'uniformity'), 20_000)
    expect(isRejected(sample, (x) => x)).toBe(false)
    expect(isRejected(sample, (x) => x ** 1.1)).toBe(true)
  })

  it('uses all 53 bits', () => {
    const lowest = uniforms(stream(8, 'bits'), 2000).map((u) => (u * 2 ** 53) % 2)
    const share = lowest.reduce((a, b) => a + b) / lowest.length
    expect(Math.abs(share - 0.5)).toBeLessThan(FOUR_STANDARD_ERRORS / Math.sqrt(4 * 2000))
  })

  it('gives uncorrelated streams for neighbouring seeds and chains', () => {
    const count = 4000
    const neighbours = [0, 1].flatMap((seed) => [0, 1, 2, 3].map((chain) => uniforms(stream(seed, 'sampling', chain), count)))
    const limit = FOUR_STANDARD_ERRORS / Math.sqrt(count)
    neighbours.forEach((a, i) => {
      for (const b of neighbours.slice(i + 1)) expect(Math.abs(correlation(a, b))).toBeLessThan(limit)
      expect(correlation(a, a)).toBeGreaterThan(limit)
    })
  })

  it('continues exactly from a saved state, also after a trip through JSON', () => {
    const source = stream(3, 'resume')
    uniforms(source, 137)
    const saved = JSON.parse(JSON.stringify(source.state()))
    const rest = uniforms(source, 300)
    expect(uniforms(restoreStream(saved), 300)).toEqual(rest)
    expect(uniforms(restoreStream(saved), 300)).toEqual(rest)
    expect(uniforms(stream(3, 'resume'), 300)).not.toEqual(rest)
  })

  it.each([[0.5], [Number.NaN], [2 ** 60]])('refuses the seed %d', (seed) => {
    expect(() => stream(seed)).toThrow(UsageError)
    expect(() => stream(1, 'a', seed)).toThrow(UsageError)
  })
})

const GOLDEN = [0.37260364005749447, 0.7166882136856859, 0.8298194955210431]
/** Two-sided probability 6e-5 each. */
const FOUR_STANDARD_ERRORS = 4

function correlation(a: Float64Array, b: Float64Array): number {
  const [x, y] = [centred(a), centred(b)]
  return dot(x, y) / Math.sqrt(dot(x, x) * dot(y, y))
}

function centred(x: Float64Array): Float64Array {
  const mean = x.reduce((sum, each) => sum + each) / x.length
  return x.map((value) => value - mean)
}

function dot(x: Float64Array, y: Float64Array): number {
  return x.reduce((sum, value, i) => sum + value * y[i], 0)
}

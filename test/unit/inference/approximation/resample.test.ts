import { describe, expect, it } from 'vitest'
import { resampleSystematically, resampleWithoutReplacement } from '../../../../src/inference/approximation/resample.js'
import { stream } from '../../../../src/random/stream.js'

const weights = [0.5, 0.25, 0.125, 0.1, 0.025]
const logWeights = Float64Array.from(weights, Math.log)

describe('systematic resampling', () => {
  it('gives every draw weight x count copies, or less than one more or fewer', () => {
    const indices = resampleSystematically(stream(1), logWeights, 200)
    expect(indices).toHaveLength(200)
    weights.forEach((weight, draw) => {
      expect(Math.abs(indices.filter((index) => index === draw).length - 200 * weight)).toBeLessThan(1)
    })
  })
  it('gives them in random order', () => {
    const indices = resampleSystematically(stream(1), logWeights, 200)
    expect([...indices]).not.toEqual([...indices].sort((a, b) => a - b))
  })
  it('never gives a draw of weight 0', () => {
    const indices = resampleSystematically(
      stream(1),
      Float64Array.from([0, 1, 0, 1, 0], (value) => Math.log(value / 2)),
      100,
    )
    expect(new Set(indices)).toEqual(new Set([1, 3]))
  })
})

describe('systematic resampling of weights below 1 / count', () => {
  const source = stream(3)
  const raw = Array.from({ length: 400 }, () => 0.2 + source.uniform())
  const sum = raw.reduce((total, weight) => total + weight, 0)
  const weights = raw.map((weight) => weight / sum)
  const logs = Float64Array.from(weights, Math.log)
  const count = 100
  it('never gives a draw twice', () => {
    expect(Math.max(...weights)).toBeLessThan(1 / count)
    for (let repeat = 0; repeat < 20; repeat++) expect(new Set(resampleSystematically(source, logs, count)).size).toBe(count)
  })
  it('gives each with probability weight x count', () => {
    const repeats = 4000
    const counts = new Float64Array(400)
    for (let repeat = 0; repeat < repeats; repeat++)
      for (const index of resampleSystematically(source, logs, count)) counts[index]++
    const distances = weights.map((weight, draw) => {
      const probability = weight * count
      return (counts[draw] / repeats - probability) / Math.sqrt((probability * (1 - probability)) / repeats)
    })
    /** Of 400 standard normals the largest exceeds 5 with probability 2e-4. */
    expect(Math.max(...distances.map(Math.abs))).toBeLessThan(5)
    /** Negative control: equal probabilities. */
    const uniform = weights.map((_, draw) => (counts[draw] / repeats - 0.25) / Math.sqrt((0.25 * 0.75) / repeats))
    expect(Math.max(...uniform.map(Math.abs))).toBeGreaterThan(5)
  })
})

describe('resampling without replacement', () => {
  it('gives different draws', () => {
    expect([...resampleWithoutReplacement(stream(1), logWeights, 5)].sort()).toEqual([0, 1, 2, 3, 4])
  })
  it('takes two draws in proportion to the weights of those left', () => {
    const count = 20000
    const source = stream(2)
    let both = 0
    for (let repeat = 0; repeat < count; repeat++)
      if (Math.max(...resampleWithoutReplacement(source, logWeights, 2)) === 1) both++
    /** Draws 0 and 1, in either order: 0.5 x 0.25 / 0.5 + 0.25 x 0.5 / 0.75. */
    const probability = 0.25 + 0.125 / 0.75
    const standardError = Math.sqrt((probability * (1 - probability)) / count)
    expect(Math.abs(both / count - probability)).toBeLessThan(5 * standardError)
    /** Negative control: the pair of two independent draws given that they differ. */
    const independent = 0.25 / (1 - weights.reduce((sum, weight) => sum + weight ** 2, 0))
    expect(Math.abs(both / count - independent)).toBeGreaterThan(5 * standardError)
  })
})

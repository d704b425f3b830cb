import { describe, expect, it } from 'vitest'
import { resampleWithoutReplacement, resampleWithReplacement } from '../../../../src/inference/approximation/resample.js'
import { stream } from '../../../../src/random/stream.js'

const weights = [0.5, 0.25, 0.125, 0.1, 0.025]
const logWeights = Float64Array.from(weights, Math.log)

describe('resampling with replacement', () => {
  it('gives every draw weight x count copies, or less than two more or fewer', () => {
    const indices = resampleWithReplacement(stream(1), logWeights, 200)
    expect(indices).toHaveLength(200)
    weights.forEach((weight, draw) => {
      expect(Math.abs(indices.filter((index) => index === draw).length - 200 * weight)).toBeLessThan(2)
    })
  })
  it('gives them in random order', () => {
    const indices = resampleWithReplacement(stream(1), logWeights, 200)
    expect([...indices]).not.toEqual([...indices].sort((a, b) => a - b))
  })
  it('never gives a draw of weight 0', () => {
    const indices = resampleWithReplacement(
      stream(1),
      Float64Array.from([0, 1, 0, 1, 0], (value) => Math.log(value / 2)),
      100,
    )
    expect(new Set(indices)).toEqual(new Set([1, 3]))
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

import { describe, expect, it } from 'vitest'
import { effectDraws } from '../../../src/effects/effect-draws.js'
import { UsageError } from '../../../src/errors/usage-error.js'

describe('effectDraws', () => {
  it('multiplies each draw of the coefficients by the contrast', () => {
    const coefficients = Float64Array.from([1, 2, 4, -8])
    expect(effectDraws(coefficients, Float64Array.from([1, 0.5]))).toEqual(Float64Array.from([2, 0]))
  })

  it('gives the treatment coefficient itself at the centre of all modifiers', () => {
    expect(effectDraws(Float64Array.from([3, 7, 5, 9]), Float64Array.from([1, 0]))).toEqual(Float64Array.from([3, 5]))
  })

  it('refuses a contrast that does not fit the draws', () => {
    expect(() => effectDraws(new Float64Array(5), new Float64Array(2))).toThrow(UsageError)
    expect(() => effectDraws(new Float64Array(4), new Float64Array(0))).toThrow(UsageError)
  })
})

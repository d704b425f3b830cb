import { describe, expect, it } from 'vitest'
import type { Prior } from '../../../src/contract/distribution.js'
import { UsageError } from '../../../src/errors/usage-error.js'
import { stream } from '../../../src/random/stream.js'
import { float64 } from './float64.js'

/** Specification of a flat prior whose parameter is mapped to the real line by that transform. */
export function describeImproper(title: string, { distribution }: Prior, transformName: string): void {
  describe(title, () => {
    it('has log density 0 everywhere and says that it is improper', () => {
      const logDensity = float64([[3]], (x) => distribution.logProbability(x, []))
      expect(Array.from(logDensity(Float64Array.of(1e-3, 1, 1e8)))).toEqual([0, 0, 0])
      expect(distribution.isProper).toBe(false)
    })

    it('has the support it is named for', () => {
      expect(distribution.support([2], []).name).toBe(transformName)
    })

    it('refuses to be drawn from', () => {
      expect(() => distribution.draw(stream(1), [1], [])).toThrow(UsageError)
    })
  })
}

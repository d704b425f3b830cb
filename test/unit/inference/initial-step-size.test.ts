import { describe, expect, it } from 'vitest'
import type { LogDensity } from '../../../src/contract/log-density.js'
import { findInitialStepSize } from '../../../src/inference/initial-step-size.js'
import { diagonalMetric, unitMetric } from '../../../src/inference/metric.js'
import { evaluate } from '../../../src/inference/state.js'
import { stream } from '../../../src/random/stream.js'
import { altered, independentNormal, standardNormal } from './targets.js'

function found(logDensity: LogDensity, position: number[], guess: number, metric = unitMetric(logDensity.dimension)) {
  return findInitialStepSize(stream(1), evaluate(Float64Array.from(position), logDensity), logDensity, metric, guess)
}

describe('findInitialStepSize', () => {
  it('is the guess times a power of two', () => {
    const doublings = Math.log2(found(standardNormal(5), [1, 0, -1, 0, 1], 1e-3) / 1e-3)
    expect(doublings).toBe(Math.round(doublings))
    expect(doublings).toBeGreaterThan(5)
  })
  it('stops where the acceptance probability of a step crosses 0.8', () => {
    // A stream of 0.5 gives momentum 0. From q = 1 the energy of a standard normal then changes by (e^2/8)(q_1^2 - 1), q_1 = 1 - e^2/2:
    // the acceptance is 0.826 at e = 2.08 and 0.780 at e = 2.1; at half those steps it is 1 and at twice those it is 0.
    const state = evaluate(Float64Array.of(1), standardNormal(1))
    const from = (guess: number) => findInitialStepSize({ uniform: () => 0.5 }, state, standardNormal(1), unitMetric(1), guess)
    expect(from(2.08)).toBe(4.16)
    expect(from(2.1)).toBe(1.05)
  })
  it('does not accept an infinite log density', () => {
    const spiked = altered(standardNormal(1), (value, [x]) => (x === 0.5 ? value : Number.POSITIVE_INFINITY))
    expect(found(spiked, [0.5], 1)).toBeLessThan(1)
  })
  it('scales with the target', () => {
    const scale = 2 ** 12
    const means = [0, 0, 0]
    const unit = found(independentNormal(means, [1, 1, 1]), [1, -1, 0.5], 0.125)
    const wide = found(independentNormal(means, [scale, scale, scale]), [scale, -scale, 0.5 * scale], 0.125 * scale)
    expect(wide).toBe(unit * scale)
  })
  it('in the metric of the target is that of the standardised target', () => {
    const scaled = found(independentNormal([0], [2 ** 20]), [2 ** 20], 1, diagonalMetric(Float64Array.of(2 ** 40)))
    expect(scaled).toBe(found(standardNormal(1), [1], 1))
  })
  it.each([
    ['flat', 0],
    ['never finite', Number.NaN],
    ['infinite', Number.POSITIVE_INFINITY],
  ])('ends within ten powers of its bounds when the density is %s', (_, value) => {
    const target: LogDensity = {
      dimension: 1,
      valueAndGradient(_position, gradient) {
        gradient[0] = 0
        return value
      },
    }
    const stepSize = found(target, [0], 1)
    expect(stepSize).toBeGreaterThan(1e-16)
    expect(stepSize).toBeLessThan(2e7)
  })
})

import { describe, expect, it } from 'vitest'
import { RunError } from '../../../src/errors/run-error.js'
import { UsageError } from '../../../src/errors/usage-error.js'
import { findInitialPosition } from '../../../src/inference/initial-position.js'
import { stream } from '../../../src/random/stream.js'
import { altered, standardNormal } from './targets.js'

const proposeInSquare = (source: { uniform(): number }) => Float64Array.of(4 * source.uniform() - 2, 4 * source.uniform() - 2)

describe('findInitialPosition', () => {
  it('passes over positions where the density is not finite', () => {
    const upperRight = altered(standardNormal(2), (value, [x, y]) => (x > 1 && y > 1 ? value : Number.NEGATIVE_INFINITY))
    const { position, logDensity, gradient } = findInitialPosition(stream(1), upperRight, proposeInSquare)
    expect(Math.min(...position)).toBeGreaterThan(1)
    expect(logDensity).toBe(-0.5 * (position[0] ** 2 + position[1] ** 2))
    expect([...gradient]).toEqual([-position[0], -position[1]])
  })
  it('passes over positions where the gradient is not finite', () => {
    const target = altered(standardNormal(2), (value, [x], gradient) => {
      if (x < 0) gradient[1] = Number.NaN
      return value
    })
    for (let seed = 0; seed < 10; seed++)
      expect(findInitialPosition(stream(seed), target, proposeInSquare).position[0]).toBeGreaterThan(0)
  })
  it('gives up after 100 tries, with how they failed and what the caller can say about the last', () => {
    let tries = 0
    const hopeless = altered(standardNormal(2), (value, _, gradient) => {
      tries++
      if (tries <= 60) return Number.NEGATIVE_INFINITY
      if (tries <= 90) return Number.NaN
      gradient[0] = Number.POSITIVE_INFINITY
      return value
    })
    const attempt = () => findInitialPosition(stream(1), hopeless, proposeInSquare, (position) => `${position.length} names`)
    expect(attempt).toThrow(RunError)
    expect(tries).toBe(100)
    tries = 0
    expect(attempt).toThrow(/-Infinity at 60, .*NaN at 30, .*gradient was not at 10; the last one: 2 names/)
  })
  it('refuses proposals of the wrong length', () => {
    expect(() => findInitialPosition(stream(1), standardNormal(3), proposeInSquare)).toThrow(UsageError)
  })
})

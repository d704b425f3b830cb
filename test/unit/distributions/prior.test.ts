import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import type { Prior } from '../../../src/contract/distribution.js'
import { beta } from '../../../src/distributions/beta.js'
import { cauchy } from '../../../src/distributions/cauchy.js'
import { exponential } from '../../../src/distributions/exponential.js'
import { gamma } from '../../../src/distributions/gamma.js'
import { halfCauchy } from '../../../src/distributions/half-cauchy.js'
import { halfNormal } from '../../../src/distributions/half-normal.js'
import { halfStudentT } from '../../../src/distributions/half-student-t.js'
import { laplace } from '../../../src/distributions/laplace.js'
import { lognormal } from '../../../src/distributions/lognormal.js'
import { normal } from '../../../src/distributions/normal.js'
import { studentT } from '../../../src/distributions/student-t.js'
import { uniform } from '../../../src/distributions/uniform.js'
import { UsageError } from '../../../src/errors/usage-error.js'
import { stream } from '../../../src/random/stream.js'
import { float64 } from './float64.js'

const onTheWholeLine: readonly [string, (nonCentered: boolean) => Prior][] = [
  ['normal', (nonCentered) => normal(3, 2, { nonCentered })],
  ['studentT', (nonCentered) => studentT(4, 3, 2, { nonCentered })],
  ['cauchy', (nonCentered) => cauchy(3, 2, { nonCentered })],
  ['laplace', (nonCentered) => laplace(3, 2, { nonCentered })],
]
const elsewhere: readonly [string, () => Prior][] = [
  ['halfNormal', () => halfNormal(1, { nonCentered: true })],
  ['halfStudentT', () => halfStudentT(3, 0, 1, { nonCentered: true })],
  ['gamma', () => gamma(1, 1, { nonCentered: true })],
  ['lognormal', () => lognormal(0, 1, { nonCentered: true })],
  ['uniform', () => uniform(0, 1, { nonCentered: true })],
]

describe('nonCentered', () => {
  it.each(onTheWholeLine)(
    'is accepted by %s, whose density then takes location 0 and scale 1 as its last two arguments',
    (_, build) => {
      expect(build(true).nonCentered).toBe(true)
      expect(build(false).nonCentered).toBe(false)
      const { distribution } = build(true)
      const others = distribution.argumentNames.length === 3 ? [tf.scalar(4)] : []
      const at = (location: number, scale: number, x: number): number =>
        float64([[]], (value) => distribution.logProbability(value, [...others, tf.scalar(location), tf.scalar(scale)]))(
          Float64Array.of(x),
        )[0]
      // p(location + scale z) = p0(z) / scale
      expect(Math.abs(at(3, 2, 3 + 2 * 0.7) - (at(0, 1, 0.7) - Math.LN2))).toBeLessThan(1e-14)
    },
  )

  it.each(elsewhere)('is refused by %s', (_, build) => {
    expect(build).toThrow(UsageError)
  })
})

describe('arguments of a prior', () => {
  it.each<[string, () => Prior]>([
    ['normal(0, 0)', () => normal(0, 0)],
    ['normal(0, -1)', () => normal(0, -1)],
    ['normal(NaN, 1)', () => normal(Number.NaN, 1)],
    ['normal(0, [1, -1])', () => normal(0, [1, -1])],
    ['studentT(0, 0, 1)', () => studentT(0, 0, 1)],
    ['exponential(Infinity)', () => exponential(Number.POSITIVE_INFINITY)],
    ['beta(1, 0)', () => beta(1, 0)],
    ['uniform(1, 1)', () => uniform(1, 1)],
    ['uniform(NaN, 1)', () => uniform(Number.NaN, 1)],
    ["uniform(0, 'upper')", () => uniform(0, 'upper')],
    ["halfCauchy('location', 1)", () => halfCauchy('location', 1)],
    ["halfCauchy(1, 'scale')", () => halfCauchy(1, 'scale')],
    ['halfStudentT(3, 1, -1)', () => halfStudentT(3, 1, -1)],
    ['halfStudentT(30, -9, 1), almost wholly below 0', () => halfStudentT(30, -9, 1)],
  ])('are refused in %s', (_, build) => {
    expect(build).toThrow(UsageError)
  })

  it('are named in the message, with what would do', () => {
    expect(() => normal(0, -1)).toThrow('scale of normal is -1 (it must be positive and finite)')
  })

  it('may be names and functions of parameters, or one number per element', () => {
    expect(normal('mu', 'tau', { shape: [3] }).arguments).toEqual(['mu', 'tau'])
    expect(halfStudentT('df', 0, 'scale').arguments).toEqual(['df', 0, 'scale'])
    const draws = normal([1, 2, 3], 1e-9).distribution.draw(stream(1), [3], [Float64Array.of(1, 2, 3), Float64Array.of(1e-9)])
    expect(Array.from(draws, Math.round)).toEqual([1, 2, 3])
  })

  it('must fit the parameter when it is drawn', () => {
    expect(() => normal(0, 1).distribution.draw(stream(1), [3], [Float64Array.of(1, 2), Float64Array.of(1)])).toThrow(UsageError)
  })
})

describe('a draw that float64 cannot tell from the end of the support', () => {
  it.each<[string, Prior, number, number]>([
    ['gamma with a tiny shape', gamma(1e-3, 1), 0, Number.POSITIVE_INFINITY],
    ['beta with tiny arguments', beta(1e-3, 1e-3), 0, 1],
    ['lognormal with a huge scale', lognormal(0, 1000), 0, Number.POSITIVE_INFINITY],
  ])('is moved inside: %s', (_, { distribution, arguments: values }, lower, upper) => {
    const draws = distribution.draw(
      stream(1, 'ends'),
      [2000],
      values.map((value) => Float64Array.of(value as number)),
    )
    expect(draws.every((draw) => draw > lower && draw < upper)).toBe(true)
  })
})

import { describe, expect, it } from 'vitest'
import { denseFamily } from '../../../../src/inference/approximation/dense-family.js'
import { diagonalFamily } from '../../../../src/inference/approximation/diagonal-family.js'
import { fixedDrawBound } from '../../../../src/inference/approximation/fixed-draws.js'
import { estimatePathGradient } from '../../../../src/inference/approximation/fresh-draws.js'
import { matchedNormals } from '../../../../src/inference/approximation/matched-normals.js'
import { choleskyFactor, invertPositiveDefinite } from '../../../../src/numeric/positive-definite.js'
import { fillNormal } from '../../../../src/random/fill-normal.js'
import { stream } from '../../../../src/random/stream.js'
import { funnel } from '../targets.js'
import { exactLogDensity, illScaledPrecision, normalDensity } from './support.js'

const centre = new Float64Array([0.2, -0.3, 0.5])
const families = {
  diagonal: () => diagonalFamily(centre, new Float64Array([0.5, 1.5, 0.8])),
  dense: () => denseFamily(centre, new Float64Array([0.5, 0, 0, 0.3, 1.5, 0, -0.2, 0.4, 0.8])),
}
const somewhere = (count: number) => fillNormal(stream(5, 'parameters'), new Float64Array(count)).map((value) => 0.3 * value)

describe('matched normals', () => {
  const moment = (z: Float64Array, i: number, j: number, dimension: number) => {
    let sum = 0
    for (let row = 0; row < z.length / dimension; row++) sum += z[row * dimension + i] * z[row * dimension + j]
    return sum / (z.length / dimension)
  }
  it('have mean 0 and second moments 1 on the diagonal, and 0 off it when there are more pairs than dimensions', () => {
    for (const pairs of [8, 3]) {
      const z = matchedNormals(stream(1), pairs, 4)
      expect(z).toHaveLength(8 * pairs)
      for (let i = 0; i < 4; i++)
        for (let j = 0; j < 4; j++) if (i === j || pairs > 4) expect(moment(z, i, j, 4)).toBeCloseTo(i === j ? 1 : 0, 12)
      for (let i = 0; i < 4; i++) {
        let sum = 0
        for (let row = 0; row < 2 * pairs; row++) sum += z[row * 4 + i]
        expect(sum).toBeCloseTo(0, 12)
      }
    }
  })
  it('leave cross moments when there are fewer pairs than dimensions', () => {
    expect(Math.abs(moment(matchedNormals(stream(1), 3, 4), 0, 1, 4))).toBeGreaterThan(1e-3)
  })
})

describe.each(Object.entries(families))('the evidence lower bound over the %s family', (_, make) => {
  it('has the gradient that differences of its value give', () => {
    const family = make()
    const bound = fixedDrawBound(stream(2), funnel(3), family, 8)
    const parameters = somewhere(family.parameterCount)
    const gradient = new Float64Array(family.parameterCount)
    const unused = new Float64Array(family.parameterCount)
    bound.valueAndGradient(parameters, gradient)
    for (let i = 0; i < parameters.length; i++) {
      const at = (offset: number) =>
        bound.valueAndGradient(
          parameters.map((value, k) => (k === i ? value + offset : value)),
          unused,
        )
      /** Error of h^2 times a third derivative of order 10, and rounding of 1e-15 / h. */
      expect((at(1e-5) - at(-1e-5)) / 2e-5).toBeCloseTo(gradient[i], 7)
    }
  })
  it('of a normal density is the exact one: -KL up to a constant', () => {
    const family = make()
    const precision = illScaledPrecision(3)
    const bound = fixedDrawBound(stream(2), normalDensity([1, 2, 3], precision), family, 8)
    const other = fixedDrawBound(stream(3), normalDensity([1, 2, 3], precision), family, 8)
    const parameters = somewhere(family.parameterCount)
    const unused = new Float64Array(family.parameterCount)
    const value = bound.valueAndGradient(parameters, unused)
    expect(other.valueAndGradient(parameters, unused) / value).toBeCloseTo(1, 12)
  })
  it('is -Infinity where the density is not finite at one of its draws', () => {
    const holed = { dimension: 3, valueAndGradient: ([x]: Float64Array) => (x > 0 ? Number.NaN : 0) }
    const family = make()
    const unused = new Float64Array(family.parameterCount)
    expect(fixedDrawBound(stream(1), holed, family, 8).valueAndGradient(somewhere(family.parameterCount), unused)).toBe(
      Number.NEGATIVE_INFINITY,
    )
  })
})

describe('the path gradient', () => {
  const precision = illScaledPrecision(3)
  const factor = choleskyFactor(invertPositiveDefinite(precision, 3), 3)
  const mean = [1, 2, 3]
  const still = { ...normalDensity(mean, precision), nextBatch: () => {} }
  it('has no noise where the approximation equals the density, and noise elsewhere', () => {
    const family = denseFamily(Float64Array.from(mean), factor)
    const estimate = estimatePathGradient(stream(1), still, family)
    const out = new Float64Array(family.parameterCount)
    const at = new Float64Array(family.parameterCount)
    estimate(at, out)
    /** Two gradients of up to 1e3 cancel. */
    expect(Math.max(...out.map(Math.abs))).toBeLessThan(1e-10)
    at[4] = 0.5
    estimate(at, out)
    expect(Math.max(...out.map(Math.abs))).toBeGreaterThan(1e-2)
  })
  it('averages to the gradient of the bound', () => {
    const family = denseFamily(Float64Array.from(mean), factor)
    const parameters = somewhere(family.parameterCount)
    const exact = new Float64Array(family.parameterCount)
    fixedDrawBound(stream(1), still, family, 8).valueAndGradient(parameters, exact)
    const estimate = estimatePathGradient(stream(1), still, family)
    const out = new Float64Array(family.parameterCount)
    const count = 4000
    const sums = new Float64Array(family.parameterCount)
    const squares = new Float64Array(family.parameterCount)
    for (let repeat = 0; repeat < count; repeat++) {
      estimate(parameters, out)
      out.forEach((value, i) => {
        sums[i] += value / count
        squares[i] += value ** 2 / count
      })
    }
    /** Five standard errors: 1e-4 over at most 100 comparisons; the second term is rounding. */
    sums.forEach((value, i) => {
      expect(Math.abs(value - exact[i])).toBeLessThan(5 * Math.sqrt(Math.max(0, squares[i] - value ** 2) / count) + 1e-10)
    })
  })
})

describe('the density of an approximation', () => {
  it('is that of the normal with the mean and covariance of the family', () => {
    const family = families.dense()
    family.prepare(new Float64Array(family.parameterCount))
    const l = [0.5, 0, 0, 0.3, 1.5, 0, -0.2, 0.4, 0.8]
    const covariance = Float64Array.from({ length: 9 }, (_, index) => {
      const [row, column] = [Math.floor(index / 3), index % 3]
      return [0, 1, 2].reduce((sum, k) => sum + l[row * 3 + k] * l[column * 3 + k], 0)
    })
    const exact = exactLogDensity([...centre], invertPositiveDefinite(covariance, 3))
    const at = new Float64Array([1, -1, 0.4])
    expect(family.approximation().logDensity(at)).toBeCloseTo(exact(at), 12)
  })
})

import { describe, expect, it } from 'vitest'
import { ascend, type Iterate } from '../../../../src/inference/approximation/ascent.js'
import { multiplyInverseHessian } from '../../../../src/inference/approximation/inverse-hessian.js'
import {
  conditionalVariances,
  covarianceOf,
  type LowRankNormal,
  lowRankNormal,
} from '../../../../src/inference/approximation/low-rank-normal.js'
import { equalMixture } from '../../../../src/inference/approximation/mixture.js'
import { diagonalNormal } from '../../../../src/inference/approximation/normal-approximation.js'
import { evaluate } from '../../../../src/inference/state.js'
import { invertPositiveDefinite } from '../../../../src/numeric/positive-definite.js'
import { stream } from '../../../../src/random/stream.js'
import { funnel } from '../targets.js'
import { exactLogDensity, pointsAround } from './support.js'

/** The normal at the given step of an ascent of a funnel, and the estimate H as a matrix. */
function afterSteps(dimension: number, count: number, memory: number): { normal: LowRankNormal; h: Float64Array } {
  const target = funnel(dimension)
  const start = evaluate(pointsAround(new Array(dimension).fill(1), 1)[0], target)
  let last: Iterate | undefined
  const steps = ascend(target, start, { memory, tolerance: 1e-12, maximumIterations: count })
  for (const step of steps) last = step
  const normal = lowRankNormal(last!)!
  const h = new Float64Array(dimension * dimension)
  for (let column = 0; column < dimension; column++) {
    const unit = new Float64Array(dimension)
    unit[column] = 1
    multiplyInverseHessian(
      last!.inverseHessian,
      unit,
      h.subarray(column * dimension, (column + 1) * dimension),
      new Float64Array(memory),
    )
  }
  return { normal, h }
}

describe.each([
  ['fewer pairs than dimensions', 8, 4, 3],
  ['pairs that span the whole space', 3, 6, 6],
] as const)('a normal distribution from L-BFGS with %s', (_, dimension, count, memory) => {
  const { normal, h } = afterSteps(dimension, count, memory)
  const largest = Math.max(...h.map(Math.abs))

  it('has the estimated inverse Hessian as covariance', () => {
    covarianceOf(normal).forEach((value, index) => {
      expect(Math.abs(value - h[index])).toBeLessThan(1e-9 * largest)
    })
  })
  it('has the density of that normal', () => {
    const exact = exactLogDensity([...normal.mean], invertPositiveDefinite(h, dimension))
    for (const point of pointsAround([...normal.mean], 5, 0.3))
      expect(Math.abs(normal.logDensity(point) / exact(point) - 1)).toBeLessThan(1e-6)
  })
  it('knows the variance of each coordinate given the others', () => {
    const precision = invertPositiveDefinite(h, dimension)
    conditionalVariances(normal).forEach((value, i) => {
      expect(value * precision[i * dimension + i]).toBeCloseTo(1, 6)
    })
  })
  it('draws with that mean and covariance', () => {
    const count = 4000
    const source = stream(1)
    const draws = Array.from({ length: count }, () => {
      const position = new Float64Array(dimension)
      normal.draw(source, position)
      return position
    })
    for (let i = 0; i < dimension; i++)
      for (let j = 0; j <= i; j++) {
        const products = draws.map((x) => (x[i] - normal.mean[i]) * (x[j] - normal.mean[j]))
        const mean = products.reduce((sum, value) => sum + value, 0) / count
        /** Var of a product of two normals: h_ii h_jj + h_ij^2. Five standard errors. */
        const variance = h[i * dimension + i] * h[j * dimension + j] + h[i * dimension + j] ** 2
        expect(Math.abs(mean - h[i * dimension + j])).toBeLessThan(5 * Math.sqrt(variance / count))
      }
  })
})

describe('a mixture', () => {
  it('has the mean of the densities of its components, also where one of them vanishes', () => {
    const left = diagonalNormal(new Float64Array([-100]), new Float64Array([1]))
    const right = diagonalNormal(new Float64Array([100]), new Float64Array([2]))
    const at = new Float64Array([-99])
    expect(equalMixture([left, right]).logDensity(at)).toBeCloseTo(left.logDensity(at) - Math.LN2, 12)
    expect(equalMixture([left, left]).logDensity(at)).toBeCloseTo(left.logDensity(at), 12)
  })
})

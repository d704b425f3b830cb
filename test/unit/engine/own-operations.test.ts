import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { compileFunction, compileLogDensity } from '../../../src/engine/compile.js'
import { topologicalOrder } from '../../../src/engine/graph.js'
import {
  cholesky,
  digamma,
  logDeterminant,
  logGamma,
  multivariateNormalLogProbability,
  triangularSolve,
} from '../../../src/engine/operations.js'
import { type Shape, sizeOf } from '../../../src/engine/shape.js'
import { traceGraph } from '../../../src/engine/tfjs.js'
import { digamma as digammaOfNumber, trigamma } from '../../../src/numeric/digamma.js'
import { logGamma as logGammaOfNumber } from '../../../src/numeric/log-gamma.js'
import { derivative, exactInputs, relativeDifference } from './support.js'

const options = { checkPoints: [], strict: true }
/** Closed forms of a few operations: a few dozen roundings. */
const CLOSED_FORM = 1e-14

function evaluate(build: (...inputs: tf.Tensor[]) => tf.Tensor, ...inputs: { values: readonly number[]; shape: Shape }[]) {
  const compiled = compileFunction(
    inputs.map((input) => input.shape),
    (tensors) => [build(...tensors)],
    options,
  )
  return {
    values: Array.from(compiled.call(inputs.map((input) => Float64Array.from(input.values)))[0]),
    shape: compiled.outputShapes[0],
  }
}
const given = (values: readonly number[], ...shape: number[]) => ({ values, shape })

/** Largest distance of the compiled gradient from central differences, in units of their error bound. */
function gradientFault(
  shapes: readonly Shape[],
  build: (...inputs: tf.Tensor[]) => tf.Tensor,
  between: readonly [number, number],
  key: string,
): number {
  const { logDensity } = compileLogDensity(shapes, (inputs) => tf.sum(tf.sin(build(...inputs))), options)
  const position = Float64Array.from(exactInputs(shapes, between, key).flatMap((values) => [...values]))
  const gradient = new Float64Array(position.length)
  logDensity.valueAndGradient(position, gradient)
  return Math.max(
    ...Array.from(position, (_, index) => {
      const { estimate, error } = derivative((step) => {
        const moved = position.slice()
        moved[index] += step
        return logDensity.valueAndGradient(moved, new Float64Array(position.length))
      })
      return Math.abs(gradient[index] - estimate) / error
    }),
  )
}
const definite = (x: tf.Tensor) => tf.add(tf.matMul(x, x, false, true), tf.eye(x.shape[x.shape.length - 1]))

describe('cholesky', () => {
  it('of [[4, 2], [2, 5]] is [[2, 0], [1, 2]], and reads no more than the lower triangle', () => {
    expect(evaluate(cholesky, given([4, 2, 2, 5], 2, 2)).values).toEqual([2, 0, 1, 2])
    expect(evaluate(cholesky, given([4, 99, 2, 5], 2, 2)).values).toEqual([2, 0, 1, 2])
  })
  it('multiplied with its transpose gives the matrices back, batch by batch', () => {
    const [values] = exactInputs([[2, 3, 4, 4]], [-1, 1], 'cholesky')
    const back = evaluate((x) => tf.matMul(cholesky(definite(x)), cholesky(definite(x)), false, true), {
      values: [...values],
      shape: [2, 3, 4, 4],
    })
    expect(back.shape).toEqual([2, 3, 4, 4])
    expect(relativeDifference(back.values, evaluate(definite, { values: [...values], shape: [2, 3, 4, 4] }).values)).toBeLessThan(
      CLOSED_FORM,
    )
  })
  it('is NaN from the first pivot that is not positive, for that matrix of a batch only', () => {
    const { values } = evaluate(cholesky, given([1, 2, 2, 1, 4, 0, 0, 9], 2, 2, 2))
    expect(values[3]).toBeNaN()
    expect(values.slice(4)).toEqual([2, 0, 0, 3])
    for (const notDefinite of [[0], [-1], [Number.NaN]]) expect(evaluate(cholesky, given(notDefinite, 1, 1)).values[0]).toBeNaN()
  })
  it('has the derivative of sqrt for 1 x 1 matrices', () => {
    const { logDensity } = compileLogDensity([[1, 1]], ([a]) => tf.sum(cholesky(a)), options)
    const gradient = new Float64Array(1)
    expect(logDensity.valueAndGradient(Float64Array.of(9), gradient)).toBe(3)
    expect(gradient[0]).toBeCloseTo(1 / 6, 15)
  })
  it('has the gradient that central differences show, in batches', () => {
    expect(gradientFault([[4, 4]], (x) => cholesky(definite(x)), [-1, 1], 'one')).toBeLessThan(1)
    expect(gradientFault([[2, 2, 3, 3]], (x) => cholesky(definite(x)), [-1, 1], 'batch')).toBeLessThan(1)
  })
})

describe('triangularSolve', () => {
  const l = given([2, 0, 1, 4], 2, 2)
  it("solves L x = b and L' x = b", () => {
    expect(evaluate((a, b) => triangularSolve(a, b), l, given([2, 9], 2, 1)).values).toEqual([1, 2])
    expect(evaluate((a, b) => triangularSolve(a, b, { transpose: true }), l, given([4, 8], 2, 1)).values).toEqual([1, 2])
  })
  it('does not read what stands above the diagonal', () => {
    expect(evaluate((a, b) => triangularSolve(a, b), given([2, 99, 1, 4], 2, 2), given([2, 9], 2, 1)).values).toEqual([1, 2])
  })
  it('broadcasts one factor over a batch of right-hand sides and one right-hand side over a batch of factors', () => {
    const many = evaluate((a, b) => triangularSolve(a, b), l, given([2, 9, 4, 18], 2, 2, 1))
    expect(many).toEqual({ shape: [2, 2, 1], values: [1, 2, 2, 4] })
    const factors = evaluate((a, b) => triangularSolve(a, b), given([2, 0, 1, 4, 1, 0, 0, 1], 2, 2, 2), given([2, 9], 2, 1))
    expect(factors).toEqual({ shape: [2, 2, 1], values: [1, 2, 2, 9] })
  })
  it('has the gradient that central differences show, both ways and with broadcast batches', () => {
    const lower = (x: tf.Tensor) => tf.add(tf.mul(x, 0.3), tf.eye(3))
    for (const transpose of [false, true]) {
      const solve = (a: tf.Tensor, b: tf.Tensor) => triangularSolve(lower(a), b, { transpose })
      expect(
        gradientFault(
          [
            [3, 3],
            [3, 2],
          ],
          solve,
          [-1, 1],
          'one',
        ),
      ).toBeLessThan(1)
      expect(
        gradientFault(
          [
            [3, 3],
            [2, 3, 2],
          ],
          solve,
          [-1, 1],
          'many sides',
        ),
      ).toBeLessThan(1)
      expect(
        gradientFault(
          [
            [2, 1, 3, 3],
            [4, 3, 1],
          ],
          solve,
          [-1, 1],
          'both',
        ),
      ).toBeLessThan(1)
    }
  })
  it('names the shapes that do not fit', () => {
    expect(() => evaluate((a, b) => triangularSolve(a, b), l, given([1, 2, 3], 3, 1))).toThrow(
      'triangular system of shapes [2,2] and [3,1]',
    )
  })
})

describe('logDeterminant', () => {
  it('is the log of the determinant, and NaN where a matrix is not positive definite', () => {
    const { values, shape } = evaluate(logDeterminant, given([4, 2, 2, 5, 1, 0.5, 0.5, 1, 1, 2, 2, 1], 3, 2, 2))
    expect(shape).toEqual([3])
    expect(relativeDifference(values.slice(0, 2), [Math.log(16), Math.log(0.75)])).toBeLessThan(CLOSED_FORM)
    expect(values[2]).toBeNaN()
  })
  it('has the inverse as its gradient', () => {
    const { logDensity } = compileLogDensity([[2, 2]], ([a]) => logDeterminant(a), options)
    const gradient = new Float64Array(4)
    logDensity.valueAndGradient(Float64Array.of(4, 2, 2, 5), gradient)
    expect(relativeDifference(gradient, [5 / 16, -2 / 16, -2 / 16, 4 / 16])).toBeLessThan(CLOSED_FORM)
  })
})

describe('multivariateNormalLogProbability', () => {
  const bivariate = (x: number, y: number, sx: number, sy: number, rho: number) => {
    const [u, v] = [x / sx, y / sy]
    return -((u * u - 2 * rho * u * v + v * v) / (1 - rho * rho)) / 2 - Math.log(2 * Math.PI * sx * sy * Math.sqrt(1 - rho * rho))
  }
  it('is the bivariate normal density in closed form, batched', () => {
    const { values, shape } = evaluate(
      multivariateNormalLogProbability,
      given([0.5, -1, 2, 1], 2, 2),
      given([4, 0.9, 0.9, 1, 1, 0, 0, 1], 2, 2, 2),
    )
    expect(shape).toEqual([2])
    expect(relativeDifference(values, [bivariate(0.5, -1, 2, 1, 0.45), bivariate(2, 1, 1, 1, 0)])).toBeLessThan(CLOSED_FORM)
  })
  it('broadcasts one covariance over residuals and one residual over covariances', () => {
    const one = evaluate(multivariateNormalLogProbability, given([0.5, -1, 2, 1], 2, 2), given([4, 0.9, 0.9, 1], 2, 2))
    expect(relativeDifference(one.values, [bivariate(0.5, -1, 2, 1, 0.45), bivariate(2, 1, 2, 1, 0.45)])).toBeLessThan(
      CLOSED_FORM,
    )
    const many = evaluate(multivariateNormalLogProbability, given([0.5, -1], 2), given([4, 0.9, 0.9, 1, 1, 0, 0, 1], 2, 2, 2))
    expect(relativeDifference(many.values, [bivariate(0.5, -1, 2, 1, 0.45), bivariate(0.5, -1, 1, 1, 0)])).toBeLessThan(
      CLOSED_FORM,
    )
  })
  it('factorises a covariance that all residuals share once', () => {
    const graph = traceGraph(
      [
        [50, 3],
        [1, 3, 3],
      ],
      ([r, x]) => [multivariateNormalLogProbability(r, x)],
    )
    const calls = topologicalOrder(graph.outputs).flatMap((node) =>
      node.kind === 'call' ? [[node.kernel, ...node.settings]] : [],
    )
    expect(calls).toEqual([
      ['cholesky', 1, 3],
      ['triangularSolve', 1, 3, 50, 0],
    ])
    expect(graph.outputs[0].shape).toEqual([50])
  })
  it('is NaN where a covariance is not positive definite', () => {
    const { values } = evaluate(multivariateNormalLogProbability, given([1, 1], 2), given([1, 2, 2, 1, 1, 0, 0, 1], 2, 2, 2))
    expect(values[0]).toBeNaN()
    expect(relativeDifference([values[1]], [bivariate(1, 1, 1, 1, 0)])).toBeLessThan(CLOSED_FORM)
  })
  it("has the gradients -A^-1 r and (A^-1 r r' A^-1 - A^-1) / 2", () => {
    const { logDensity } = compileLogDensity([[2], [2, 2]], ([r, a]) => multivariateNormalLogProbability(r, a), options)
    const gradient = new Float64Array(6)
    logDensity.valueAndGradient(Float64Array.of(1, 2, 2, 0, 0, 4), gradient)
    expect(relativeDifference(gradient, [-0.5, -0.5, (0.25 - 0.5) / 2, 0.125, 0.125, (0.25 - 0.25) / 2])).toBeLessThan(
      CLOSED_FORM,
    )
  })
  it('has the gradient that central differences show, whichever side broadcasts', () => {
    const density = (r: tf.Tensor, x: tf.Tensor) => multivariateNormalLogProbability(r, definite(x))
    for (const shapes of [
      [[3], [3, 3]],
      [
        [2, 3],
        [3, 3],
      ],
      [[3], [2, 3, 3]],
      [
        [2, 1, 2],
        [3, 2, 2],
      ],
    ])
      expect(gradientFault(shapes, density, [-1, 1], `${shapes}`), `${shapes}`).toBeLessThan(1)
  })
})

describe('logGamma and digamma', () => {
  /** The vector version errs by at most 2.25 ulp, that of numbers by at most 6e-15 below 10 and 2 ulp beyond. */
  const expectTwins = (actual: readonly number[], expected: readonly number[]) =>
    expected.forEach((value, index) => {
      expect(Math.abs(actual[index] - value)).toBeLessThanOrEqual(7e-15 * Math.max(Math.abs(value), 1))
    })
  const points = [0.001, 0.3, 1, 1.4616, 2, 7.5, 40, 1e5]
  it('are those of numbers, of any shape', () => {
    const matrix = evaluate(logGamma, given(points, 2, 4))
    expect(matrix.shape).toEqual([2, 4])
    expectTwins(Array.from(matrix.values), points.map(logGammaOfNumber))
    expectTwins(Array.from(evaluate(digamma, given(points, 8)).values), points.map(digammaOfNumber))
    expect(relativeDifference(evaluate(logGamma, given([5, 0.5], 2)).values, [Math.log(24), Math.log(Math.PI) / 2])).toBeLessThan(
      CLOSED_FORM,
    )
  })
  it('have digamma and trigamma as derivatives', () => {
    const gradientOf = (operation: (x: tf.Tensor) => tf.Tensor) => {
      const { logDensity } = compileLogDensity([[points.length]], ([x]) => tf.sum(operation(x)), options)
      const gradient = new Float64Array(points.length)
      logDensity.valueAndGradient(Float64Array.from(points), gradient)
      return Array.from(gradient)
    }
    expectTwins(gradientOf(logGamma), points.map(digammaOfNumber))
    expectTwins(gradientOf(digamma), points.map(trigamma))
  })
})

describe('own operations without recording', () => {
  it('run eagerly in float32 with the same gradients', () => {
    const a = tf.tensor2d([
      [4, 2],
      [2, 5],
    ])
    expect(Array.from(cholesky(a).dataSync())).toEqual([2, 0, 1, 2])
    const gradient = tf.grad((x) => logDeterminant(x) as tf.Tensor)(a)
    expect(relativeDifference(gradient.dataSync(), [5 / 16, -2 / 16, -2 / 16, 4 / 16])).toBeLessThan(1e-6)
    expect(logGamma(tf.scalar(5)).dataSync()[0]).toBeCloseTo(Math.log(24), 5)
    expect(sizeOf(triangularSolve(a, tf.ones([2, 3])).shape)).toBe(6)
  })
})

describe('negative control', () => {
  it('central differences tell a gradient that lost a term', () => {
    const wrong = tf.customGrad((x) => {
      const a = x as tf.Tensor
      return { value: tf.square(a), gradFunc: (dy) => tf.mul(dy as tf.Tensor, a) }
    })
    expect(gradientFault([[3]], (x) => wrong(x), [0.5, 1], 'wrong')).toBeGreaterThan(1)
  })
})

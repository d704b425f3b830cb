import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { compileFunction, compileLogDensity } from '../../../src/engine/compile.js'
import {
  erf,
  erfc,
  inverseMillsRatio,
  logAddExp,
  logit,
  logNormalCdf,
  logOneMinusExp,
  logSigmoid,
  logSumExp,
  normalCdf,
  normalQuantile,
  trigamma,
} from '../../../src/engine/operations.js'
import { tetragamma } from '../../../src/numeric/digamma.js'
import { NORMAL_REFERENCE } from '../numeric/normal-reference.js'

type Operation = (x: tf.Tensor) => tf.Tensor

const options = { checkPoints: [], strict: true }
/** What the functions promise where their results are normal numbers. */
const TOLERANCE = 1e-14
const SMALLEST_NORMAL = 2 ** -1022

function valuesOf(operation: Operation, points: readonly number[]): number[] {
  const compiled = compileFunction([[points.length]], ([x]) => [operation(x)], options)
  return Array.from(compiled.call([Float64Array.from(points)])[0])
}
function slopesOf(operation: Operation, points: readonly number[]): number[] {
  const { logDensity } = compileLogDensity([[points.length]], ([x]) => tf.sum(operation(x)), options)
  const gradient = new Float64Array(points.length)
  logDensity.valueAndGradient(Float64Array.from(points), gradient)
  return Array.from(gradient)
}
function expectNear(actual: readonly number[], expected: readonly number[], tolerance = TOLERANCE): void {
  const faults = expected.map((value, i) =>
    Object.is(actual[i], value) ? 0 : Math.abs(actual[i] - value) / Math.max(Math.abs(value), SMALLEST_NORMAL),
  )
  expect(Math.max(...faults), `${actual} instead of ${expected}`).toBeLessThan(tolerance)
}
/** Steps of 1e-4 of a function with derivatives of order one: the error of central differences is a few 1e-9. */
function expectSlopes(operation: Operation, points: readonly number[]): void {
  const [above, below] = [1e-4, -1e-4].map((step) =>
    valuesOf(
      operation,
      points.map((x) => x + step),
    ),
  )
  expectNear(
    slopesOf(operation, points),
    points.map((_, i) => (above[i] - below[i]) / 2e-4),
    1e-7,
  )
}

const xs = NORMAL_REFERENCE.map(([x]) => x)

describe('normalCdf, logNormalCdf and inverseMillsRatio', () => {
  it('agree with 50-digit values to 1e-14, in both tails', () => {
    expectNear(
      valuesOf(normalCdf, xs),
      NORMAL_REFERENCE.map(([, cdf]) => cdf),
    )
    expectNear(
      valuesOf(logNormalCdf, xs),
      NORMAL_REFERENCE.map(([, , logCdf]) => logCdf),
    )
    expectNear(
      valuesOf(inverseMillsRatio, xs),
      NORMAL_REFERENCE.map(([, , , ratio]) => ratio),
    )
  })
  it('have as slopes the density, the ratio to 1e-14 however far out, and -r (x + r)', () => {
    expectNear(
      slopesOf(logNormalCdf, xs),
      NORMAL_REFERENCE.map(([, , , ratio]) => ratio),
    )
    const inner = [-3, -0.4, 0, 1.2]
    expectNear(
      slopesOf(normalCdf, inner),
      inner.map((x) => Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)),
    )
    expectSlopes(inverseMillsRatio, inner)
  })
})

describe('normalQuantile', () => {
  it('is the inverse of normalCdf, and its slope the inverse of the density', () => {
    const probabilities = [1e-300, 1e-10, 0.02, 0.5, 0.9]
    // The relative error of a tail probability is about x^2 times that of the quantile.
    expectNear(
      valuesOf((x) => normalCdf(normalQuantile(x)), probabilities),
      probabilities,
      1e-12,
    )
    expectNear(slopesOf(normalQuantile, [0.5, 0.8413447460685429]), [Math.sqrt(2 * Math.PI), Math.sqrt(2 * Math.PI * Math.E)])
    expect(valuesOf(normalQuantile, [0, 1, -0.1])).toEqual([-Infinity, Infinity, Number.NaN])
  })
})

describe('erf and erfc', () => {
  it('are those of mpmath, and their slopes plus and minus 2 exp(-x^2) / sqrt(pi)', () => {
    expectNear(valuesOf(erf, [-0.75, 0.1, 2]), [-0.7111556336535151, 0.1124629160182849, 0.9953222650189527])
    expectNear(
      valuesOf(erfc, [-0.75, 0.1, 6, 26]),
      [1.7111556336535152, 0.887537083981715, 2.1519736712498913e-17, 5.663192408856143e-296],
    )
    const slope = (x: number) => (2 * Math.exp(-x * x)) / Math.sqrt(Math.PI)
    expectNear(slopesOf(erf, [0, 0.5, -2]), [0, 0.5, -2].map(slope))
    expectNear(
      slopesOf(erfc, [0, 0.5, -2]),
      [0, 0.5, -2].map((x) => -slope(x)),
    )
  })
})

describe('trigamma', () => {
  it('is pi^2/6 at 1, has tetragamma as its slope, and is the slope of the slope of log gamma', () => {
    expectNear(valuesOf(trigamma, [1, 0.5]), [Math.PI ** 2 / 6, Math.PI ** 2 / 2])
    expectNear(slopesOf(trigamma, [0.3, 1, 7.5, 40]), [0.3, 1, 7.5, 40].map(tetragamma))
  })
})

describe('logAddExp', () => {
  const pairs = [
    [0, 0],
    [1000, 1000],
    [-1000, -1001],
    [2, -Infinity],
    [-Infinity, -Infinity],
    [1, -1e20],
    [-3, 40],
  ]
  const sum = (x: tf.Tensor) => logAddExp(tf.slice(x, [0], [7]), tf.slice(x, [7], [7]))
  const flat = [...pairs.map(([a]) => a), ...pairs.map(([, b]) => b)]
  it('is the log of the sum of two exponentials, -Infinity standing for nothing', () => {
    const expected = [Math.LN2, 1000 + Math.LN2, -1000 + Math.log1p(Math.exp(-1)), 2, -Infinity, 1, 40]
    expectNear(valuesOf(sum, flat), expected)
  })
  it('has the shares of the two as its slopes, a half where they are equal', () => {
    const share = 1 / (1 + Math.exp(-1))
    expectNear(slopesOf(sum, flat), [
      0.5,
      0.5,
      share,
      1,
      0.5,
      1,
      Math.exp(-43) / (1 + Math.exp(-43)),
      0.5,
      0.5,
      1 - share,
      0,
      0.5,
      0,
      1,
    ])
  })
  it('broadcasts, and sums the slopes of what was stretched', () => {
    const { logDensity } = compileLogDensity([[3], []], ([a, b]) => tf.sum(logAddExp(a, b)), options)
    const gradient = new Float64Array(4)
    logDensity.valueAndGradient(Float64Array.of(0, 0, 0, 0), gradient)
    expect([...gradient]).toEqual([0.5, 0.5, 0.5, 1.5])
  })
})

describe('logSumExp', () => {
  it('is the log of a sum of exponentials along an axis or over all, and -Infinity of nothing', () => {
    expectNear(
      valuesOf((x) => tf.reshape(logSumExp(x), [1]), [1000, 1000 + Math.log(2)]),
      [1000 + Math.log(3)],
    )
    const rows = [0, 0, 0, -Infinity, -Infinity, -Infinity]
    expectNear(
      valuesOf((x) => logSumExp(tf.reshape(x, [2, 3]), 1), rows),
      [Math.log(3), -Infinity],
    )
    expectNear(
      valuesOf((x) => logSumExp(tf.reshape(x, [2, 3]), 0), [1, 2, 3, 1, 2, 3]),
      [1, 2, 3].map((x) => x + Math.LN2),
    )
  })
  it('has the shares as its slopes, 0 for what does not count', () => {
    const shares = (x: tf.Tensor) => tf.reshape(logSumExp(x), [1])
    expectNear(slopesOf(shares, [500, 500 + Math.log(3)]), [0.25, 0.75])
    expectNear(slopesOf(shares, [1, -Infinity, 1]), [0.5, 0, 0.5])
    expect(slopesOf(shares, [-Infinity, -Infinity])).toEqual([0, 0])
  })
})

describe('logOneMinusExp, logit and logSigmoid', () => {
  it('keep their digits at both ends', () => {
    expectNear(valuesOf(logOneMinusExp, [-1e-20, -1, -700]), [-46.051701859880914, -0.4586751453870819, -9.85967654375977e-305])
    expectNear(valuesOf(logit, [1e-300, 0.25, 0.5]), [Math.log(1e-300), -Math.log(3), 0])
    expectNear(valuesOf(logSigmoid, [-1000, 0, 40]), [-1000, -Math.LN2, -4.248354255291589e-18])
  })
  it('have slopes that keep theirs', () => {
    expectNear(slopesOf(logOneMinusExp, [-1e-20, -1, -700]), [-1e20, -1 / Math.expm1(1), -Math.exp(-700)])
    expectNear(slopesOf(logit, [1e-300, 0.25]), [1e300, 16 / 3])
    expectNear(slopesOf(logSigmoid, [-1000, 0, 40]), [1, 0.5, 4.248354255291589e-18])
  })
})

describe('sign, step and tests for infinity', () => {
  const points = [-3, -0, 0, 5e-324, 2, Infinity, -Infinity, Number.NaN]
  it('are those of JavaScript, NaN, infinities and both zeros included', () => {
    expect(valuesOf(tf.sign, points)).toEqual(points.map(Math.sign))
    expect(valuesOf((x) => tf.step(x, 0.25), points)).toEqual([0.25, 0.25, 0.25, 1, 1, 1, 0.25, Number.NaN])
    expect(valuesOf((x) => tf.cast(tf.isFinite(x), 'float32'), points)).toEqual(points.map((x) => Number(Number.isFinite(x))))
    expect(valuesOf((x) => tf.cast(tf.isInf(x), 'float32'), points)).toEqual(points.map((x) => Number(Math.abs(x) === Infinity)))
  })
  it('have slope 0', () => {
    expect(slopesOf((x) => tf.mul(tf.sign(x), tf.square(x)), [-3, 2])).toEqual([6, 4])
    expect(slopesOf((x) => tf.add(tf.floor(x), tf.mul(tf.ceil(x), tf.round(x))), [1.3, -0.2])).toEqual([0, 0])
  })
})

describe('scalar operations without recording', () => {
  it('run eagerly in float32 with the same gradients', () => {
    const point = tf.tensor1d([-2])
    const near = (operation: Operation, value: number, slope: number) => {
      expectNear(Array.from(operation(point).dataSync()), [value], 1e-6)
      expectNear(
        Array.from(
          tf
            .grad((x) => tf.sum(operation(x)))(point)
            .dataSync(),
        ),
        [slope],
        1e-6,
      )
    }
    near(normalCdf, 0.022750131948179, 0.053990966513188)
    near(logNormalCdf, -3.783184375463, 2.373215532822843)
    near(erfc, 1.995322265018953, -0.020666985354092)
    near(logOneMinusExp, Math.log1p(-Math.exp(-2)), -1 / Math.expm1(2))
    near((x) => logAddExp(x, tf.scalar(-2)), -2 + Math.LN2, 0.5)
    near((x) => logSumExp(x), -2, 1)
    near((x) => normalQuantile(normalCdf(x)), -2, 1)
  })
})

describe('negative control', () => {
  it('a log distribution function made of its parts is noticed in the tail', () => {
    expect(() =>
      expectNear(
        valuesOf((x) => tf.log(tf.mul(0.5, erfc(tf.mul(x, -Math.SQRT1_2)))), [-60]),
        [-1805.0135606805673],
      ),
    ).toThrow()
    const wrong = tf.customGrad((x) => ({
      value: tf.square(x as tf.Tensor),
      gradFunc: (dy) => tf.mul(dy as tf.Tensor, x as tf.Tensor),
    }))
    expect(() => expectSlopes(wrong, [1])).toThrow()
  })
})

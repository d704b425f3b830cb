import { describe, expect, it } from 'vitest'
import type { LogDensity } from '../../../../src/contract/log-density.js'
import { ascend, maximise } from '../../../../src/inference/approximation/ascent.js'
import {
  addPair,
  createInverseHessian,
  dot,
  multiplyInverseHessian,
} from '../../../../src/inference/approximation/inverse-hessian.js'
import { searchLine } from '../../../../src/inference/approximation/line-search.js'
import { finished } from '../../../../src/inference/approximation/steps.js'
import { evaluate } from '../../../../src/inference/state.js'
import { fillNormal } from '../../../../src/random/fill-normal.js'
import { stream } from '../../../../src/random/stream.js'
import { illScaledPrecision, normalDensity } from './support.js'

const options = { memory: 10, tolerance: 1e-12, maximumIterations: 1000 }
/** -100 (y - x^2)^2 - (1 - x)^2 (Rosenbrock 1960). */
const valley: LogDensity = {
  dimension: 2,
  valueAndGradient([x, y], gradient) {
    gradient[0] = 400 * x * (y - x * x) + 2 * (1 - x)
    gradient[1] = -200 * (y - x * x)
    return -100 * (y - x * x) ** 2 - (1 - x) ** 2
  },
}
const line = (slope: (x: number) => number, value: (x: number) => number): LogDensity => ({
  dimension: 1,
  valueAndGradient([x], gradient) {
    gradient[0] = slope(x)
    return value(x)
  },
})

describe('the inverse Hessian of L-BFGS', () => {
  const estimate = createInverseHessian(5, 3)
  const source = stream(3, 'pairs')
  const precision = illScaledPrecision(5)
  const pairs = Array.from({ length: 6 }, () => {
    const step = fillNormal(source, new Float64Array(5))
    const fall = step.map((_, row) => dot(precision.subarray(5 * row, 5 * row + 5), step))
    addPair(estimate, step, fall)
    return { step, fall }
  })
  const product = (vector: Float64Array) => {
    const out = new Float64Array(5)
    multiplyInverseHessian(estimate, vector, out, new Float64Array(3))
    return out
  }

  it('maps the latest fall of the gradient to the step that made it', () => {
    const { step, fall } = pairs[pairs.length - 1]
    product(fall).forEach((value, i) => {
      expect(value).toBeCloseTo(step[i], 9)
    })
  })
  it('is symmetric and positive definite, with a positive diagonal beneath, and keeps no more pairs than its capacity', () => {
    const [u, v] = [0, 1].map(() => fillNormal(source, new Float64Array(5)))
    expect(dot(u, product(v))).toBeCloseTo(dot(v, product(u)), 9)
    expect(dot(u, product(u))).toBeGreaterThan(0)
    expect(Math.min(...estimate.diagonal)).toBeGreaterThan(0)
    expect(estimate.steps).toHaveLength(3)
  })
  it("updates the diagonal beneath to that of the BFGS update of (a / b) D^-1: (a / b) D^-1 - D^-1 s s' D^-1 (a / b) / c + y y' / b", () => {
    const fresh = createInverseHessian(5, 3)
    const before = fresh.diagonal.map((_, i) => 0.5 + i)
    fresh.diagonal.set(before)
    const { step, fall } = pairs[0]
    addPair(fresh, step, fall)
    const b = dot(step, fall)
    const ratio =
      dot(
        fall,
        fall.map((value, i) => value * before[i]),
      ) / b
    const direct = step.map((value, i) => (ratio * value) / before[i])
    const curvature = dot(step, direct)
    fresh.diagonal.forEach((value, i) => {
      expect(1 / value).toBeCloseTo(ratio / before[i] - direct[i] ** 2 / curvature + fall[i] ** 2 / b, 9)
    })
  })
  it('knows the curvature of a density in one dimension after one pair', () => {
    const single = createInverseHessian(1, 3)
    addPair(single, new Float64Array([0.3]), new Float64Array([6]))
    expect(single.diagonal[0]).toBeCloseTo(0.05, 12)
  })
  it('refuses a pair along which the density is not concave and stays as it was', () => {
    const before = [...estimate.diagonal]
    const step = new Float64Array([1, 0, 0, 0, 0])
    expect(
      addPair(
        estimate,
        step,
        step.map((value) => -value),
      ),
    ).toBe(false)
    expect([...estimate.diagonal]).toEqual(before)
  })
})

describe('the line search', () => {
  it.each([0.001, 0.1, 1, 50, 1e4])('ends where both strong Wolfe conditions hold, from a first step of %d', (firstStep) => {
    const from = evaluate(new Float64Array([-1.2, 1]), valley)
    const direction = from.gradient.slice()
    const to = { position: new Float64Array(2), gradient: new Float64Array(2), logDensity: 0 }
    expect(searchLine(valley, { ...from }, direction, firstStep, to)).toBe(true)
    const slope = dot(from.gradient, direction)
    const step = (to.position[0] + 1.2) / direction[0]
    expect(to.logDensity).toBeGreaterThanOrEqual(from.logDensity + 1e-4 * step * slope)
    expect(Math.abs(dot(to.gradient, direction))).toBeLessThanOrEqual(0.9 * slope)
  })
  it('takes a step into NaN or -Infinity for one that is too long', () => {
    for (const outside of [Number.NaN, Number.NEGATIVE_INFINITY]) {
      const target = line(
        (x) => 1 / x - 1,
        (x) => (x < 8 ? Math.log(x) - x : outside),
      )
      const from = evaluate(new Float64Array([0.01]), target)
      const to = { position: new Float64Array(1), gradient: new Float64Array(1), logDensity: 0 }
      expect(searchLine(target, { ...from }, new Float64Array([1]), 1000, to)).toBe(true)
      expect(to.logDensity).toBeGreaterThan(from.logDensity)
      expect(to.position[0]).toBeLessThan(8)
    }
  })
  it('says so when no step gains anything', () => {
    const lying = line(
      () => 1,
      (x) => -Math.abs(x),
    )
    const to = { position: new Float64Array(1), gradient: new Float64Array(1), logDensity: 0 }
    expect(searchLine(lying, { ...evaluate(new Float64Array([0]), lying) }, new Float64Array([1]), 1, to)).toBe(false)
  })
})

describe('an L-BFGS ascent', () => {
  it('finds the maximum of Rosenbrock’s valley', () => {
    const { state, outcome } = finished(maximise(valley, evaluate(new Float64Array([-1.2, 1]), valley), options))
    expect(outcome).toBe('converged')
    expect(state.position[0]).toBeCloseTo(1, 5)
    expect(state.position[1]).toBeCloseTo(1, 5)
  })
  it('finds the mean of a correlated normal whose scales differ by a factor of 600 within 200 iterations', () => {
    const mean = [0, 1, -2, 3, 100, 7]
    const target = normalDensity(mean, illScaledPrecision(6))
    const { state, outcome } = finished(
      maximise(target, evaluate(new Float64Array(6), target), { ...options, maximumIterations: 200 }),
    )
    expect(outcome).toBe('converged')
    const gap = state.position.map((value, i) => value - mean[i])
    const gradient = new Float64Array(6)
    target.valueAndGradient(state.position, gradient)
    /** -g'(x - mean) is the squared distance in standard deviations; the tolerance bounds its estimate. */
    expect(-dot(gradient, gap)).toBeLessThan(1e-9)
  })
  it('never goes down', () => {
    const values = [...ascend(valley, evaluate(new Float64Array([-1.2, 1]), valley), options)].map(({ logDensity }) => logDensity)
    expect(values).toEqual([...values].sort((a, b) => a - b))
  })
  it('tells a density that rises without end, and a flat one, from a maximum', () => {
    const rising = line(
      () => 1,
      (x) => x,
    )
    const flat = line(
      () => 0,
      () => 0,
    )
    expect(finished(maximise(rising, evaluate(new Float64Array([0]), rising), options)).outcome).toBe('unbounded')
    expect(finished(maximise(flat, evaluate(new Float64Array([0]), flat), options)).outcome).toBe('flat')
  })
})

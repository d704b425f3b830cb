import { describe, expect, it } from 'vitest'
import { startDualAveraging, updateDualAveraging } from '../../../src/inference/dual-averaging.js'
import { stream } from '../../../src/random/stream.js'

describe('dual averaging', () => {
  it('starts at the given step size', () => {
    const start = startDualAveraging(0.25)
    expect(Math.exp(start.logStepSize)).toBeCloseTo(0.25, 15)
    expect(Math.exp(start.meanLogStepSize)).toBeCloseTo(0.25, 15)
  })
  it('makes the first two updates of Hoffman and Gelman (2014), computed by hand', () => {
    const mu = Math.log(10 * 0.5)
    const first = updateDualAveraging(startDualAveraging(0.5), 0.3, 0.8)
    const h1 = (0.8 - 0.3) / 11
    expect(first.logStepSize).toBeCloseTo(mu - h1 / 0.05, 14)
    expect(first.meanLogStepSize).toBeCloseTo(first.logStepSize, 14)
    const second = updateDualAveraging(first, 0.9, 0.8)
    const h2 = (11 / 12) * h1 + (0.8 - 0.9) / 12
    const x2 = mu - (Math.SQRT2 / 0.05) * h2
    const weight = 2 ** -0.75
    expect(second.logStepSize).toBeCloseTo(x2, 14)
    expect(second.meanLogStepSize).toBeCloseTo(weight * x2 + (1 - weight) * first.meanLogStepSize, 14)
  })
  it('keeps the mean error of acceptance at gamma (mu - x_m) (m + t0) / m^(3/2), whatever the acceptances', () => {
    const target = 0.8
    const source = stream(4)
    let averaging = startDualAveraging(0.3)
    let error = 0
    for (let count = 1; count <= 200; count++) {
      const acceptance = source.uniform()
      error += target - acceptance
      averaging = updateDualAveraging(averaging, acceptance, target)
      expect(error / count).toBeCloseTo((0.05 * (Math.log(3) - averaging.logStepSize) * (count + 10)) / count ** 1.5, 12)
    }
  })
  it.each([0.6, 0.8, 0.95])(
    'approaches the step size whose acceptance is %d at the rate that the recursion implies',
    (target) => {
      // With acceptance exp(-step size), x* = log(-log target). For x_m to stay near x*, h_m = gamma (mu - x*) / sqrt(m); putting this into the
      // recursion of h gives an acceptance error of gamma (mu - x*) / (2 sqrt(m)), and d acceptance / d x = -target * -log target turns it into
      // an error of x. The average xbar remembers about m^0.75 steps, which makes it lag by up to (1 - m^-0.25)^(-1/2) = 1.07, plus higher orders.
      const stepCount = 5000
      let averaging = startDualAveraging(5)
      for (let i = 0; i < stepCount; i++)
        averaging = updateDualAveraging(averaging, Math.exp(-Math.exp(averaging.logStepSize)), target)
      const solution = Math.log(-Math.log(target))
      const predicted = (0.05 * (Math.log(50) - solution)) / (2 * Math.sqrt(stepCount) * target * -Math.log(target))
      const ratio = (averaging.meanLogStepSize - solution) / predicted
      expect(ratio).toBeGreaterThan(1)
      expect(ratio).toBeLessThan(1.15)
    },
  )
})

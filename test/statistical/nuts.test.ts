import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { LogDensity } from '../../src/contract/log-density.js'
import { diagonalMetric, unitMetric } from '../../src/inference/metric.js'
import { nuts } from '../../src/inference/nuts.js'
import { type ChainSettings, runChains } from '../../src/inference/run-chains.js'
import { fillNormal } from '../../src/random/fill-normal.js'
import { stream } from '../../src/random/stream.js'
import { pointAt, step, weight } from '../unit/inference/reference-trajectory.js'
import { altered, correlatedNormal, independentNormal } from '../unit/inference/targets.js'
import { kolmogorovDistance, meanWithError } from './monte-carlo-error.js'

/** Two-sided standard normal quantile for a family-wise error of 1e-4 over at most 100 comparisons. */
const FIVE_STANDARD_ERRORS = 5

async function sample(logDensity: LogDensity, changes: Partial<ChainSettings> = {}, seed = 1) {
  const settings = { chainCount: 4, warmupCount: 500, drawCount: 1000, targetAcceptance: 0.8, maximumTreeDepth: 10, ...changes }
  const { positions } = await runChains({
    logDensity,
    propose: (source) => fillNormal(source, new Float64Array(logDensity.dimension)),
    streamFor: (purpose, chain) => stream(seed, purpose, chain),
    settings,
  })
  /** `[chain][draw]` of a function of the position. */
  return (quantity: (position: Float64Array) => number) =>
    Array.from({ length: settings.chainCount }, (_, chain) =>
      Float64Array.from({ length: settings.drawCount }, (_, draw) => {
        const start = (chain * settings.drawCount + draw) * logDensity.dimension
        return quantity(positions.subarray(start, start + logDensity.dimension))
      }),
    )
}

/** Distance from the truth in standard errors. */
function distance(chains: readonly Float64Array[], truth: number): number {
  const { mean, standardError } = meanWithError(chains)
  return Math.abs(mean - truth) / standardError
}

describe('NUTS on targets with known moments', () => {
  const means = [0, 1, -2, 3, 100]
  const sds = [1, 0.05, 2, 30, 5]
  it('finds the means and variances of normals whose scales differ by a factor of 600', async () => {
    const draws = await sample(independentNormal(means, sds))
    for (const [i, mean] of means.entries()) {
      expect(
        distance(
          draws((x) => x[i]),
          mean,
        ),
      ).toBeLessThan(FIVE_STANDARD_ERRORS)
      expect(
        distance(
          draws((x) => (x[i] - mean) ** 2),
          sds[i] ** 2,
        ),
      ).toBeLessThan(FIVE_STANDARD_ERRORS)
    }
  })
  it('is told from a normal whose mean is 0.2 standard deviations off or whose variance is 1.25 times as large', async () => {
    const draws = await sample(independentNormal(means, sds))
    expect(
      distance(
        draws((x) => x[0]),
        0.2,
      ),
    ).toBeGreaterThan(FIVE_STANDARD_ERRORS)
    expect(
      distance(
        draws((x) => x[0] ** 2),
        1.25,
      ),
    ).toBeGreaterThan(FIVE_STANDARD_ERRORS)
  })
  it('finds the correlation of a normal with correlation 0.99', async () => {
    const draws = await sample(correlatedNormal(0.99))
    expect(
      distance(
        draws((x) => x[0]),
        0,
      ),
    ).toBeLessThan(FIVE_STANDARD_ERRORS)
    expect(
      distance(
        draws((x) => x[0] ** 2),
        1,
      ),
    ).toBeLessThan(FIVE_STANDARD_ERRORS)
    expect(
      distance(
        draws((x) => x[0] * x[1]),
        0.99,
      ),
    ).toBeLessThan(FIVE_STANDARD_ERRORS)
  })
  it.each([Number.NaN, Number.NEGATIVE_INFINITY])(
    'respects a region of log density %d: the half-normal has mean sqrt(2/pi)',
    async (outside) => {
      const halfNormal = altered(independentNormal([0], [1]), (value, [x]) => (x < 0 ? outside : value))
      const draws = await sample(halfNormal)
      expect(Math.min(...draws((x) => x[0]).map((chain) => Math.min(...chain)))).toBeGreaterThanOrEqual(0)
      expect(
        distance(
          draws((x) => x[0]),
          Math.sqrt(2 / Math.PI),
        ),
      ).toBeLessThan(FIVE_STANDARD_ERRORS)
      expect(
        distance(
          draws((x) => x[0] ** 2),
          1,
        ),
      ).toBeLessThan(FIVE_STANDARD_ERRORS)
    },
  )
})

describe('one NUTS step from exact draws', () => {
  // x = log E with E standard exponential, so that P(x < t) = 1 - exp(-e^t); y = 0.8 x + z with z standard normal.
  const target: LogDensity = {
    dimension: 2,
    valueAndGradient([x, y], gradient) {
      const z = y - 0.8 * x
      gradient[0] = 1 - Math.exp(x) + 0.8 * z
      gradient[1] = -z
      return x - Math.exp(x) - 0.5 * z * z
    },
  }
  const drawCount = 20_000
  /** Kolmogorov's limit law: P(sqrt(n) D > 2.4) = 2 exp(-2 * 2.4^2) = 2e-5; four comparisons, family-wise 1e-4. */
  const CRITICAL = 2.4 / Math.sqrt(drawCount)

  function afterOneStep(logDensity: LogDensity, stepSize: number): number {
    const source = stream(5)
    const algorithm = nuts(2)
    const options = { stepSize, metric: diagonalMetric(Float64Array.of(1, 1.5)), maximumTreeDepth: 4 }
    const x = new Float64Array(drawCount)
    const z = new Float64Array(drawCount)
    const normals = fillNormal(source, new Float64Array(drawCount))
    for (let i = 0; i < drawCount; i++) {
      const start = Math.log(-Math.log(source.uniform()))
      const { position } = algorithm.step(
        source,
        algorithm.init(Float64Array.of(start, 0.8 * start + normals[i]), logDensity),
        logDensity,
        options,
      ).state
      x[i] = position[0]
      z[i] = position[1] - 0.8 * position[0]
    }
    return Math.max(
      kolmogorovDistance(x, (t) => 1 - Math.exp(-Math.exp(t))),
      kolmogorovDistance(z, normalDistribution),
    )
  }

  it.each([0.3, 0.9])('leaves the target invariant with step size %d', (stepSize) => {
    expect(afterOneStep(target, stepSize)).toBeLessThan(CRITICAL)
  })
  it('leaves the target invariant even when the gradient is wrong, since the weights are right', () => {
    const wrongGradient = altered(target, (value, _, gradient) => {
      gradient[0] *= 1.5
      return value
    })
    expect(afterOneStep(wrongGradient, 0.5)).toBeLessThan(CRITICAL)
  })
  it('does not leave it invariant when the density is that of another target', () => {
    // z ~ N(0, 2) instead: sup |Phi(t) - Phi(t / sqrt 2)| = 0.083, five times the critical value, of which one step covers a good part.
    const wider = altered(target, (value, [x, y]) => value + 0.25 * (y - 0.8 * x) ** 2)
    expect(afterOneStep(wider, 0.5)).toBeGreaterThan(CRITICAL)
  })
  it('does not leave it invariant when the potential energy is missing from the weights', () => {
    expect(
      afterOneStep(
        altered(target, () => 0),
        0.9,
      ),
    ).toBeGreaterThan(CRITICAL)
  })
  it('does not leave it invariant when the Jacobian of the log transform is missing', () => {
    const noJacobian = altered(target, (value, [x], gradient) => {
      gradient[0] -= 1
      return value - x
    })
    expect(afterOneStep(noJacobian, 0.5)).toBeGreaterThan(CRITICAL)
  })
})

describe('the point drawn from a trajectory', () => {
  // Depth 2 without a turn: the four directions of two doublings are equally likely and the draw is one of the points -3 ... 3.
  const target = independentNormal([0], [1])
  const stepSize = 0.35
  const momentum = 2.2
  const initial = pointAt(target, [-1.2], [momentum])
  const weights = new Map([[0, 1]])
  const positions = new Map([[0, -1.2]])
  for (const sign of [-1, 1])
    for (let i = 1, point = initial; i <= 3; i++) {
      point = step(target, point, sign * stepSize)
      weights.set(sign * i, weight(initial, point))
      positions.set(sign * i, point.position[0])
    }

  /** Probability of each point -3 ... 3 when a new half replaces the old sample with this probability. */
  function law(replacement: (newWeight: number, oldWeight: number) => number): number[] {
    const probabilities = new Array<number>(7).fill(0)
    for (const first of [-1, 1])
      for (const second of [-1, 1]) {
        const half = second === first ? [2 * first, 3 * first] : [second, 2 * second]
        const w = (i: number) => weights.get(i)!
        const replaceFirst = replacement(w(first), 1)
        const replaceSecond = replacement(w(half[0]) + w(half[1]), 1 + w(first))
        probabilities[3] += 0.25 * (1 - replaceFirst) * (1 - replaceSecond)
        probabilities[3 + first] += 0.25 * replaceFirst * (1 - replaceSecond)
        for (const i of half) probabilities[3 + i] += (0.25 * replaceSecond * w(i)) / (w(half[0]) + w(half[1]))
      }
    return probabilities
  }

  /** Counts of the points drawn when only the momentum is fixed. */
  function counts(transitionCount: number): number[] {
    const result = new Array<number>(7).fill(0)
    const algorithm = nuts(1)
    const state = algorithm.init(Float64Array.of(-1.2), target)
    const source = stream(3)
    for (let i = 0; i < transitionCount; i++) {
      // fillNormal inverts one uniform per normal: handing it the right one first sets the momentum.
      let isFirst = true
      const scripted = {
        uniform: () => {
          if (!isFirst) return source.uniform()
          isFirst = false
          return normalDistribution(momentum)
        },
      }
      const { position } = algorithm.step(scripted, state, target, {
        stepSize,
        metric: unitMetric(1),
        maximumTreeDepth: 2,
      }).state
      const index = [...positions].find(([, place]) => Math.abs(place - position[0]) < 1e-6)![0]
      result[3 + index]++
    }
    return result
  }

  const chiSquare = (observed: readonly number[], probabilities: readonly number[]) => {
    const total = observed.reduce((a, b) => a + b, 0)
    return observed.reduce((sum, count, i) => sum + (count - total * probabilities[i]) ** 2 / (total * probabilities[i]), 0)
  }
  /** 1 - 1e-4 quantile of chi-square with 6 degrees of freedom. */
  const CRITICAL = 27.86

  it('follows the law of multinomial halves and biased progressive sampling', () => {
    expect(
      chiSquare(
        counts(20_000),
        law((newWeight, oldWeight) => Math.min(1, newWeight / oldWeight)),
      ),
    ).toBeLessThan(CRITICAL)
  })
  it('is told from uniform progressive sampling', () => {
    expect(
      chiSquare(
        counts(20_000),
        law((newWeight, oldWeight) => newWeight / (newWeight + oldWeight)),
      ),
    ).toBeGreaterThan(CRITICAL)
  })
})

const folder = fileURLToPath(new URL('../../../shared/acceptance/posteriordb/', import.meta.url))
describe.skipIf(!existsSync(folder))(
  'eight schools, non-centred, against 10,000 reference draws of posteriordb (needs ../shared)',
  () => {
    it('has their means and standard deviations', async () => {
      const read = (suffix: string) =>
        JSON.parse(readFileSync(`${folder}eight_schools-eight_schools_noncentered.${suffix}.json`, 'utf8'))
      const { y, sigma } = read('data') as { y: number[]; sigma: number[] }
      const reference = read('ref').parameters as Record<string, { mean: number; sd: number; ess_bulk: number }>
      const draws = await sample(eightSchools(y, sigma), { warmupCount: 1000, drawCount: 2500, targetAcceptance: 0.9 })
      const quantities: Record<string, (x: Float64Array) => number> = { mu: (x) => x[0], tau: (x) => Math.exp(x[1]) }
      for (let j = 0; j < 8; j++) quantities[`theta[${j + 1}]`] = (x) => x[0] + Math.exp(x[1]) * x[2 + j]
      for (const [name, quantity] of Object.entries(quantities)) {
        const { mean, sd, ess_bulk } = reference[name]
        const ours = meanWithError(draws(quantity))
        const combinedError = Math.hypot(ours.standardError, sd / Math.sqrt(ess_bulk))
        expect(Math.abs(ours.mean - mean), name).toBeLessThan(4 * combinedError + 0.01 * sd)
        const squares = meanWithError(draws((x) => (quantity(x) - ours.mean) ** 2))
        const ourSd = Math.sqrt(squares.mean)
        // Delta method: SE(sd) = SE(variance) / (2 sd); the reference's draws are nearly independent, and as heavy-tailed as ours.
        const sdError = (squares.standardError / (2 * ourSd)) * Math.SQRT2
        expect(Math.abs(ourSd - sd), name).toBeLessThan(4 * sdError + 0.02 * sd)
      }
    })
  },
)

/** Position: mu, log tau, z_1 ... z_8. mu ~ N(0, 5), tau ~ half-Cauchy(0, 5), y_j ~ N(mu + tau z_j, sigma_j). */
function eightSchools(y: readonly number[], sigma: readonly number[]): LogDensity {
  return {
    dimension: 2 + y.length,
    valueAndGradient(position, gradient) {
      const mu = position[0]
      const tau = Math.exp(position[1])
      const ratio = (tau / 5) ** 2
      let value = -0.5 * (mu / 5) ** 2 - Math.log1p(ratio) + position[1]
      gradient[0] = -mu / 25
      gradient[1] = 1 - (2 * ratio) / (1 + ratio)
      for (let j = 0; j < y.length; j++) {
        const z = position[2 + j]
        const residual = (y[j] - mu - tau * z) / sigma[j]
        value -= 0.5 * (z * z + residual * residual)
        gradient[0] += residual / sigma[j]
        gradient[1] += (residual / sigma[j]) * tau * z
        gradient[2 + j] = (residual / sigma[j]) * tau - z
      }
      return value
    },
  }
}

/** Standard normal distribution function by Simpson's rule from 0; error below 1e-10 for |x| < 6. */
function normalDistribution(x: number): number {
  const intervals = 200
  const width = x / intervals
  let sum = 0
  for (let i = 0; i <= intervals; i++)
    sum += (i === 0 || i === intervals ? 1 : i % 2 === 1 ? 4 : 2) * Math.exp(-0.5 * (i * width) ** 2)
  return 0.5 + (sum * width) / (3 * Math.sqrt(2 * Math.PI))
}

import { describe, expect, it } from 'vitest'
import { diagonalHeterogeneityDraws } from '../../../src/numeric/diagonal-heterogeneity.js'
import { tauPosterior } from '../../../src/numeric/heterogeneity.js'
import { drawNormal } from '../../../src/random/normal.js'
import { stream } from '../../../src/random/stream.js'

const source = stream(3, 'trials')
const effects = Float64Array.from({ length: 8 }, () => drawNormal(source, 0, 0.7))
const variances = Float64Array.from({ length: 8 }, (_, trial) => 0.02 + 0.01 * trial)
const slopes = effects.map((effect, trial) => 0.3 * Math.sin(7 * trial) + 0.01 * effect)

const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / values.length
const spread = (values: Float64Array) => Math.sqrt(mean(values.map((value) => (value - mean(values)) ** 2)))
const column = (draws: Float64Array, size: number, k: number) => draws.filter((_, at) => at % size === k)

/** The posterior of one coefficient on its own, by quadrature. */
function oneCoefficient(estimates: Float64Array, covariances: Float64Array, scale: number): Float64Array {
  const quantile = tauPosterior(estimates, covariances, scale)
  return Float64Array.from({ length: 1000 }, (_, index) => quantile((index + 0.5) / 1000))
}
/** Four Monte Carlo standard errors of a mean over draws of which a third count as independent. */
const tolerance = (values: Float64Array) => (4 * spread(values)) / Math.sqrt(values.length / 3)

describe('draws of between-trial standard deviations', () => {
  const sampling = { scales: Float64Array.of(0.5, 0.25), warmupCount: 200, drawCount: 1500 }
  const draws = diagonalHeterogeneityDraws(
    Array.from(effects, (effect, trial) => ({
      positions: [0, 1],
      estimate: Float64Array.of(effect, slopes[trial]),
      covariance: Float64Array.of(variances[trial], 0, 0, 2 * variances[trial]),
    })),
    sampling,
    stream(1, 'gibbs'),
  )
  it('of coefficients that trials estimate independently are those of each on its own, by quadrature', () => {
    const expected = [
      oneCoefficient(effects, variances, 0.5),
      oneCoefficient(
        slopes,
        variances.map((variance) => 2 * variance),
        0.25,
      ),
    ]
    expected.forEach((exact, k) => {
      const own = column(draws, 2, k)
      expect(Math.abs(mean(own) - mean(exact))).toBeLessThan(tolerance(own))
      expect(Math.abs(spread(own) - spread(exact))).toBeLessThan(tolerance(own))
    })
    // negative control: another prior is another posterior
    const other = oneCoefficient(effects, variances, 0.2)
    expect(Math.abs(mean(column(draws, 2, 0)) - mean(other))).toBeGreaterThan(tolerance(column(draws, 2, 0)))
  })
  it('take correlated errors into account: a rotation of two coefficients that do not differ in heterogeneity changes nothing', () => {
    const rotate = (a: number, b: number) => [(a + b) / Math.SQRT2, (a - b) / Math.SQRT2]
    const others = Float64Array.from({ length: 8 }, (_, trial) => 0.7 * Math.cos(3 * trial))
    const trials = (isRotated: boolean) =>
      Array.from(effects, (effect, trial) => {
        const [v, w] = [variances[trial], 4 * variances[trial]]
        return {
          positions: [0, 1],
          estimate: Float64Array.from(isRotated ? rotate(effect, others[trial]) : [effect, others[trial]]),
          covariance: isRotated
            ? Float64Array.of((v + w) / 2, (v - w) / 2, (v - w) / 2, (v + w) / 2)
            : Float64Array.of(v, 0, 0, w),
        }
      })
    const total = (isRotated: boolean) => {
      const both = diagonalHeterogeneityDraws(
        trials(isRotated),
        { ...sampling, scales: Float64Array.of(0.5, 0.5) },
        stream(2, 'gibbs'),
      )
      return column(both, 2, 0).map((tau, draw) => tau ** 2 + both[2 * draw + 1] ** 2)
    }
    const [plain, rotated] = [total(false), total(true)]
    // T is diagonal in both frames, which are not the same model unless the two are alike: means agree to a tenth
    expect(Math.abs(mean(plain) - mean(rotated))).toBeLessThan(0.15 * mean(plain))
  })
  it('know coefficients that only some trials estimate by these trials', () => {
    const some = diagonalHeterogeneityDraws(
      Array.from(effects, (effect, trial) => ({
        positions: trial < 4 ? [0, 1] : [0],
        estimate: trial < 4 ? Float64Array.of(effect, slopes[trial]) : Float64Array.of(effect),
        covariance: trial < 4 ? Float64Array.of(variances[trial], 0, 0, 2 * variances[trial]) : Float64Array.of(variances[trial]),
      })),
      sampling,
      stream(1, 'gibbs'),
    )
    const exact = oneCoefficient(
      slopes.subarray(0, 4),
      variances.subarray(0, 4).map((variance) => 2 * variance),
      0.25,
    )
    const own = column(some, 2, 1)
    expect(Math.abs(mean(own) - mean(exact))).toBeLessThan(tolerance(own))
  })
})

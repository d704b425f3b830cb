/**
 * Independent draws from the posterior of a normal linear regression with a spike-and-slab prior on some coefficients and normal priors on the others, sigma
 * unknown: sigma by inversion of its marginal posterior, which sums over all patterns of slab and spike; then a pattern given sigma; then the
 * coefficients given both. Chains that walk between the modes of such a posterior mix badly now and then; these draws do not walk.
 */
import { standardNormal } from '../random/standard-normal.js'
import { choleskyInPlace } from './cholesky.js'
import { logSigmaRange, type RegressionSampler, type ResidualPrior, requireResiduals } from './exact-regression.js'
import { type OpenRegression, reducedRegression } from './reduced-regression.js'
import { patternAt, type SlabPrior, slabPatterns } from './slab-patterns.js'
import { tabulatedDistribution } from './tabulated-distribution.js'
import { backwardSolveInPlace, forwardSolveInPlace } from './triangular-solve.js'

export interface SpikeAndSlabPosteriorDraws extends OpenRegression, SlabPrior {
  readonly residual: ResidualPrior
}

/**
 * Each draw weighs 2^m patterns, m the number of open coefficients.
 * @throws RunError when residuals are all 0.
 */
export function exactSpikeAndSlabSampler(regression: SpikeAndSlabPosteriorDraws): RegressionSampler {
  const { outcome, residual, open, slabScale, spikeScale } = regression
  const reduced = reducedRegression(regression)
  requireResiduals(reduced.residualSquares, outcome, outcome.length - reduced.rank)
  const patterns = slabPatterns(open.length, regression)
  const logDensity = (logSigma: number) => {
    const sigma = Math.exp(logSigma)
    return residual.logDensity(sigma) + reduced.reduce(sigma) + patterns.weigh(reduced.precision, reduced.moment)
  }
  const sigmas = tabulatedDistribution(logDensity, logSigmaRange(reduced.residualSquares, outcome, residual.scale))
  const size = open.length
  const factor = new Float64Array(size * size)
  const value = new Float64Array(size)
  const noise = new Float64Array(reduced.fixed.length)
  return {
    draw(stream, coefficients, offset) {
      const sigma = Math.exp(sigmas.quantile(stream.uniform()))
      reduced.reduce(sigma)
      const logSum = patterns.weigh(reduced.precision, reduced.moment)
      const pattern = patternAt(patterns.logWeights, logSum, stream.uniform())
      factor.set(reduced.precision)
      for (let k = 0; k < size; k++) factor[k * size + k] += 1 / ((pattern >> k) & 1 ? slabScale : spikeScale) ** 2
      drawGivenPrecision(factor, reduced.moment, value, () => standardNormal(stream))
      open.forEach((position, k) => {
        coefficients[offset + position] = value[k]
      })
      for (let row = 0; row < noise.length; row++) noise[row] = standardNormal(stream)
      reduced.completeDraw(noise, coefficients, offset)
      return sigma
    },
  }
}

/** Writes a draw of N(A^-1 r, A^-1) into `value`; A is replaced by its Cholesky factor. */
export function drawGivenPrecision(
  precision: Float64Array,
  moment: Float64Array,
  value: Float64Array,
  nextNormal: () => number,
): void {
  const size = value.length
  choleskyInPlace(precision, size)
  value.set(moment)
  forwardSolveInPlace(precision, value, size)
  for (let k = 0; k < size; k++) value[k] += nextNormal()
  backwardSolveInPlace(precision, value, size)
}

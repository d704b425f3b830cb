import { describe, expect, it } from 'vitest'
import { derivatives } from '../../../../src/numeric/multivariate-meta-analysis/derivatives.js'
import { leastSquares } from '../../../../src/numeric/multivariate-meta-analysis/least-squares.js'
import { multivariateMetaAnalysis } from '../../../../src/numeric/multivariate-meta-analysis/multivariate-meta-analysis.js'
import type { MetaAnalysisOptions } from '../../../../src/numeric/multivariate-meta-analysis/options.js'
import { readInput } from '../../../../src/numeric/multivariate-meta-analysis/read-input.js'
import { drawNormal } from '../../../../src/random/normal.js'
import { stream } from '../../../../src/random/stream.js'
import { covariances, estimates, incomplete, year } from './periodontal.js'

/**
 * mixmeta 1.2.1, R 4.2.2, control = list(reltol = 1e-14, maxiter = 1000); bscov as named, method as named:
 * mixmeta(y, S, method = "reml", bscov = "diag", control = ...); with y[2, 2] and y[5, 1] NA for the incomplete ones; mixmeta(y ~ year, S, ...) for the regressions.
 * psi holds (1, 1), (2, 1), (2, 2).
 */
const references: readonly {
  title: string
  options: Partial<MetaAnalysisOptions>
  kind?: 'incomplete' | 'regression'
  coefficients: number[]
  psi: number[]
  logLikelihood?: number
}[] = [
  {
    title: 'REML, diagonal',
    options: { structure: 'diagonal' },
    coefficients: [0.361338846996, -0.352947787147],
    psi: [0.0115882571206, 0, 0.0322285862608],
    logLikelihood: 3.20124471499,
  },
  {
    title: 'REML, compound symmetry',
    options: { structure: 'compound-symmetry' },
    coefficients: [0.36359418326, -0.337961153893],
    psi: [0.0250204350781, 0.013236837173, 0.0250204350781],
    logLikelihood: 3.31056110974,
  },
  {
    title: 'ML, compound symmetry',
    options: { structure: 'compound-symmetry', estimator: 'ml' },
    coefficients: [0.360471711132, -0.336806674642],
    psi: [0.0197396129544, 0.0109172176573, 0.0197396129544],
    logLikelihood: 5.20555740701,
  },
  {
    title: 'REML, identity',
    options: { structure: 'identity' },
    coefficients: [0.367715073888, -0.349576328685],
    psi: [0.0240731192918, 0, 0.0240731192918],
    logLikelihood: 2.89902483933,
  },
  {
    title: 'REML, unstructured, with missing coefficients',
    options: { missing: 'use' },
    kind: 'incomplete',
    coefficients: [0.324217464627, -0.271384710235],
    psi: [0.00830468811488, 0.00498367983739, 0.0111991927465],
    logLikelihood: 4.21391975023,
  },
  {
    title: 'ML on the boundary, with missing coefficients',
    options: { estimator: 'ml', missing: 'use' },
    kind: 'incomplete',
    coefficients: [0.314327764949, -0.267370853206],
    psi: [0.003230977728, 0.00500216540825, 0.00774429936631],
    logLikelihood: 7.10554095096,
  },
  {
    title: 'moments, unstructured, with missing coefficients',
    options: { estimator: 'moments', missing: 'use' },
    kind: 'incomplete',
    coefficients: [0.322221000091, -0.274255515105],
    psi: [0.00877762002312, 0.00644991858201, 0.0123934735755],
  },
  {
    title: 'REML, regression on a moderator',
    options: {},
    kind: 'regression',
    coefficients: [0.344172468401, 0.0048614836428, -0.301126800329, -0.0115366562832],
    psi: [0.0204466219693, 0.0162257726777, 0.0408571098691],
    logLikelihood: 2.07317364028,
  },
  {
    title: 'moments, regression on a moderator',
    options: { estimator: 'moments' },
    kind: 'regression',
    coefficients: [0.345029672517, 0.004654430606, -0.300339908356, -0.0117463468781],
    psi: [0.0239391742643, 0.0297244272166, 0.0868646205916],
  },
]

/** The reference stops where its log likelihood changes by 1e-14 of itself: half of float64's digits in T, so 1e-6; the likelihood itself to 1e-10. */
const CLOSE = 6
const VERY_CLOSE = 10

describe('multivariate meta-analysis', () => {
  it.each(references)('$title: as mixmeta', ({ options, kind, coefficients, psi, logLikelihood }) => {
    const fit = multivariateMetaAnalysis({
      estimates: kind === 'incomplete' ? incomplete : estimates,
      covariances,
      ...(kind === 'regression' ? { moderators: [{ name: 'year', values: year }] } : {}),
      options,
    })
    expect(fit.isConverged).toBe(true)
    coefficients.forEach((value, term) => {
      expect(fit.coefficients[term]).toBeCloseTo(value, CLOSE)
    })
    const [variance, covariance, , other] = fit.betweenTrialCovariance
    ;[variance, covariance, other].forEach((value, at) => {
      expect(value).toBeCloseTo(psi[at], CLOSE)
    })
    if (logLikelihood !== undefined) expect(fit.logLikelihood).toBeCloseTo(logLikelihood, VERY_CLOSE)
  })

  it('with one coefficient, moments are DerSimonian and Laird in closed form', () => {
    const [effects, variances] = [
      [0.1, 0.9, -0.4, 0.5],
      [0.04, 0.1, 0.05, 0.2],
    ]
    const weights = variances.map((variance) => 1 / variance)
    const total = weights.reduce((sum, weight) => sum + weight)
    const mean = weights.reduce((sum, weight, j) => sum + weight * effects[j], 0) / total
    const q = weights.reduce((sum, weight, j) => sum + weight * (effects[j] - mean) ** 2, 0)
    const c = total - weights.reduce((sum, weight) => sum + weight ** 2, 0) / total
    const fit = univariate(effects, variances, { estimator: 'moments' })
    expect(fit.betweenTrialCovariance[0]).toBeCloseTo((q - 3) / c, 13)
    expect(fit.heterogeneity.q.statistic).toBeCloseTo(q, 12)
  })

  it("at Paule and Mandel's estimate the weighted squares equal their degrees of freedom", () => {
    const [effects, variances] = [
      [0.1, 0.9, -0.4, 0.5],
      [0.04, 0.1, 0.05, 0.2],
    ]
    const fit = univariate(effects, variances, { estimator: 'paule-mandel' })
    const tauSquared = fit.betweenTrialCovariance[0]
    const squares = effects.reduce((sum, effect, j) => sum + (effect - fit.coefficients[0]) ** 2 / (variances[j] + tauSquared), 0)
    expect(tauSquared).toBeGreaterThan(0)
    expect(squares).toBeCloseTo(3, 12)
  })

  it.each(['reml', 'ml', 'moments', 'fixed'] as const)('%s follows an invertible linear map of the coefficients', (estimator) => {
    const map = [2, 0.5, -1, 3]
    const moved = multivariateMetaAnalysis({
      estimates: estimates.map((row) => apply(map, row)),
      covariances: covariances.map((matrix) => sandwich(map, matrix)),
      options: { estimator },
    })
    const fit = multivariateMetaAnalysis({ estimates, covariances, options: { estimator } })
    expectClose(moved.coefficients, apply(map, [...fit.coefficients]))
    expectClose(moved.betweenTrialCovariance, sandwich(map, [...fit.betweenTrialCovariance]))
    expect(moved.heterogeneity.r).toBeCloseTo(fit.heterogeneity.r, 6)
  })

  it.each([true, false])('its derivatives are those of the likelihood (restricted: %s)', (isRestricted) => {
    const problem = readInput({ estimates: incomplete, covariances, moderators: [{ name: 'year', values: year }] }, 'use')
    const active = [
      [0, 0],
      [1, 0],
      [1, 1],
    ] as const
    const at = [0.02, 0.006, 0.03]
    const value = (t: readonly number[]) => {
      const fit = leastSquares(problem, Float64Array.of(t[0], t[1], t[1], t[2]))
      return (isRestricted ? fit?.restrictedLogLikelihood : fit?.logLikelihood) ?? Number.NaN
    }
    const slopes = (t: readonly number[]) => {
      const fit = leastSquares(problem, Float64Array.of(t[0], t[1], t[1], t[2]))
      if (!fit) throw new Error('singular')
      return derivatives(problem, fit, active, isRestricted)
    }
    const { gradient, hessian } = slopes(at)
    const byElement = ([a, b, , d]: Float64Array) => [a, 2 * b, d]
    const step = 1e-6
    for (let p = 0; p < 3; p++) {
      const [up, down] = [1, -1].map((sign) => at.map((element, q) => (p === q ? element + sign * step : element)))
      // central differences: error step^2 times the third derivative, beside rounding of 1e-16 / step
      expect(byElement(gradient)[p] / ((value(up) - value(down)) / (2 * step))).toBeCloseTo(1, 5)
      const [above, below] = [byElement(slopes(up).gradient), byElement(slopes(down).gradient)]
      for (let q = 0; q < 3; q++) expect(hessian[p * 3 + q] / ((above[q] - below[q]) / (2 * step))).toBeCloseTo(1, 5)
    }
  })

  it('converges on the boundary, where no direction out of the null space of T raises the likelihood', () => {
    const { input, size } = simulated(40, 8, 2)
    const fit = multivariateMetaAnalysis(input)
    expect(fit).toMatchObject({ isConverged: true, isSingular: true })
    // Newton needs few steps also there; the coordinates of a Cholesky factor in a fixed order took hundreds
    expect(fit.iterationCount).toBeLessThan(30)
    const probes = stream(3, 'directions')
    for (let probe = 0; probe < 50; probe++) {
      const direction = Float64Array.from({ length: size }, () => drawNormal(probes, 0, 0.01))
      const raised = fit.betweenTrialCovariance.map(
        (value, at) => value + direction[Math.floor(at / size)] * direction[at % size],
      )
      const other = leastSquares(readInput(input, 'refuse'), raised)
      expect(other?.restrictedLogLikelihood).toBeLessThan(fit.logLikelihood + 1e-9)
    }
  })

  it('pools 200 trials of 20 coefficients', () => {
    const { input } = simulated(200, 20, 20)
    const fit = multivariateMetaAnalysis({ ...input, options: { structure: 'diagonal' } })
    expect(fit.isConverged).toBe(true)
    // every mean is 1; 20 z-scores beyond 4 have a chance of 0.1%
    fit.coefficients.forEach((value, i) => {
      expect(Math.abs(value - 1) / Math.sqrt(fit.covariance[i * 21])).toBeLessThan(4)
    })
  })
})

const univariate = (effects: readonly number[], variances: readonly number[], options: Partial<MetaAnalysisOptions>) =>
  multivariateMetaAnalysis({ estimates: effects.map((y) => [y]), covariances: variances.map((v) => [v]), options })

const apply = ([a, b, c, d]: readonly number[], [x, y]: readonly number[]) => [a * x + b * y, c * x + d * y]

function sandwich([a, b, c, d]: readonly number[], [p, q, r, s]: readonly number[]): number[] {
  const [t, u, v, w] = [a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s]
  return [t * a + u * b, t * c + u * d, v * a + w * b, v * c + w * d]
}

function expectClose(found: Float64Array, expected: readonly number[]): void {
  expected.forEach((value, at) => {
    expect(found[at]).toBeCloseTo(value, CLOSE)
  })
}

/** Trials with means 1, differences between trials of the rank given, and sampling variances between 0.5 and 2. */
function simulated(trialCount: number, size: number, rank: number) {
  const source = stream(1, 'meta-analysis', trialCount, size)
  const normals = (count: number) => Array.from({ length: count }, () => drawNormal(source, 0, 1))
  const loadings = normals(size * rank)
  const trials = Array.from({ length: trialCount }, () => {
    const variance = 0.5 + 1.5 * source.uniform()
    const shared = normals(rank)
    const own = normals(size)
    return {
      estimate: own.map((error, i) =>
        shared.reduce(
          (sum, value, k) => sum + (0.3 * loadings[i * rank + k] * value) / Math.sqrt(rank),
          1 + Math.sqrt(variance) * error,
        ),
      ),
      covariance: Array.from({ length: size * size }, (_, at) => (at % (size + 1) === 0 ? variance : 0)),
    }
  })
  return {
    size,
    input: { estimates: trials.map(({ estimate }) => estimate), covariances: trials.map(({ covariance }) => covariance) },
  }
}

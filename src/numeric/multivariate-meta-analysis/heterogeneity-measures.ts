/**
 * How much trials differ.
 *
 * - Cochran's Q at the common-effect fit, sum r_j' S_j^-1 r_j, chi-square when T = 0; for one coefficient, at its own weighted mean, sum (b - fit)^2 / S;
 * - I^2 of a coefficient, tau^2 / (tau^2 + v), v the typical sampling variance (Higgins and Thompson 2002, 10.1002/sim.1186);
 * - R = (|C_random| / |C_common|)^(1 / 2p), by how much differences between trials stretch confidence regions, and I^2_R = (R^2 - 1) / R^2
 *   (Jackson, White and Riley 2012, 10.1002/sim.5453).
 */
import { chiSquareTail } from '../chi-square-tail.js'
import { choleskyInPlace } from '../cholesky.js'
import { logDeterminantPositiveDefinite } from '../positive-definite.js'
import { derivatives } from './derivatives.js'
import { inverseOfFactor, type LeastSquares, leastSquares } from './least-squares.js'
import { type MetaAnalysisProblem, marginalProblem, observationCount } from './problem.js'
import { type Structure, structureBasis } from './structure.js'

export interface QTest {
  readonly statistic: number
  readonly degreesOfFreedom: number
  /** NaN without degrees of freedom. */
  readonly pValue: number
}

export interface CoefficientHeterogeneity {
  readonly q: QTest
  /** Between-trial standard deviation. */
  readonly tau: number
  /** In [0, 1]; NaN without degrees of freedom. Where tau is 0 by assumption, 1 - df / Q. */
  readonly iSquared: number
  /** v */
  readonly typicalVariance: number
  /** nu with which nu (tau^2 + v) / (true tau^2 + v) is about chi-square, from the information on tau^2; NaN when tau is not estimated. */
  readonly tauDegreesOfFreedom: number
}

export interface Heterogeneity {
  readonly q: QTest
  readonly r: number
  readonly iSquaredR: number
  /** `[coefficient]`, each on its own */
  readonly byCoefficient: readonly CoefficientHeterogeneity[]
}

export function heterogeneityOf(
  problem: MetaAnalysisProblem,
  common: LeastSquares,
  random: LeastSquares,
  between: Float64Array,
  structure: Structure | undefined,
): Heterogeneity {
  const { size, terms } = problem
  const stretch =
    logDeterminantPositiveDefinite(random.covariance, terms.length) -
    logDeterminantPositiveDefinite(common.covariance, terms.length)
  const r = Math.exp(stretch / (2 * terms.length))
  const errors = structure && varianceErrors(problem, random, structure)
  return {
    q: qTest(common.residualSum, observationCount(problem) - terms.length),
    r,
    iSquaredR: Math.max(0, 1 - 1 / (r * r)),
    byCoefficient: Array.from({ length: size }, (_, i) => ofCoefficient(problem, i, between[i * (size + 1)], errors?.[i])),
  }
}

/** @param error asymptotic variance of tau^2; undefined when T = 0 by assumption */
function ofCoefficient(
  problem: MetaAnalysisProblem,
  coefficient: number,
  variance: number,
  error: number | undefined,
): CoefficientHeterogeneity {
  const own = marginalProblem(problem, coefficient)
  const fit = leastSquares(own, new Float64Array(1))
  const degreesOfFreedom = fit ? observationCount(own) - own.terms.length : 0
  const q = qTest(fit?.residualSum ?? Number.NaN, degreesOfFreedom)
  const typical = fit ? typicalVariance(own, fit, degreesOfFreedom) : Number.NaN
  const fromQ = Math.max(0, 1 - degreesOfFreedom / q.statistic)
  return {
    q,
    tau: Math.sqrt(variance),
    iSquared: error === undefined || error === 0 ? fromQ : variance / (variance + typical),
    typicalVariance: typical,
    tauDegreesOfFreedom:
      error === undefined || error === 0
        ? Number.NaN
        : Math.max(1, Math.min(degreesOfFreedom, (2 * (variance + typical) ** 2) / error)),
  }
}

/** Asymptotic variances of the diagonal of T, from the expected information of the restricted likelihood; 0 where it is 0 by the structure. */
function varianceErrors(problem: MetaAnalysisProblem, fit: LeastSquares, structure: Structure): Float64Array | undefined {
  const { size } = problem
  const { covariance: basis, active } = structureBasis(structure, size)
  const { information } = derivatives(problem, fit, active, true)
  const places = new Map(active.map(([row, column], a) => [row * size + column, a]))
  const parts = basis.map((elements) =>
    elements.flatMap(([row, column, value]) => {
      const at = places.get(row * size + column)
      return at === undefined ? [] : [[at, value] as const]
    }),
  )
  const count = basis.length
  const reduced = new Float64Array(count * count)
  parts.forEach((left, p) => {
    parts.forEach((right, q) => {
      for (const [a, x] of left) for (const [b, y] of right) reduced[p * count + q] += x * y * information[a * active.length + b]
    })
  })
  if (!choleskyInPlace(reduced, count)) return new Float64Array(size).fill(Number.POSITIVE_INFINITY)
  const inverse = inverseOfFactor(reduced, count)
  return Float64Array.from({ length: size }, (_, i) => {
    const weights = basis.map((elements) => elements.find(([row, column]) => row === i && column === i)?.[2] ?? 0)
    return weights.reduce((sum, x, p) => sum + weights.reduce((part, y, q) => part + x * y * inverse[p * count + q], 0), 0)
  })
}

/** (n - p) / tr P with P = W - W X C X' W, which is -2 G without residuals. */
function typicalVariance(problem: MetaAnalysisProblem, fit: LeastSquares, degreesOfFreedom: number): number {
  const silent = { ...fit, weightedResiduals: new Float64Array(fit.weightedResiduals.length) }
  return degreesOfFreedom / (-2 * derivatives(problem, silent, [], true).gradient[0])
}

function qTest(statistic: number, degreesOfFreedom: number): QTest {
  return { statistic, degreesOfFreedom, pValue: degreesOfFreedom > 0 ? chiSquareTail(statistic, degreesOfFreedom) : Number.NaN }
}

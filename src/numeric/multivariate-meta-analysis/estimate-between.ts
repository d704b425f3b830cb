import { maximiseLikelihood } from './maximise-likelihood.js'
import { methodOfMoments, pauleMandel } from './moments.js'
import type { Estimator } from './options.js'
import { type MetaAnalysisProblem, rescale } from './problem.js'
import { type Structure, structureBasis } from './structure.js'

export interface BetweenEstimate {
  /** T */
  readonly between: Float64Array
  readonly isConverged: boolean
  readonly iterationCount: number
}

/**
 * T by the chosen estimator, computed in units in which sampling variances are about 1.
 * @returns undefined when the common-effect fit is singular.
 */
export function estimateBetween(
  problem: MetaAnalysisProblem,
  estimator: Estimator,
  structure: Structure,
): BetweenEstimate | undefined {
  const { size } = problem
  if (estimator === 'fixed') return { between: new Float64Array(size * size), isConverged: true, iterationCount: 0 }
  const scale = typicalScales(problem, structureBasis(structure, size).isScaleFree)
  const scaled = rescale(problem, scale)
  const moments = estimator === 'paule-mandel' ? pauleMandel(scaled, structure) : methodOfMoments(scaled, structure)
  if (!moments) return undefined
  const isIterative = estimator === 'reml' || estimator === 'ml'
  const found = isIterative
    ? maximiseLikelihood(scaled, structure, estimator === 'reml', moments)
    : { between: moments, isConverged: true, iterationCount: 0 }
  const between = found.between.map((value, at) => value * scale[Math.floor(at / size)] * scale[at % size])
  return { ...found, between }
}

/** Median standard error of each coefficient; one for all where the structure compares coefficients. */
export function typicalScales({ size, trials }: MetaAnalysisProblem, isOwn: boolean): Float64Array {
  const medians = Float64Array.from({ length: size }, (_, i) =>
    median(trials.filter(({ observed }) => observed.includes(i)).map(({ covariance }) => Math.sqrt(covariance[i * (size + 1)]))),
  )
  return isOwn ? medians : new Float64Array(size).fill(median([...medians]))
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((left, right) => left - right)
  const middle = sorted.length >> 1
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

import { symmetricEigen } from '../symmetric-eigen.js'
import { typicalScales } from './estimate-between.js'
import type { MetaAnalysisProblem } from './problem.js'

/** Standard deviation between trials, in typical standard errors, that counts as none. */
const NEGLIGIBLE = 1e-3

/** Whether some combination of coefficients has no differences between trials to speak of. */
export function isSingularCovariance(between: Float64Array, problem: MetaAnalysisProblem): boolean {
  const { size } = problem
  const scale = typicalScales(problem, true)
  const scaled = between.map((value, at) => value / (scale[Math.floor(at / size)] * scale[at % size]))
  return symmetricEigen(scaled, size).values.some((value) => value < NEGLIGIBLE ** 2)
}

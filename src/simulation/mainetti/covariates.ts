/**
 * Covariates of the design of Mainetti et al. 2026. Before any is dichotomised, x = u + s with u ~ N(0, R), R_kl = 0.35^|k - l|, and
 * s_k ~ N(0, 1.5) independent: variance 2.5, lag-1 correlation 0.35 / 2.5 = 0.14. Then x2, x4, x6, x8 become 1 when below a cut-off.
 * The same distribution in every trial: no case-mix differences.
 */
import type { Stream } from '../../contract/stream.js'
import { standardNormal } from '../../random/standard-normal.js'
import { COVARIATE_COUNT } from './effect.js'

const CORRELATION = 0.35
const EXTRA_SCALE = Math.sqrt(1.5)
const INNOVATION_SCALE = Math.sqrt(1 - CORRELATION * CORRELATION)

/** Bounds of the uniform distribution of each cut-off; absent where the covariate stays continuous. */
const CUT_OFF_BOUNDS: readonly (readonly [number, number] | undefined)[] = [
  undefined,
  [0, 0],
  undefined,
  [-1, 1],
  undefined,
  [0, 1],
  undefined,
  [-1, 0],
]

export const covariateNames: readonly string[] = Array.from({ length: COVARIATE_COUNT }, (_, index) => `x${index + 1}`)
export const isBinaryCovariate = (index: number): boolean => CUT_OFF_BOUNDS[index] !== undefined

/** `[covariate]`, drawn once per data set and shared by all its trials; NaN where the covariate stays continuous. */
export function drawCutOffs(stream: Stream): Float64Array {
  return Float64Array.from(CUT_OFF_BOUNDS, (bounds) =>
    bounds ? bounds[0] + (bounds[1] - bounds[0]) * stream.uniform() : Number.NaN,
  )
}

/** Covariates of one patient into `out` `[covariate]` from `offset` on. */
export function drawCovariates(stream: Stream, cutOffs: Float64Array, out: Float64Array, offset: number): void {
  let correlated = 0
  for (let index = 0; index < COVARIATE_COUNT; index++) {
    const normal = standardNormal(stream)
    correlated = index === 0 ? normal : CORRELATION * correlated + INNOVATION_SCALE * normal
    const value = correlated + EXTRA_SCALE * standardNormal(stream)
    out[offset + index] = isBinaryCovariate(index) ? Number(value < cutOffs[index]) : value
  }
}

import type { Analysis, Fit, Person, Warning } from './contract/analysis.js'
import type { PoolingMethod } from './contract/pooling-method.js'
import type { TrialEstimate } from './contract/trial.js'
import type { Protocol } from './data/protocol.js'
import type { Fits } from './fits.js'
import { heterogeneitySensitivity, type SensitivityJob } from './heterogeneity-sensitivity.js'
import { shrinkageCautions, siteDrawCautions, siteDrawChecks } from './second-stage-cautions.js'

export interface SecondStageFindings extends Pick<Analysis, 'heterogeneitySensitivity' | 'siteDrawChecks'> {
  readonly warnings: readonly Warning[]
}

export interface PooledCoefficients {
  readonly protocol: Protocol
  readonly method: PoolingMethod
  readonly options: unknown
  readonly estimates: readonly TrialEstimate[]
  readonly reference: Person
  /** With the draws of the model's own parameters. */
  readonly fit: Fit
  readonly settings: SensitivityJob['settings']
}

/** What a reader must know of pooled coefficients besides the coefficients: how much rests on the prior, on shrinkage, on draws that cover little. */
export async function secondStageFindings(fits: Fits, pooled: PooledCoefficients): Promise<SecondStageFindings> {
  const { method, options, estimates, fit } = pooled
  const main = { ...fit, draws: method.pooledDraws(fit.draws) }
  const sensitivity = await heterogeneitySensitivity(fits, { ...pooled, main })
  const ratios =
    method.takesDraws?.(options) && method.siteLogRatios?.(fit.draws, method.condition(estimates, options).data, options)
  const checks =
    ratios &&
    siteDrawChecks(
      estimates.map(({ study }) => study),
      ratios,
    )
  return {
    ...(sensitivity && { heterogeneitySensitivity: sensitivity }),
    ...(checks && { siteDrawChecks: checks }),
    warnings: [
      ...(method.dividesOutPrior?.(options) ? [] : shrinkageCautions(estimates)),
      ...(method.cautions?.(estimates, options) ?? []),
      ...siteDrawCautions(checks || []),
    ],
  }
}

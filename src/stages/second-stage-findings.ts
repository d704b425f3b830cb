import type { Analysis, Fit, Person, SiteDrawCorrection, Warning } from '../contract/analysis.js'
import type { PoolingMethod } from '../contract/pooling-method.js'
import type { TrialEstimate } from '../contract/trial.js'
import type { Protocol } from '../data/protocol.js'
import type { Draws } from '../draws/draws.js'
import { PooliteError } from '../errors/poolite-error.js'
import type { Fits } from '../fitting/fits.js'
import { priorDraws } from '../fitting/prior-draws.js'
import { heterogeneitySensitivity, type SensitivityJob } from './heterogeneity-sensitivity.js'
import { correctionCautions, shrinkageCautions, siteDrawCautions, siteDrawChecks } from './second-stage-cautions.js'

export interface SecondStageFindings
  extends Pick<Analysis, 'heterogeneitySensitivity' | 'siteDrawChecks' | 'siteDrawCorrection' | 'pooledPrior'> {
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
  /** As pooled. */
  readonly draws: Draws
  readonly correction?: SiteDrawCorrection
  readonly settings: SensitivityJob['settings']
}

/** What a reader must know of pooled coefficients besides the coefficients: how much rests on the prior, on shrinkage, on draws that cover little. */
export async function secondStageFindings(fits: Fits, pooled: PooledCoefficients): Promise<SecondStageFindings> {
  const { method, options, estimates, fit, correction } = pooled
  const main = { ...fit, draws: pooled.draws }
  const sensitivity = await heterogeneitySensitivity(fits, { ...pooled, main })
  const ratios =
    method.takesDraws?.(options) && method.siteLogRatios?.(fit.draws, method.condition(estimates, options).data, options)
  const checks =
    ratios &&
    siteDrawChecks(
      estimates.map(({ study }) => study),
      ratios,
    )
  const pooledPrior = priorOf(pooled)
  return {
    ...(pooledPrior && { pooledPrior }),
    ...(sensitivity && { heterogeneitySensitivity: sensitivity }),
    ...(checks && { siteDrawChecks: checks }),
    ...(correction && { siteDrawCorrection: correction }),
    warnings: [
      ...(method.dividesOutPrior?.(options) ? [] : shrinkageCautions(estimates)),
      ...(method.cautions?.(estimates, options) ?? []),
      ...siteDrawCautions(checks || []),
      ...correctionCautions(correction),
    ],
  }
}

/** Of the variables that pooling names, as far as they are parameters. */
function priorOf({ method, options, estimates, protocol }: PooledCoefficients): Draws | undefined {
  try {
    const { model, data } = method.condition(estimates, options)
    const prior = priorDraws(model, data, { seed: protocol.inference.seed })
    const variables = prior.variables.filter(({ name }) => name === 'mu' || name === 'tau')
    return variables.length > 0 ? { ...prior, variables } : undefined
  } catch (error) {
    if (error instanceof PooliteError) return undefined
    throw error
  }
}

import type { Fit, HeterogeneityAlternative, Person } from '../contract/analysis.js'
import type { PoolingMethod } from '../contract/pooling-method.js'
import type { TrialEstimate } from '../contract/trial.js'
import { designColumns } from '../data/design-columns.js'
import type { Protocol } from '../data/protocol.js'
import type { Draws } from '../draws/draws.js'
import { heterogeneityDraws } from '../effects/heterogeneity-draws.js'
import { personContrast } from '../effects/person-contrast.js'
import { protocolEffects } from '../effects/protocol-effects.js'
import { selectQuantiles } from '../effects/select-quantiles.js'
import type { Fits, FitsContext } from '../fitting/fits.js'
import { conditionOnBestEngine } from '../language/condition-on-best-engine.js'
import { pooledDrawsOf, poolingKey } from './pooled-draws.js'

export interface SensitivityJob {
  readonly protocol: Protocol
  readonly method: PoolingMethod
  readonly options: unknown
  readonly estimates: readonly TrialEstimate[]
  /** Whose effect is compared. */
  readonly reference: Person
  /** Of the second stage, with its draws as pooled. */
  readonly main: Fit
  readonly settings: Omit<FitsContext, 'purpose' | 'onProgress'>
}

/**
 * The effect for the reference patient under the prior of the heterogeneity that was used and under others, each fitted anew: with few trials the prior counts
 * (METHOD 6.9; Roever et al. 2021, 10.1002/jrsm.1475). Nothing for a method that has no such prior. A refit is saved and resumed like any fit.
 */
export async function heterogeneitySensitivity(fits: Fits, job: SensitivityJob): Promise<HeterogeneityAlternative[] | undefined> {
  const { method, options, estimates, settings, main } = job
  const alternatives = method.alternatives?.(options)
  if (!alternatives) return undefined
  const [used, ...others] = alternatives
  const rows = [alternative(job, used.label, main.draws, main.diagnosis.status, true)]
  for (const [index, other] of others.entries()) {
    const { model, data } = method.condition(estimates, other.options)
    const purpose = `second-stage-alternative-${index + 1}`
    const fit = await fits.run(
      await conditionOnBestEngine(model, data, { known: fits.known }),
      `pooling-alternative-${index + 1}`,
      {
        ...settings,
        purpose,
      },
    )
    const { draws } = pooledDrawsOf(method, other.options, estimates, fit.draws, poolingKey(job.protocol, purpose))
    rows.push(alternative(job, other.label, draws, fit.diagnosis.status, false))
  }
  return rows
}

function alternative(
  { protocol, reference }: SensitivityJob,
  label: string,
  draws: Draws,
  diagnosis: HeterogeneityAlternative['diagnosis'],
  isMain: boolean,
): HeterogeneityAlternative {
  const [{ effects }] = protocolEffects(protocol, draws, [reference], () => [{ target: 'average' }, { target: 'new-setting' }])
  const contrast = personContrast(reference.covariates, designColumns(protocol), protocol.covariates)
  const scaled = contrast.map((element) => element * protocol.outcome.scale)
  const [lower, median, upper] = selectQuantiles(heterogeneityDraws(draws, scaled), [0.025, 0.5, 0.975])
  return { label, isMain, effects, heterogeneity: { median, lower, upper }, diagnosis }
}

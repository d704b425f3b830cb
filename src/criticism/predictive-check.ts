import { type EcdfTest, ecdfTest } from '../../diagnostics/predictive/calibration/ecdf-test.js'
import { looPit } from '../../diagnostics/predictive/loo-pit.js'
import { type PredictiveRow, predictiveTable } from '../../diagnostics/predictive/predictive-table.js'
import type { TestQuantity } from '../../diagnostics/predictive/test-quantities.js'
import type { Prior } from '../contract/distribution.js'
import type { Model } from '../contract/model.js'
import type { Draws } from '../draws/draws.js'
import { variable } from '../draws/variable.js'
import { UsageError } from '../errors/usage-error.js'
import { priorDraws } from '../fitting/prior-draws.js'
import { stream } from '../random/stream.js'
import { logLikelihoodDraws, requireUnweighted } from './leave-one-out.js'
import { predictiveDraws } from './predictive-draws.js'

export interface PredictiveCheckSettings {
  readonly seed: number
  /** Draws from the posterior; without them 1000 draws from the prior are used. */
  readonly draws?: Draws
  /** Laid out as `simulate` lays out its replicates; by default the model's `outcome` of the data. */
  readonly observed?: Float64Array
  /** By name; mean, standard deviation, extremes and skewness by default. */
  readonly quantities?: Readonly<Record<string, TestQuantity>>
}

export interface PredictiveCheck {
  readonly kind: 'prior' | 'posterior'
  readonly rows: readonly PredictiveRow[]
  /** `outcome` `[chain, draw, observation]` */
  readonly replicated: Draws
  /**
   * Of the posterior, where every observation is one number: leave-one-out probability transforms, and whether they look uniform.
   */
  readonly looPit?: { readonly values: Float64Array; readonly uniformity: EcdfTest }
}

/** Equal parts of the unit interval into which transforms are sorted to judge them. */
const parts = 64

/**
 * Compares the observed outcome with outcomes that the model replicates, from the prior or from the posterior: by test quantities
 * with tail probabilities, and for the posterior by leave-one-out probability integral transforms, which do not use an
 * observation twice.
 * @throws UsageError when the model cannot simulate, an improper prior cannot be drawn from, or the observed outcome is not known
 * or of another length.
 */
export function predictiveCheck<Data, Parameters extends Record<string, Prior>>(
  model: Model<Data, Parameters>,
  data: Data,
  { seed, draws, observed = model.outcome?.(data), quantities }: PredictiveCheckSettings,
): PredictiveCheck {
  if (!observed)
    throw new UsageError({
      problem: `model "${model.name}" does not say what in its data is the outcome`,
      reason: 'a predictive check compares the observed outcome with replicated ones',
      remedy: 'Add outcome(data) to the model, or give `observed`.',
    })
  if (draws) requireUnweighted(draws)
  const replicated = predictiveDraws(model, data, draws ?? priorDraws(model, data, { seed }), { seed })
  const { values, dimensions } = variable(replicated, 'outcome')
  if (dimensions[0].labels.length !== observed.length)
    throw new UsageError({
      problem: `the observed outcome has ${observed.length} values and a replicated one ${dimensions[0].labels.length}`,
      remedy: 'Lay the observed outcome out as simulate does.',
    })
  const rows = predictiveTable(observed, values, quantities)
  if (!draws) return { kind: 'prior', rows, replicated }
  const logLikelihood = logLikelihoodDraws(model, data, draws)
  if (logLikelihood.observationCount !== observed.length) return { kind: 'posterior', rows, replicated }
  const transforms = looPit(stream(seed, 'loo-pit', model.name), observed, values, logLikelihood)
  return { kind: 'posterior', rows, replicated, looPit: { values: transforms, uniformity: uniformityOf(transforms) } }
}

/** As if the transforms were independent, which they are but for the posterior that they share. NaN transforms count as 1. */
function uniformityOf(transforms: Float64Array): EcdfTest {
  const ranks = Array.from(transforms, (value) => (value < 1 ? Math.floor(value * parts) : parts - 1))
  return ecdfTest(ranks, parts - 1)
}

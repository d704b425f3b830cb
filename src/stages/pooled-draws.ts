import { paretoKCutOff } from '../../diagnostics/convergence/cut-offs.js'
import { paretoSmooth } from '../../diagnostics/predictive/pareto-smooth.js'
import type { SiteDrawCorrection } from '../contract/analysis.js'
import type { PoolingMethod, SiteCorrection } from '../contract/pooling-method.js'
import type { TrialEstimate } from '../contract/trial.js'
import type { Protocol } from '../data/protocol.js'
import { type Draws, elementCount, type Variable } from '../draws/draws.js'
import { valuesOfDraw } from '../draws/values-of-draw.js'
import { chainStream, type StreamKey } from '../fitting/chain-task.js'
import { resampleSystematically } from '../inference/approximation/resample.js'

export interface PooledDraws {
  readonly draws: Draws
  readonly correction?: SiteDrawCorrection
}

/** Purpose of the streams of the second stage. */
export const SECOND_STAGE = 'second-stage'

export function poolingKey({ inference }: Protocol, purpose: string): StreamKey {
  return { seed: inference.seed, purpose, study: '' }
}

/** Sampled draws that are weighed before all are, which takes long where there are many coefficients. */
const FIRST_LOOK = 400
/** From here on weights have no mean, whatever the error of a k-hat from the first look. */
const HOPELESS = 1
/** Standard deviation of a log weight from the finite number of the trials' draws, from which on that number and not the trials decides. Arbitrary. */
const LARGEST_ERROR = 0.5

/**
 * Draws of a sampled second stage as the variables that `PoolingMethod` names. Where trials' draws were pooled and smoothed for the sampler, these are carried over to
 * the draws as they are by Pareto-smoothed importance resampling; where k-hat or the number of the trials' draws does not allow it they stay as sampled, and
 * the correction says why.
 * @param key of the fit, for the streams of the resampling
 */
export function pooledDrawsOf(
  method: PoolingMethod,
  options: unknown,
  estimates: readonly TrialEstimate[],
  sampled: Draws,
  key: StreamKey,
): PooledDraws {
  const correct = method.siteCorrection?.(estimates, options)
  if (!correct) return { draws: method.pooledDraws(sampled) }
  const total = sampled.chainCount * sampled.drawCount
  const first = weighed(sampled, correct, Math.min(FIRST_LOOK, total), key)
  const isHopeless = first.correction.paretoK > HOPELESS || first.correction.logWeightError > 2 * LARGEST_ERROR
  const { logWeights, variables, correction } = isHopeless ? first : weighed(sampled, correct, total, key)
  if (correction.outcome !== 'corrected') return { draws: method.pooledDraws(sampled), correction }
  const rows = resampleSystematically(chainStream(key, 'correction', 0), logWeights, total)
  return { draws: method.pooledDraws(takeDraws({ ...sampled, variables }, rows)), correction }
}

/** Weighs `count` draws, evenly spaced. The variables of all draws, anew in those that were weighed. */
function weighed(sampled: Draws, correct: SiteCorrection, count: number, key: StreamKey) {
  const total = sampled.chainCount * sampled.drawCount
  const stream = chainStream(key, 'correction', 1)
  const logRatios = new Float64Array(count)
  let variance = 0
  const variables = sampled.variables.map(
    ({ name, dimensions, values }): Variable => ({ name, dimensions, values: values.slice() }),
  )
  const fresh = { ...sampled, variables }
  for (let index = 0; index < count; index++) {
    const values = valuesOfDraw(fresh, Math.floor(((index + 0.5) * total) / count))
    const found = correct(stream, values)
    logRatios[index] = found.logRatio
    variance += found.variance / count
    for (const [name, drawn] of Object.entries(found.variables)) values[name].set(drawn)
  }
  const { k, effectiveSampleSize, logWeights } = paretoSmooth(logRatios)
  const logWeightError = Math.sqrt(variance)
  const outcome = verdict(k, logWeightError, count)
  const correction: SiteDrawCorrection = {
    outcome,
    paretoK: k,
    effectiveDrawCount: effectiveSampleSize,
    drawCount: count,
    logWeightError,
  }
  return { logWeights, variables, correction }
}

function verdict(paretoK: number, logWeightError: number, count: number): SiteDrawCorrection['outcome'] {
  if (!(logWeightError < LARGEST_ERROR)) return 'too-few-draws'
  return paretoK < paretoKCutOff(count) ? 'corrected' : 'unreliable-weights'
}

function takeDraws(draws: Draws, rows: Int32Array): Draws {
  const variables = draws.variables.map((variable): Variable => {
    const size = elementCount(variable)
    const values = new Float64Array(rows.length * size)
    rows.forEach((row, at) => {
      values.set(variable.values.subarray(row * size, (row + 1) * size), at * size)
    })
    return { name: variable.name, dimensions: variable.dimensions, values }
  })
  return { ...draws, variables }
}

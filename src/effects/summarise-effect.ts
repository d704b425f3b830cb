import { mcseMean } from '../../diagnostics/convergence/mcse-mean.js'
import type { EffectSummary, Target } from '../contract/analysis.js'
import { selectQuantiles } from './select-quantiles.js'

export interface EffectSummaryOptions {
  readonly target: Target
  /** For `existing-trial`. */
  readonly study?: string
  readonly chainCount: number
  /** Which sign of the effect is good for the patient. */
  readonly better: 'higher' | 'lower'
  /** In units of the draws, not negative. */
  readonly smallestImportantEffect: number
}

/**
 * Mean, SD, median and central 95% interval (type 7 quantiles of Hyndman and Fan 1996, doi 10.1080/00031305.1996.10473566) of one effect,
 * its Monte Carlo standard error, and the shares of draws that are a benefit and an important benefit. Draws that are not finite give NaN.
 *
 * @param draws `[chain, draw]`, in units of the outcome.
 */
export function summariseEffect(draws: Float64Array, options: EffectSummaryOptions): EffectSummary {
  const { target, study, chainCount, better, smallestImportantEffect } = options
  const { mean, sd } = moments(draws)
  const named = study === undefined ? { target } : { target, study }
  if (!Number.isFinite(sd)) return { ...named, ...undefinedSummary, mean, sd }
  const [lower, median, upper] = selectQuantiles(draws.slice(), [0.025, 0.5, 0.975])
  return {
    ...named,
    mean,
    median,
    sd,
    lower,
    upper,
    probabilityBenefit: shareBeyond(draws, 0, better),
    probabilityImportant: shareBeyond(draws, smallestImportantEffect, better),
    mcse: mcseMean(splitChains(draws, chainCount)),
  }
}

const undefinedSummary = {
  median: Number.NaN,
  lower: Number.NaN,
  upper: Number.NaN,
  probabilityBenefit: Number.NaN,
  probabilityImportant: Number.NaN,
  mcse: Number.NaN,
}

function moments(draws: Float64Array): { mean: number; sd: number } {
  let sum = 0
  for (let draw = 0; draw < draws.length; draw++) sum += draws[draw]
  const mean = sum / draws.length
  let squares = 0
  for (let draw = 0; draw < draws.length; draw++) squares += (draws[draw] - mean) ** 2
  return { mean, sd: Math.sqrt(squares / (draws.length - 1)) }
}

/** Share of the draws strictly beyond the threshold in the good direction. */
function shareBeyond(draws: Float64Array, threshold: number, better: 'higher' | 'lower'): number {
  const sign = better === 'higher' ? 1 : -1
  let count = 0
  for (let draw = 0; draw < draws.length; draw++) if (sign * draws[draw] > threshold) count++
  return count / draws.length
}

function splitChains(draws: Float64Array, chainCount: number): Float64Array[] {
  const drawCount = draws.length / chainCount
  return Array.from({ length: chainCount }, (_, chain) => draws.subarray(chain * drawCount, (chain + 1) * drawCount))
}

import type { EffectPooling } from '../contract/pooling-method.js'
import { drawGamma } from '../random/gamma.js'
import { standardNormal } from '../random/standard-normal.js'

/** Random numbers of all draws, the same for all people. */
export interface CombinationNumbers {
  /** Of draws. */
  readonly count: number
  /** Uniform: for tau of the two parts, `[draw, 2]`. */
  readonly heterogeneity: Float64Array
  /** Standard normal, `[draw]`. */
  readonly average: Float64Array
  readonly newSetting: Float64Array
  /** Standard normal, `[draw, trial]`. */
  readonly trials: Float64Array
  /** Uniform: which draw of each trial, for the average and for the trial itself, `[draw, trial]`; empty where posteriors count as normal. */
  readonly site: Float64Array
  readonly siteAgain: Float64Array
  /** Uniform: which trial a draw of a mixture comes from, for the two parts, `[draw, 2]`. */
  readonly component: Float64Array
  /**
   * What turns normal into Student-t deviations with trials - 1 degrees of freedom for the average, trials - 2 for a new setting, where the heterogeneity is
   * estimated (Higgins, Thompson and Spiegelhalter 2009, 10.1111/j.1467-985X.2008.00552.x); at least 1 degree. 1 elsewhere. `[draw]`
   */
  readonly averageStretch: Float64Array
  readonly newStretch: Float64Array
}

/**
 * @param isEstimated tau is an estimate, and deviations have Student's t distribution
 * @param usesDraws posteriors of trials are the draws that they are
 */
export function combinationNumbers(
  { chainCount, drawCount, streamFor }: EffectPooling,
  trialCount: number,
  isEstimated: boolean,
  usesDraws: boolean,
): CombinationNumbers {
  const count = chainCount * drawCount
  const perDraw = (width: number) => new Float64Array(count * width)
  const siteWidth = usesDraws ? trialCount : 0
  const numbers = {
    count,
    heterogeneity: perDraw(2),
    average: perDraw(1),
    newSetting: perDraw(1),
    trials: perDraw(trialCount),
    site: perDraw(siteWidth),
    siteAgain: perDraw(siteWidth),
    component: perDraw(2),
    averageStretch: perDraw(1).fill(1),
    newStretch: perDraw(1).fill(1),
  }
  for (let chain = 0; chain < chainCount; chain++) {
    const source = streamFor(chain)
    for (let draw = chain * drawCount; draw < (chain + 1) * drawCount; draw++) {
      for (let part = 0; part < 2; part++) {
        numbers.heterogeneity[2 * draw + part] = source.uniform()
        if (usesDraws) numbers.component[2 * draw + part] = source.uniform()
      }
      numbers.average[draw] = standardNormal(source)
      numbers.newSetting[draw] = standardNormal(source)
      for (let trial = 0; trial < trialCount; trial++) {
        numbers.trials[draw * trialCount + trial] = standardNormal(source)
        if (!usesDraws) continue
        numbers.site[draw * trialCount + trial] = source.uniform()
        numbers.siteAgain[draw * trialCount + trial] = source.uniform()
      }
      if (!isEstimated) continue
      const stretchOf = (degrees: number) => Math.sqrt(degrees / (2 * drawGamma(source, degrees / 2)))
      numbers.averageStretch[draw] = stretchOf(Math.max(1, trialCount - 1))
      numbers.newStretch[draw] = stretchOf(Math.max(1, trialCount - 2))
    }
  }
  return numbers
}

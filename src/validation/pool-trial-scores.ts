import type { Estimate } from './held-out-trial.js'
import { isCovered } from './interval-calibration.js'
import { poolGains } from './pool-gains.js'
import { poolScores } from './pool-scores.js'
import type { TrialScores } from './trial-scores.js'
import type { PooledScores } from './validation.js'

/** Random-effects meta-analyses of the scores of one candidate over held-out trials. */
export function poolTrialScores(trials: readonly TrialScores[]): PooledScores {
  const pool = (score: (trial: TrialScores) => Estimate) => poolScores(trials.map(score))
  // Where a rule changes nothing for anybody, its value has no error of its own.
  const poolValues = (score: (trial: TrialScores) => Estimate) =>
    poolGains(trials.map((trial) => ({ ...score(trial), information: trial.gain.information })))
  return {
    gain: poolGains(trials.map(({ gain }) => gain)),
    meanBias: pool(({ meanBias }) => meanBias),
    calibrationIntercept: pool(({ calibration }) => calibration.intercept),
    calibrationSlope: pool(({ calibration }) => calibration.slope),
    autoc: pool(({ targeting }) => targeting.autoc),
    overNone: poolValues(({ decision }) => decision.overNone),
    overAll: poolValues(({ decision }) => decision.overAll),
    agreement: pool(({ decision }) => decision.agreement),
    concordance: mean(trials.map(({ concordance }) => concordance)),
    dispersion: mean(trials.map(({ dispersion }) => dispersion)),
    coverage: mean(trials.map(({ place }) => (isCovered(place) ? 1 : 0))),
  }
}

function mean(values: readonly number[]): number {
  const finite = values.filter(Number.isFinite)
  return finite.reduce((sum, value) => sum + value, 0) / finite.length
}

/** One scaling for all trials of a simulated data set, as a protocol would fix it: continuous covariates and the outcome by mean and standard deviation over the training patients. */
import type { DesignColumn, TrialDesign } from '../contract/trial.js'
import type { SimulatedData, SimulatedTrial } from '../simulation/scenario-family.js'
import { trialDesign } from '../simulation/trial-design.js'

export interface ScaledData {
  readonly trials: readonly TrialDesign[]
  readonly columns: readonly DesignColumn[]
  /** Units of the outcome for one of the analysis scale. */
  readonly outcomeScale: number
  /** Scaled modifiers of the first patients of a trial, all covariates, `[person, modifier]`. */
  modifiers(trial: SimulatedTrial, count: number): Float64Array
}

export function scaleData({ trainingTrials, covariateNames }: SimulatedData): ScaledData {
  const size = covariateNames.length
  const columns = covariateNames.map((name, k): DesignColumn => {
    const values = trainingTrials.flatMap((trial) =>
      trial.unmeasured?.includes(k) ? [] : [...trial.covariates.filter((_, at) => at % size === k)],
    )
    const isBinary = values.every((value) => value === 0 || value === 1)
    const { mean, deviation } = momentsOf(values)
    const scaling = isBinary || !(deviation > 0) ? { centre: 0, scale: 1 } : { centre: mean, scale: deviation }
    return { name, covariate: name, ...scaling, isPrognostic: true, isModifier: true }
  })
  const { mean, deviation } = momentsOf(trainingTrials.flatMap(({ outcome }) => [...outcome]))
  return {
    columns,
    outcomeScale: deviation,
    trials: trainingTrials.map((trial) =>
      trialDesign({ ...trial, outcome: trial.outcome.map((value) => (value - mean) / deviation) }, columns),
    ),
    modifiers: ({ covariates }, count) =>
      covariates.subarray(0, count * size).map((value, at) => (value - columns[at % size].centre) / columns[at % size].scale),
  }
}

function momentsOf(values: readonly number[]): { mean: number; deviation: number } {
  let [mean, squares] = [0, 0]
  values.forEach((value, index) => {
    const change = value - mean
    mean += change / (index + 1)
    squares += change * (value - mean)
  })
  return { mean, deviation: Math.sqrt(squares / (values.length - 1)) }
}

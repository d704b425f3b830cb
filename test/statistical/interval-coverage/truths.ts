/** Trials whose effects are known: continuous and binary covariates with mean 0 and standard deviation 1, independent, all modifiers. */
import type { DesignColumn, TrialDesign } from '../../../src/contract/trial.js'
import { drawNormal } from '../../../src/random/normal.js'
import { stream } from '../../../src/random/stream.js'

export interface Truth {
  readonly prognosis: (x: Float64Array) => number
  readonly effect: (x: Float64Array) => number
}

/** What a trial may be like; outcomes have standard deviations near 1, residual ones are 0.6. */
export const truths: Readonly<Record<string, Truth>> = {
  linear: {
    prognosis: (x) => 0.5 * x[0] - 0.3 * x[1] + 0.2 * x[x.length - 1],
    effect: (x) => 0.3 + 0.3 * x[0] - 0.2 * x[x.length - 1],
  },
  curved: {
    prognosis: (x) => 0.5 * Math.abs(x[0]) + 0.3 * x[1] * x[2] + 0.3 * x[x.length - 1],
    effect: (x) => 0.3 + 0.5 * Math.sin(1.5 * x[0]) + 0.3 * x[1] * x[x.length - 1],
  },
  constant: { prognosis: (x) => 0.5 * Math.abs(x[0]) + 0.4 * x[1], effect: () => 0.4 },
  none: { prognosis: (x) => 0.6 * x[0], effect: () => 0 },
}

export const RESIDUAL = 0.6

export interface SimulatedTrial {
  readonly truth: string
  readonly trial: TrialDesign
  /** Of the patients of the trial, `[patient]`. */
  readonly effects: Float64Array
}

export interface TrialSize {
  readonly patientCount: number
  /** The last third are binary. */
  readonly covariateCount: number
}

/** The replicate-th data set; truths take turns. The same for every model. */
export function simulatedTrial(seed: number, replicate: number, { patientCount, covariateCount }: TrialSize): SimulatedTrial {
  const names = Object.keys(truths)
  const truth = names[replicate % names.length]
  const source = stream(seed, 'interval coverage', truth, replicate)
  const firstBinary = covariateCount - Math.floor(covariateCount / 3)
  const covariates = Float64Array.from({ length: patientCount * covariateCount }, (_, at) => {
    const value = drawNormal(source, 0, 1)
    return at % covariateCount < firstBinary ? value : Math.sign(value)
  })
  const treatment = Float64Array.from({ length: patientCount }, () => (source.uniform() < 0.5 ? 1 : 0))
  const rowOf = (patient: number) => covariates.subarray(patient * covariateCount, (patient + 1) * covariateCount)
  const effects = treatment.map((_, patient) => truths[truth].effect(rowOf(patient)))
  const outcome = treatment.map(
    (arm, patient) => truths[truth].prognosis(rowOf(patient)) + arm * effects[patient] + drawNormal(source, 0, RESIDUAL),
  )
  const columns = Array.from({ length: covariateCount }, (_, index) => column(`x${index + 1}`))
  const patientIds = Array.from(treatment, (_, patient) => `${patient + 1}`)
  return { truth, effects, trial: { study: `trial ${replicate + 1}`, columns, outcome, treatment, covariates, patientIds } }
}

const column = (name: string): DesignColumn => ({
  name,
  covariate: name,
  centre: 0,
  scale: 1,
  isPrognostic: true,
  isModifier: true,
})

/** A trial with what a regression needs whose coefficients are integrated out. */
import type { NumericArray } from '../../../src/contract/model.js'
import type { TrialDesign } from '../../../src/contract/trial.js'
import { type EffectData, effectData } from './effect-data.js'
import { requireVariedOutcome } from './trial-cautions.js'

export interface RegressionData extends EffectData {
  /** 1, covariates, centred treatment r, r times modifiers, outcome: `[patient, fixed + 1]`. */
  readonly fixed: NumericArray
  /** Their products, `[fixed + 1, fixed + 1]`. */
  readonly crossProducts: NumericArray
}

/** @throws DataError as `effectData`, and when the outcome is constant. */
export function regressionData(trial: TrialDesign, allocation: number | 'observed'): RegressionData {
  requireVariedOutcome(trial)
  return withCrossProducts(effectData(trial, allocation))
}

/** After a change of outcome, for instance. */
export function withCrossProducts(data: EffectData): RegressionData {
  const { outcome, centredTreatment, covariates, modifiers, patientCount } = data
  const rows = Array.from({ length: patientCount }, (_, patient) => {
    const [treatment, own] = [centredTreatment[patient], rowOf(modifiers, patient)]
    return [1, ...rowOf(covariates, patient), treatment, ...own.map((value) => treatment * value), outcome[patient]]
  })
  const width = rows[0].length
  const products = new Float64Array(width * width)
  for (const row of rows)
    for (let i = 0; i < width; i++) for (let j = 0; j < width; j++) products[i * width + j] += row[i] * row[j]
  return {
    ...data,
    fixed: { values: Float64Array.from(rows.flat()), shape: [patientCount, width] },
    crossProducts: { values: products, shape: [width, width] },
  }
}

const rowOf = ({ values, shape }: NumericArray, row: number) => values.subarray(row * shape[1], (row + 1) * shape[1])

/** A trial as models of a prognostic and a treatment part see it. */
import type { NumericArray } from '../../../src/contract/model.js'
import type { DesignColumn, TrialDesign } from '../../../src/contract/trial.js'
import type { Dimension } from '../../../src/draws/draws.js'
import { DataError } from '../../../src/errors/data-error.js'

export interface EffectData {
  /** `[patient]` */
  readonly outcome: Float64Array
  /** Treatment minus the share allocated to it, `[patient]`. */
  readonly centredTreatment: Float64Array
  /** What a treated and a control patient have in `centredTreatment`. */
  readonly treated: number
  readonly control: number
  /** `[patient, covariate]` */
  readonly covariates: NumericArray
  /** `[patient, modifier]` */
  readonly modifiers: NumericArray
  /** Modifiers, then centred treatment, `[patient, input]`. */
  readonly modifiersAndTreatment: NumericArray
  readonly covariate: Dimension
  readonly modifier: Dimension
  readonly patientCount: number
}

/**
 * @param allocation share of patients allocated to treatment, or `observed` for the trial's own
 * @throws DataError when one arm has no patients.
 */
export function effectData(trial: TrialDesign, allocation: number | 'observed'): EffectData {
  requireTwoArms(trial)
  const { outcome, treatment } = trial
  const share = allocation === 'observed' ? treatment.reduce((sum, arm) => sum + arm, 0) / treatment.length : allocation
  const centredTreatment = treatment.map((arm) => arm - share)
  const prognostic = columnsOf(trial, ({ isPrognostic }) => isPrognostic)
  const modifiers = columnsOf(trial, ({ isModifier }) => isModifier)
  return {
    outcome,
    centredTreatment,
    treated: 1 - share,
    control: -share,
    covariates: prognostic.rows,
    modifiers: modifiers.rows,
    modifiersAndTreatment: withTreatment(modifiers.rows, centredTreatment),
    covariate: { name: 'covariate', labels: prognostic.labels },
    modifier: { name: 'modifier', labels: modifiers.labels },
    patientCount: outcome.length,
  }
}

function columnsOf({ columns, covariates, outcome }: TrialDesign, isWanted: (column: DesignColumn) => boolean) {
  const wanted = columns.flatMap((column, index) => (isWanted(column) ? [index] : []))
  const values = new Float64Array(outcome.length * wanted.length)
  for (let patient = 0; patient < outcome.length; patient++)
    wanted.forEach((column, index) => {
      values[patient * wanted.length + index] = covariates[patient * columns.length + column]
    })
  const rows: NumericArray = { values, shape: [outcome.length, wanted.length] }
  return { rows, labels: wanted.map((index) => columns[index].name) }
}

function withTreatment({ values, shape }: NumericArray, treatment: Float64Array): NumericArray {
  return { values: appendColumn(values, shape[1], (patient) => treatment[patient], shape[0]), shape: [shape[0], shape[1] + 1] }
}

/**
 * Rows with one more number at the end of each.
 * @param rows `[row, width]`
 */
export function appendColumn(
  rows: Float64Array,
  width: number,
  valueAt: (row: number) => number,
  rowCount: number,
): Float64Array {
  const longer = new Float64Array(rowCount * (width + 1))
  for (let row = 0; row < rowCount; row++) {
    longer.set(rows.subarray(row * width, (row + 1) * width), row * (width + 1))
    longer[row * (width + 1) + width] = valueAt(row)
  }
  return longer
}

function requireTwoArms({ study, treatment }: TrialDesign): void {
  const treatedCount = treatment.reduce((sum, arm) => sum + arm, 0)
  if (treatedCount > 0 && treatedCount < treatment.length) return
  throw new DataError({
    problem: `trial "${study}" has patients in one arm only`,
    reason: 'an effect of treatment is a comparison of two arms',
    remedy: 'Leave the trial out of the protocol.',
  })
}

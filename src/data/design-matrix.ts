import { Matrix } from 'ml-matrix'
import type { TrialDesign } from '../contract/trial.js'

/** The full linear design of a trial, `[patient, coefficient]` with coefficients as in `coefficientNames`. */
export function designMatrix({ columns, treatment, covariates }: TrialDesign): Matrix {
  const main = columns.flatMap((column, index) => (column.isPrognostic ? [index] : []))
  const modifiers = columns.flatMap((column, index) => (column.isModifier ? [index] : []))
  const rows = Array.from(treatment, (arm, patient) => {
    const value = (index: number) => covariates[patient * columns.length + index]
    return [1, ...main.map(value), arm, ...modifiers.map((index) => arm * value(index))]
  })
  return new Matrix(rows)
}

import type { NumericArray } from '../../../src/contract/model.js'
import type { TrialDesign } from '../../../src/contract/trial.js'
import type { Dimension } from '../../../src/draws/draws.js'
import { ordinaryLeastSquares } from '../../../src/numeric/ordinary-least-squares.js'
import { trialRegressionDesign } from '../../../src/numeric/trial-regression.js'

export interface LinearData {
  readonly outcome: Float64Array
  /** 0 control, 1 treated. `[patient]` */
  readonly treatment: Float64Array
  /** `[patient, coefficient]`: intercept, prognostic, treatment, interactions. */
  readonly design: NumericArray
  readonly patientCount: number
  readonly covariate: Dimension
  readonly modifier: Dimension
  /** Point about which the sum of squares is expanded: the least-squares estimate, or 0 when that is not unique. `[coefficient]` */
  readonly origin: Float64Array
  /** D'D `[coefficient, coefficient]`, D'(y - D origin) `[coefficient]` and |y - D origin|^2. */
  readonly gram: NumericArray
  readonly moment: Float64Array
  readonly sumOfSquares: NumericArray
  /** n once more, a scalar: an array, unlike a number, is an input of a program that serves trials of all sizes. */
  readonly rowCount: NumericArray
}

export function linearData(trial: TrialDesign): LinearData {
  const { values, coefficientCount } = trialRegressionDesign(trial)
  const design = { values, shape: [trial.outcome.length, coefficientCount] }
  const names = (isWanted: (column: TrialDesign['columns'][number]) => boolean) =>
    trial.columns.filter(isWanted).map((column) => column.name)
  return {
    outcome: trial.outcome,
    treatment: trial.treatment,
    design,
    patientCount: trial.outcome.length,
    covariate: { name: 'covariate', labels: names((column) => column.isPrognostic) },
    modifier: { name: 'modifier', labels: names((column) => column.isModifier) },
    ...sufficientStatistics(design, trial.outcome),
  }
}

export function sufficientStatistics(
  design: NumericArray,
  outcome: Float64Array,
): Pick<LinearData, 'origin' | 'gram' | 'moment' | 'sumOfSquares' | 'rowCount'> {
  const [rowCount, size] = design.shape
  const { coefficients } = ordinaryLeastSquares(design.values, outcome)
  const origin = coefficients.every(Number.isFinite) ? coefficients : new Float64Array(size)
  const gram = new Float64Array(size * size)
  const moment = new Float64Array(size)
  let sumOfSquares = 0
  for (let row = 0; row < rowCount; row++) {
    const x = design.values.subarray(row * size, (row + 1) * size)
    let residual = outcome[row]
    for (let column = 0; column < size; column++) residual -= x[column] * origin[column]
    sumOfSquares += residual * residual
    for (let i = 0; i < size; i++) {
      moment[i] += x[i] * residual
      for (let j = 0; j < size; j++) gram[i * size + j] += x[i] * x[j]
    }
  }
  return {
    origin,
    gram: { values: gram, shape: [size, size] },
    moment,
    sumOfSquares: scalar(sumOfSquares),
    rowCount: scalar(rowCount),
  }
}

const scalar = (value: number): NumericArray => ({ values: Float64Array.of(value), shape: [] })

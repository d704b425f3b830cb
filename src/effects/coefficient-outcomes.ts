import type { OutcomePredictor } from '../contract/outcome-predictor.js'
import type { DesignColumn } from '../contract/trial.js'
import type { Draws } from '../draws/draws.js'
import { designParts } from './design-parts.js'

/** Outcomes that are linear in the covariates: alpha + beta' x under control and delta + gamma' z more under treatment, from draws of variables of these names. */
export function coefficientOutcomes(draws: Draws, { columns }: { readonly columns: readonly DesignColumn[] }): OutcomePredictor {
  const [alpha, beta, delta, gamma] = ['alpha', 'beta', 'delta', 'gamma'].map(
    (name) => draws.variables.find((variable) => variable.name === name)?.values ?? new Float64Array(0),
  )
  return {
    predict(people, count) {
      const { covariates, modifiers } = designParts(people, count, columns)
      const control = linearRows(alpha, beta, covariates, count)
      const effects = linearRows(delta, gamma, modifiers, count)
      return { control, treated: control.map((value, at) => value + effects[at]) }
    },
  }
}

/** Whether draws hold the variables that `coefficientOutcomes` takes. */
export const hasLinearOutcome = ({ variables }: Draws): boolean =>
  ['alpha', 'delta', 'sigma'].every((wanted) => variables.some(({ name }) => name === wanted))

/** Constant + slopes' row in every draw, `[draw, row]`. */
function linearRows(constants: Float64Array, slopes: Float64Array, rows: Float64Array, count: number): Float64Array {
  const width = slopes.length / constants.length
  return Float64Array.from({ length: constants.length * count }, (_, at) => {
    const [draw, row] = [Math.floor(at / count), at % count]
    let sum = constants[draw]
    for (let k = 0; k < width; k++) sum += slopes[draw * width + k] * rows[row * width + k]
    return sum
  })
}

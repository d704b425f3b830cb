import { generalisedParetoFit } from './generalised-pareto-fit.js'

/** Shape k of the generalised Pareto distribution that `generalisedParetoFit` gives, with its NaN and Infinity. */
export function generalisedParetoShape(exceedances: Float64Array): number {
  return generalisedParetoFit(exceedances).shape
}

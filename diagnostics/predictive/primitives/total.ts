import { mean, variance } from '../../convergence/primitives/moments.js'

/** A sum over observations, with the standard error that sampling other observations would give. */
export interface Total {
  readonly estimate: number
  readonly standardError: number
}

/** n mean(x) and sqrt(n var(x)); the error is NaN for a single observation. `[observation]` */
export function total(values: Float64Array): Total {
  return { estimate: values.length * mean(values), standardError: Math.sqrt(values.length * variance(values)) }
}

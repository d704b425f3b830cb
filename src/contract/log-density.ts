/**
 * All that inference knows of a model, and all that a model gives to inference: a smooth log density on R^dimension.
 *
 * Contract
 * - `valueAndGradient(position, gradient)` returns the log density at `position` `[dimension]` up to an additive constant that is the
 *   same for every call, and writes its gradient into `gradient` `[dimension]`, both in float64.
 * - The caller owns both arrays; the callee neither keeps nor changes `position`, and allocates nothing.
 * - Outside the support, or where the arithmetic overflows, it returns a value that is not finite (`-Infinity` or `NaN`); the gradient is
 *   then unspecified. Samplers treat it as a divergence. It never throws for a numerical reason.
 * - Same position, same result, bit for bit. One call at a time: instances are not re-entrant.
 */
export interface LogDensity {
  readonly dimension: number
  valueAndGradient(position: Float64Array, gradient: Float64Array): number
}

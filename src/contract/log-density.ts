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

/**
 * A log density that depends on further arrays besides its position: data, case weights, the rows of a minibatch, the noise of variational
 * inference. Gradients are with respect to the position only.
 *
 * Contract
 * - `setInputs` copies the named arrays; inputs that it does not name stay as they are. Until the next call, all of `LogDensity` holds.
 * - Setting may cost as much as an evaluation: what depends on the inputs alone is computed then, and not at every evaluation.
 */
export interface LogDensityWithInputs extends LogDensity {
  readonly inputs: readonly { readonly name: string; readonly shape: readonly number[] }[]
  /**
   * @param values row-major, by name
   * @throws UsageError for a name that is not among `inputs`, or values that do not fill its shape; nothing is set then
   */
  setInputs(values: Readonly<Record<string, Float64Array>>): void
}

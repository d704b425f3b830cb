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
  /** Where the log density is a WebAssembly program: a copy of it, with the inputs that it has now, joined to another module. */
  readonly join?: (guest: GuestModule) => JoinedModule
}

/** A WebAssembly module that imports from `env` the memory, `run` and the functions named here. */
export interface GuestModule {
  /** The same array every time: it is compiled once. */
  readonly bytes: Uint8Array
  readonly functions: Readonly<Record<string, (...values: never[]) => unknown>>
  /** Elements of memory that it needs for itself. */
  readonly elementCount: number
}

/**
 * A copy of a compiled log density and its guest in one memory, all zero where it is the guest's. The guest writes a position to the first
 * elements of memory, calls `run`, and finds the log density and its gradient in pieces. Offsets and sizes are in elements.
 */
export interface JoinedModule {
  readonly memory: Float64Array
  /** Of the guest's own elements; even. */
  readonly guestOffset: number
  readonly valueOffset: number
  /** `target` is the place in the gradient. */
  readonly gradients: readonly { readonly offset: number; readonly size: number; readonly target: number }[]
  readonly exports: Readonly<Record<string, unknown>>
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

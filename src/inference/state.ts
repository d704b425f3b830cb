import type { LogDensity } from '../contract/log-density.js'

/** Where a gradient-based chain is; a value that nobody changes. */
export interface GradientState {
  /** `[dimension]` */
  readonly position: Float64Array
  readonly logDensity: number
  /** Gradient of the log density at `position`, `[dimension]`. */
  readonly gradient: Float64Array
}

/** The state at a position; it owns a copy. */
export function evaluate(position: Float64Array, logDensity: LogDensity): GradientState {
  const copy = position.slice()
  const gradient = new Float64Array(position.length)
  return { position: copy, logDensity: logDensity.valueAndGradient(copy, gradient), gradient }
}

/** A copy of a state in arrays that lie side by side, which costs one allocation less. */
export function copyState({ position, logDensity, gradient }: GradientState): GradientState {
  const dimension = position.length
  const buffer = new ArrayBuffer(2 * dimension * Float64Array.BYTES_PER_ELEMENT)
  const copy = new Float64Array(buffer, 0, dimension)
  const gradientCopy = new Float64Array(buffer, dimension * Float64Array.BYTES_PER_ELEMENT, dimension)
  copy.set(position)
  gradientCopy.set(gradient)
  return { position: copy, logDensity, gradient: gradientCopy }
}

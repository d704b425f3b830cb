import type { LogDensity } from '../../src/contract/log-density.js'

const STEP = 1e-5

/**
 * Largest difference between the gradient and central differences of the value, over 1 + the size of the component. About step^2 times a third
 * derivative of order one, and rounding / step: below 1e-7 for log densities of moderate size.
 */
export function gradientError(logDensity: LogDensity, position: Float64Array): number {
  const gradient = new Float64Array(position.length)
  logDensity.valueAndGradient(position, gradient)
  const ignored = new Float64Array(position.length)
  const at = (i: number, step: number): number =>
    logDensity.valueAndGradient(
      position.map((value, j) => (i === j ? value + step : value)),
      ignored,
    )
  return gradient.reduce((most, component, i) => {
    const difference = (at(i, STEP) - at(i, -STEP)) / (2 * STEP)
    return Math.max(most, Math.abs(component - difference) / (1 + Math.abs(component)))
  }, 0)
}

export const GRADIENT_TOLERANCE = 1e-7

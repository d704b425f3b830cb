import type { LogDensity } from '../../../../src/contract/log-density.js'
import type { Stream } from '../../../../src/contract/stream.js'
import { logDeterminantPositiveDefinite } from '../../../../src/numeric/positive-definite.js'
import { fillNormal } from '../../../../src/random/fill-normal.js'
import { stream } from '../../../../src/random/stream.js'

/** What every algorithm of approximation is given, with starts from a standard normal. */
export const jobFor = (logDensity: LogDensity, seed = 1) => ({
  logDensity,
  propose: (source: Stream) => fillNormal(source, new Float64Array(logDensity.dimension)),
  streamFor: (purpose: string, index: number) => stream(seed, purpose, index),
  pathCount: 4,
})

/** N(mean, precision^-1) up to a constant; `precision` `[size, size]`. */
export function normalDensity(mean: readonly number[], precision: Float64Array): LogDensity {
  const size = mean.length
  return {
    dimension: size,
    valueAndGradient(position, gradient) {
      let value = 0
      for (let row = 0; row < size; row++) {
        let sum = 0
        for (let column = 0; column < size; column++) sum += precision[row * size + column] * (position[column] - mean[column])
        gradient[row] = -sum
        value -= 0.5 * sum * (position[row] - mean[row])
      }
      return value
    },
  }
}

/** The normalised log density of N(mean, precision^-1). */
export function exactLogDensity(mean: readonly number[], precision: Float64Array): (position: Float64Array) => number {
  const inner = normalDensity(mean, precision)
  const gradient = new Float64Array(mean.length)
  const constant = 0.5 * logDeterminantPositiveDefinite(precision, mean.length) - 0.5 * mean.length * Math.log(2 * Math.PI)
  return (position) => inner.valueAndGradient(position, gradient) + constant
}

/** Correlated, with standard deviations from 0.05 to 30: B B' + I rescaled. */
export function illScaledPrecision(size: number, seed = 7): Float64Array {
  const b = fillNormal(stream(seed, 'precision'), new Float64Array(size * size))
  const scale = Array.from({ length: size }, (_, i) => 0.05 * 600 ** (i / Math.max(1, size - 1)))
  return Float64Array.from({ length: size * size }, (_, index) => {
    const [row, column] = [Math.floor(index / size), index % size]
    let sum = row === column ? 1 : 0
    for (let k = 0; k < size; k++) sum += b[row * size + k] * b[column * size + k]
    return sum / (scale[row] * scale[column])
  })
}

/** The rows and columns of a matrix that are not on its diagonal set to 0. */
export function diagonalOf(matrix: Float64Array, size: number): Float64Array {
  return matrix.map((value, index) => (Math.floor(index / size) === index % size ? value : 0))
}

/** x ~ N(0, 1), y ~ N(curvature (x^2 - 1), 0.3^2): no normal distribution resembles it. */
export function banana(curvature: number): LogDensity {
  return {
    dimension: 2,
    valueAndGradient([x, y], gradient) {
      const residual = (y - curvature * (x * x - 1)) / 0.09
      gradient[0] = -x + residual * 2 * curvature * x
      gradient[1] = -residual
      return -0.5 * x * x - 0.5 * 0.09 * residual * residual
    },
  }
}

/** Points around a mean, `[point][dimension]`. */
export function pointsAround(mean: readonly number[], count: number, spread = 1): Float64Array[] {
  const source = stream(11, 'points')
  return Array.from({ length: count }, () =>
    fillNormal(source, new Float64Array(mean.length)).map((value, i) => mean[i] + spread * value),
  )
}

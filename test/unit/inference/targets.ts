import type { LogDensity } from '../../../src/contract/log-density.js'

/** Independent normals with these means and standard deviations. */
export function independentNormal(means: readonly number[], sds: readonly number[]): LogDensity {
  return {
    dimension: means.length,
    valueAndGradient(position, gradient) {
      let value = 0
      for (let i = 0; i < means.length; i++) {
        const z = (position[i] - means[i]) / sds[i]
        value -= 0.5 * z * z
        gradient[i] = -z / sds[i]
      }
      return value
    },
  }
}

export const standardNormal = (dimension: number): LogDensity =>
  independentNormal(new Array(dimension).fill(0), new Array(dimension).fill(1))

/** Two standard normals with this correlation. */
export function correlatedNormal(correlation: number): LogDensity {
  const determinant = 1 - correlation * correlation
  return {
    dimension: 2,
    valueAndGradient([x, y], gradient) {
      gradient[0] = -(x - correlation * y) / determinant
      gradient[1] = -(y - correlation * x) / determinant
      return 0.5 * (x * gradient[0] + y * gradient[1])
    },
  }
}

/** Neal's (2003) funnel: v ~ N(0, 3), x_i ~ N(0, exp(v / 2)). */
export function funnel(dimension: number): LogDensity {
  return {
    dimension,
    valueAndGradient(position, gradient) {
      const v = position[0]
      const precision = Math.exp(-v)
      let squares = 0
      for (let i = 1; i < dimension; i++) {
        squares += position[i] * position[i]
        gradient[i] = -position[i] * precision
      }
      gradient[0] = -v / 9 + 0.5 * precision * squares - 0.5 * (dimension - 1)
      return (-v * v) / 18 - 0.5 * precision * squares - 0.5 * (dimension - 1) * v
    },
  }
}

/** The same density with another value or gradient: for wrong targets. */
export function altered(
  inner: LogDensity,
  change: (value: number, position: Float64Array, gradient: Float64Array) => number,
): LogDensity {
  return {
    dimension: inner.dimension,
    valueAndGradient: (position, gradient) => change(inner.valueAndGradient(position, gradient), position, gradient),
  }
}

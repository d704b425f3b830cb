import { drawInteger } from '../../random/integer.js'
import type { Approximation } from './approximation.js'

/** The mixture with equal weights of distributions of the same dimension. */
export function equalMixture(components: readonly Approximation[]): Approximation {
  if (components.length === 1) return components[0]
  const logDensities = new Float64Array(components.length)
  return {
    dimension: components[0].dimension,
    draw(stream, position) {
      components[drawInteger(stream, components.length)].draw(stream, position)
    },
    logDensity(position) {
      let largest = Number.NEGATIVE_INFINITY
      for (let i = 0; i < components.length; i++) {
        logDensities[i] = components[i].logDensity(position)
        if (logDensities[i] > largest) largest = logDensities[i]
      }
      let sum = 0
      for (let i = 0; i < components.length; i++) sum += Math.exp(logDensities[i] - largest)
      return largest + Math.log(sum / components.length)
    },
  }
}

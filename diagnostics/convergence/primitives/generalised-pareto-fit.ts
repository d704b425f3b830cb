import { max, sum } from 'd3-array'
import { mean } from './moments.js'

export interface GeneralisedPareto {
  /** k; NaN or Infinity where `generalisedParetoFit` says so. */
  readonly shape: number
  /** sigma, in units of the exceedances. */
  readonly scale: number
}

/**
 * Generalised Pareto distribution for exceedances in ascending order, `[exceedance]`, all non-negative: the quasi-Bayesian
 * profile estimate of Zhang and Stephens (2009, 10.1198/tech.2009.08017), its shape drawn towards 0.5 with the weight of ten
 * observations (Vehtari et al. 2024, JMLR 25(72)). The scale goes with the shape before it is drawn.
 *
 * The shape is NaN when the lower quartile is not above the minimum, which no generalised Pareto distribution would give, and
 * Infinity when the profile breaks down.
 */
export function generalisedParetoFit(exceedances: Float64Array): GeneralisedPareto {
  const count = exceedances.length
  const quartile = exceedances[Math.floor(count / 4 + 0.5) - 1]
  if (!(quartile > exceedances[0])) return { shape: Number.NaN, scale: Number.NaN }
  const gridSize = 30 + Math.floor(Math.sqrt(count))
  const grid = Array.from(
    { length: gridSize },
    (_, index) => 1 / exceedances[count - 1] + (1 - Math.sqrt(gridSize / (index + 0.5))) / (3 * quartile),
  )
  const shapeAt = (theta: number) => mean(exceedances.map((value) => Math.log1p(-theta * value)))
  const logLikelihood = grid.map((theta) => {
    const shape = shapeAt(theta)
    return count * (Math.log(-theta / shape) - shape - 1)
  })
  const largest = max(logLikelihood) ?? Number.NaN
  const weights = logLikelihood.map((value) => Math.exp(value - largest))
  const theta = sum(grid, (value, index) => value * weights[index]) / sum(weights)
  const raw = shapeAt(theta)
  const shape = (raw * count + 5) / (count + 10)
  return { shape: Number.isNaN(shape) ? Infinity : shape, scale: -raw / theta }
}

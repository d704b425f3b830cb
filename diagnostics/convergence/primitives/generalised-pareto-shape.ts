import { max, sum } from 'd3-array'
import { mean } from './moments.js'

/**
 * Shape k of a generalised Pareto distribution for exceedances in ascending order, `[exceedance]`, all non-negative: the quasi-Bayesian
 * profile estimate of Zhang and Stephens (2009, 10.1198/tech.2009.08017), drawn towards 0.5 with the weight of ten observations
 * (Vehtari et al. 2024, JMLR 25(72)).
 *
 * NaN when the lower quartile is not above the minimum, which no generalised Pareto distribution would give; Infinity when the profile breaks down.
 */
export function generalisedParetoShape(exceedances: Float64Array): number {
  const count = exceedances.length
  const quartile = exceedances[Math.floor(count / 4 + 0.5) - 1]
  if (!(quartile > exceedances[0])) return Number.NaN
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
  const shape = (shapeAt(theta) * count + 5) / (count + 10)
  return Number.isNaN(shape) ? Infinity : shape
}

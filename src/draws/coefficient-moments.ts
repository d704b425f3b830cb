import { type Draws, elementCount } from './draws.js'
import { variable } from './variable.js'

/**
 * Posterior mean and covariance (denominator N - 1) of the elements of several variables, concatenated in order, over all chains.
 * @throws UsageError when a variable does not exist.
 */
export function coefficientMoments(draws: Draws, names: readonly string[]): { estimate: Float64Array; covariance: Float64Array } {
  const columns = names.flatMap((name) => {
    const { values, dimensions } = variable(draws, name)
    const size = elementCount({ dimensions })
    return Array.from({ length: size }, (_, element) => ({ values, size, element }))
  })
  const count = draws.chainCount * draws.drawCount
  const at = ({ values, size, element }: (typeof columns)[number], draw: number) => values[draw * size + element]
  const estimate = Float64Array.from(columns, (column) => {
    let sum = 0
    for (let draw = 0; draw < count; draw++) sum += at(column, draw)
    return sum / count
  })
  const covariance = new Float64Array(columns.length ** 2)
  columns.forEach((left, i) => {
    columns.forEach((right, j) => {
      if (j > i) return
      let sum = 0
      for (let draw = 0; draw < count; draw++) sum += (at(left, draw) - estimate[i]) * (at(right, draw) - estimate[j])
      covariance[i * columns.length + j] = covariance[j * columns.length + i] = sum / (count - 1)
    })
  })
  return { estimate, covariance }
}

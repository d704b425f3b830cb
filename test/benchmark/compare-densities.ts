/** Whether two programs compute the same log density: a benchmark of different models is worthless. */

export interface DensityComparison {
  /** Largest difference between the two log densities less its mean over points, relative to their size: 0 up to rounding. */
  readonly valueDistance: number
  /** Largest difference between gradients, relative to the largest element at that point. */
  readonly gradientDistance: number
  readonly isSame: boolean
}

/** Sums of up to 1e5 terms of float64, in another order, with some cancellation. */
const TOLERANCE = 1e-9

/** @param ours,theirs `[point, 1 + dimension]`, value then gradient; the values may differ by a constant */
export function compareDensities(ours: Float64Array, theirs: Float64Array, dimension: number): DensityComparison {
  const width = dimension + 1
  const count = ours.length / width
  const at = (answers: Float64Array, point: number) => answers.subarray(point * width, (point + 1) * width)
  const apart = Array.from({ length: count }, (_, point) => at(ours, point)[0] - at(theirs, point)[0])
  const constant = apart.reduce((sum, value) => sum + value, 0) / count
  let [valueDistance, gradientDistance] = [0, 0]
  for (let point = 0; point < count; point++) {
    const [left, right] = [at(ours, point), at(theirs, point)]
    valueDistance = Math.max(valueDistance, Math.abs(apart[point] - constant) / Math.max(1, Math.abs(left[0])))
    const largest = right.subarray(1).reduce((size, value) => Math.max(size, Math.abs(value)), 0)
    for (let element = 1; element < width; element++)
      gradientDistance = Math.max(gradientDistance, Math.abs(left[element] - right[element]) / largest)
  }
  return { valueDistance, gradientDistance, isSame: valueDistance <= TOLERANCE && gradientDistance <= TOLERANCE }
}

/**
 * Covariance of a random function of covariates that is a constant plus a linear function plus a smooth one, all with mean zero:
 *
 *     k(x, x') = c^2 + s^2 x'x' + a^2 h(d),   d^2 = sum_k (x_k - x'_k)^2 / l_k^2
 *
 * h(d) = exp(-d^2 / 2) (squared exponential), or (1 + u + u^2 / 3) exp(-u) with u = sqrt(5) d (Matern 5/2). A length scale for each covariate:
 * automatic relevance determination (Rasmussen and Williams 2006, Gaussian Processes for Machine Learning, sections 2.7, 4.2 and 5.1).
 *
 * A smooth part that is a sum of functions of one covariate and of two has, with h_k the correlation along covariate k alone,
 *
 *     a^2 sum_k h_k + b^2 sum_(k<l) h_k h_l
 *
 * (Duvenaud, Nickisch and Rasmussen 2011, Additive Gaussian Processes, NIPS 24), where a is the standard deviation of each function of one.
 */
export type KernelFamily = 'squared-exponential' | 'matern-5/2'

/** Smooth functions of all covariates together, of pairs of them, or of one at a time. */
export type KernelStructure = 'joint' | 'pairwise' | 'additive'

export interface CovarianceFunction {
  readonly family: KernelFamily
  /** `joint` when left out. */
  readonly structure?: KernelStructure
  /** b, of `pairwise`: standard deviation of each function of two covariates. */
  readonly pairAmplitude?: number
  /** c: standard deviation of the function's value where all covariates are 0. */
  readonly constantScale: number
  /** s: standard deviation of each slope. */
  readonly linearScale: number
  /** a: standard deviation of the smooth part. */
  readonly amplitude: number
  /** l, one for each covariate; without covariates there is no smooth part. */
  readonly lengthScales: Float64Array
}

/**
 * Covariances between the rows of two sets of covariates.
 * @param left `[left, covariate]`
 * @param right `[right, covariate]`
 * @returns `[left, right]`
 */
export function crossCovariance(
  kernel: CovarianceFunction,
  left: Float64Array,
  right: Float64Array,
  counts: readonly [number, number],
): Float64Array {
  const [leftCount, rightCount] = counts
  const size = kernel.lengthScales.length
  const precisions = kernel.lengthScales.map((length) => 1 / (length * length))
  const constant = kernel.constantScale ** 2
  const slope = kernel.linearScale ** 2
  const smooth = size === 0 ? () => 0 : smoothCovariance(kernel)
  const squares = new Float64Array(size)
  const out = new Float64Array(leftCount * rightCount)
  for (let row = 0; row < leftCount; row++)
    for (let column = 0; column < rightCount; column++) {
      let product = 0
      for (let k = 0; k < size; k++) {
        const a = left[row * size + k]
        const b = right[column * size + k]
        product += a * b
        squares[k] = (a - b) * (a - b) * precisions[k]
      }
      out[row * rightCount + column] = constant + slope * product + smooth(squares)
    }
  return out
}

/** The smooth part, given scaled squared distances along each covariate. */
function smoothCovariance({ family, structure, amplitude, pairAmplitude = 0 }: CovarianceFunction) {
  const shape = correlations[family]
  const variance = amplitude ** 2
  if (structure === undefined || structure === 'joint')
    return (squares: Float64Array) => {
      let distance = 0
      for (let k = 0; k < squares.length; k++) distance += squares[k]
      return variance * shape(distance)
    }
  const pairVariance = structure === 'pairwise' ? pairAmplitude ** 2 : 0
  return (squares: Float64Array) => {
    let sum = 0
    let pairs = 0
    for (let k = 0; k < squares.length; k++) {
      const one = shape(squares[k])
      pairs += one * sum
      sum += one
    }
    return variance * sum + pairVariance * pairs
  }
}

/** Variance of the function at each row, `[row]`. */
export function variances(kernel: CovarianceFunction, rows: Float64Array, count: number): Float64Array {
  const size = kernel.lengthScales.length
  const variance = kernel.constantScale ** 2 + (size === 0 ? 0 : smoothCovariance(kernel)(new Float64Array(size)))
  return Float64Array.from({ length: count }, (_, row) => {
    let square = 0
    for (let k = 0; k < size; k++) square += rows[row * size + k] ** 2
    return variance + kernel.linearScale ** 2 * square
  })
}

/** h of the squared distance. */
export const correlations: Record<KernelFamily, (squaredDistance: number) => number> = {
  'squared-exponential': (squaredDistance) => Math.exp(-squaredDistance / 2),
  'matern-5/2': (squaredDistance) => {
    const u = Math.sqrt(5 * squaredDistance)
    return (1 + u + (u * u) / 3) * Math.exp(-u)
  },
}

/**
 * Limited-memory BFGS estimate of the inverse of the negative Hessian of a log density, from the latest pairs of step s and fall of the gradient
 * y = g(before) - g(after), on top of a diagonal D that is updated with every pair (Gilbert and Lemarechal 1989, 10.1007/BF01589113;
 * algorithm 3 of Zhang, Carpenter, Gelman and Vehtari 2022, JMLR 23(306)):
 *
 *     1 / D'_i = a / (b D_i) + y_i^2 / b - a s_i^2 / (b c D_i^2),   a = y' D y,  b = s' y,  c = s' D^-1 s
 *
 * Changed in place.
 */
export interface InverseHessian {
  readonly dimension: number
  /** D, `[dimension]` */
  readonly diagonal: Float64Array
  /** Oldest first; so many of each as there are pairs, `[dimension]` each. */
  readonly steps: readonly Float64Array[]
  readonly falls: readonly Float64Array[]
  /** s' y of each pair, all positive. */
  readonly products: readonly number[]
  readonly capacity: number
}

/** A pair with s' y not above this times |y|^2 is not used: the density is not concave along it (the paper's value). */
const LEAST_CURVATURE = 1e-12

export function createInverseHessian(dimension: number, capacity: number): InverseHessian {
  return { dimension, diagonal: new Float64Array(dimension).fill(1), steps: [], falls: [], products: [], capacity }
}

/** Forgets all pairs. */
export function resetInverseHessian(estimate: InverseHessian): void {
  const { diagonal, steps, falls, products } = estimate as Growing
  diagonal.fill(1)
  steps.length = 0
  falls.length = 0
  products.length = 0
}

type Growing = {
  -readonly [Key in keyof InverseHessian]: InverseHessian[Key] extends readonly (infer T)[] ? T[] : InverseHessian[Key]
}

/** Takes in a pair, which it copies; drops the oldest when full. Returns whether it was used. */
export function addPair(estimate: InverseHessian, step: Float64Array, fall: Float64Array): boolean {
  const { steps, falls, products, capacity, dimension } = estimate as Growing
  let product = 0
  let squares = 0
  for (let i = 0; i < dimension; i++) {
    product += step[i] * fall[i]
    squares += fall[i] * fall[i]
  }
  if (!(product > LEAST_CURVATURE * squares && product < Number.POSITIVE_INFINITY)) return false
  updateDiagonal(estimate.diagonal, step, fall, product)
  const isFull = steps.length === capacity
  const ownStep = (isFull && steps.shift()) || new Float64Array(dimension)
  const ownFall = (isFull && falls.shift()) || new Float64Array(dimension)
  if (isFull) products.shift()
  ownStep.set(step)
  ownFall.set(fall)
  steps.push(ownStep)
  falls.push(ownFall)
  products.push(product)
  return true
}

function updateDiagonal(diagonal: Float64Array, step: Float64Array, fall: Float64Array, b: number): void {
  let a = 0
  let c = 0
  for (let i = 0; i < diagonal.length; i++) {
    a += fall[i] * diagonal[i] * fall[i]
    c += (step[i] * step[i]) / diagonal[i]
  }
  for (let i = 0; i < diagonal.length; i++) {
    const inverse =
      a / (b * diagonal[i]) + (fall[i] * fall[i]) / b - (a * step[i] * step[i]) / (b * c * diagonal[i] * diagonal[i])
    const updated = 1 / inverse
    if (updated > 0 && updated < Number.POSITIVE_INFINITY) diagonal[i] = updated
  }
}

/**
 * Writes the product of the estimate with `vector` to `out`, both `[dimension]` (the two-loop recursion: Nocedal and Wright 2006, Numerical
 * Optimization, algorithm 7.4). `coefficients` is work space of at least `capacity` numbers.
 */
export function multiplyInverseHessian(
  estimate: InverseHessian,
  vector: Float64Array,
  out: Float64Array,
  coefficients: Float64Array,
): void {
  const { steps, falls, products, diagonal, dimension } = estimate
  out.set(vector)
  for (let pair = steps.length - 1; pair >= 0; pair--) {
    const coefficient = dot(steps[pair], out) / products[pair]
    coefficients[pair] = coefficient
    const fall = falls[pair]
    for (let i = 0; i < dimension; i++) out[i] -= coefficient * fall[i]
  }
  for (let i = 0; i < dimension; i++) out[i] *= diagonal[i]
  for (let pair = 0; pair < steps.length; pair++) {
    const coefficient = coefficients[pair] - dot(falls[pair], out) / products[pair]
    const step = steps[pair]
    for (let i = 0; i < dimension; i++) out[i] += coefficient * step[i]
  }
}

export function dot(left: Float64Array, right: Float64Array): number {
  let sum = 0
  for (let i = 0; i < left.length; i++) sum += left[i] * right[i]
  return sum
}

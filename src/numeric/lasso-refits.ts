/**
 * The lasso (see `penalised-regression.ts`) of many samples of the same rows, each row so many times. With the free columns of all rows X = Q R, what Q
 * leaves of the penalised columns P and of the outcome e, and the counts of a sample W, all that a sample takes is the cross-products [Q P e]' W [Q P e]:
 * Q is orthonormal over all rows, so that cross-products of a sample that determines the free coefficients lose next to no accuracy however near to
 * collinear X is.
 */
import { dot } from './orthonormal-columns.js'
import { descend, type PenalisedProblem, withFreeCoefficients } from './penalised-regression.js'
import { type ProjectedRegression, projectRegression } from './rotated-regression.js'

export interface LassoRefit {
  /** `[coefficient]` */
  readonly coefficients: Float64Array
  readonly residualSquares: number
}

/** Share of a diagonal element, or of the outcome's squares, below which what is left of it may be rounding. */
const RELIABLE_SHARE = 1e-8

/**
 * @returns the fit to a sample with the counts of the rows, `[row]`; `undefined` where its cross-products are too near to singular to be relied on
 * @throws RunError when the free columns are not determined by all rows
 */
export function lassoRefits({ design, outcome, isPenalised }: PenalisedProblem) {
  const priorScale = Float64Array.from(isPenalised, (one) => (one ? 1 : Number.POSITIVE_INFINITY))
  const projected = projectRegression({ design, outcome, priorScale })
  const columns = [...projected.basis, ...projected.others, projected.rest]
  const rows = new Float64Array(columns.length * outcome.length)
  columns.forEach((column, k) => {
    for (let row = 0; row < column.length; row++) rows[row * columns.length + k] = column[row]
  })
  const products = new Float64Array(columns.length ** 2)
  return (counts: Float64Array, lambda: number): LassoRefit | undefined => {
    weightedProducts(rows, counts, products, columns.length)
    return refit(products, projected, counts.reduce((sum, count) => sum + count, 0) * lambda)
  }
}

/** Lower triangle of the cross-products of the columns of `rows`, `[row, column]`, each row counted so many times. `[column, column]` */
function weightedProducts(rows: Float64Array, counts: Float64Array, out: Float64Array, size: number): void {
  out.fill(0)
  for (let row = 0; row < counts.length; row++) {
    const count = counts[row]
    if (count === 0) continue
    const start = row * size
    for (let i = 0; i < size; i++) {
      const weighted = count * rows[start + i]
      for (let j = 0; j <= i; j++) out[i * size + j] += weighted * rows[start + j]
    }
  }
}

/** @param products of Q, P and e; used up */
function refit(products: Float64Array, projected: ProjectedRegression, threshold: number): LassoRefit | undefined {
  const [free, penalised] = [projected.flat.length, projected.proper.length]
  const size = free + penalised + 1
  const outcome = size - 1
  const total = products[outcome * size + outcome]
  if (!eliminate(products, free, size)) return undefined
  const gram = new Float64Array(penalised * penalised)
  for (let i = 0; i < penalised; i++)
    for (let j = 0; j <= i; j++) gram[i * penalised + j] = gram[j * penalised + i] = products[(free + i) * size + free + j]
  const moments = products.subarray(outcome * size + free, outcome * size + outcome)
  const solution = new Float64Array(penalised)
  descend(gram, moments, threshold, solution)
  let residualSquares = products[outcome * size + outcome]
  for (let i = 0; i < penalised; i++)
    residualSquares += solution[i] * (dot(gram.subarray(i * penalised, (i + 1) * penalised), solution) - 2 * moments[i])
  if (!(residualSquares > RELIABLE_SHARE * total)) return undefined
  const outcomeWeights = addFree(products, solution, projected, size)
  return { coefficients: withFreeCoefficients({ ...projected, outcomeWeights }, solution), residualSquares }
}

/** Takes the free columns from the others, one by one. @returns whether enough is left of every column */
function eliminate(products: Float64Array, free: number, size: number): boolean {
  const least = Float64Array.from({ length: size - 1 }, (_, k) => RELIABLE_SHARE * products[k * size + k])
  for (let k = 0; k < free; k++) {
    const pivot = products[k * size + k]
    if (!(pivot > least[k])) return false
    for (let i = k + 1; i < size; i++) {
      const factor = products[i * size + k] / pivot
      for (let j = k + 1; j <= i; j++) products[i * size + j] -= factor * products[j * size + k]
    }
  }
  return least.every((value, k) => products[k * size + k] > value)
}

/** The weights of Q in the outcome: those over all rows, and what the sample adds to them. */
function addFree(
  products: Float64Array,
  penalised: Float64Array,
  { flat, outcomeWeights }: ProjectedRegression,
  size: number,
): Float64Array {
  const free = flat.length
  const added = new Float64Array(free)
  for (let k = free - 1; k >= 0; k--) {
    let value = products[(size - 1) * size + k]
    for (let i = 0; i < penalised.length; i++) value -= products[(free + i) * size + k] * penalised[i]
    for (let j = k + 1; j < free; j++) value -= products[j * size + k] * added[j]
    added[k] = value / products[k * size + k]
  }
  return added.map((value, k) => value + outcomeWeights[k])
}

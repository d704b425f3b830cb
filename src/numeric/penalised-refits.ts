/**
 * Penalised regressions (see `penalised-regression.ts`) of many samples of the same rows, each row so many times. With the free columns of all rows X = Q R,
 * what Q leaves of the penalised columns P and of the outcome e, and the counts of a sample W, all that a sample takes is the cross-products
 * [Q P e]' W [Q P e]: Q is orthonormal over all rows, so that cross-products of a sample that determines the free coefficients lose next to no accuracy
 * however near to collinear X is.
 */
import { dot } from './orthonormal-columns.js'
import { descend, type PenalisedProblem, type Penalty, withFreeCoefficients } from './penalised-regression.js'
import { type ProjectedRegression, projectRegression, RANK_TOLERANCE } from './rotated-regression.js'
import { symmetricEigen } from './symmetric-eigen.js'

export interface PenalisedRefits {
  /**
   * What a sample says, which is the sum of what its parts say.
   * @param counts of the rows, `[row]`
   */
  products(counts: Float64Array): Float64Array
  /**
   * @param products of a sample, used up
   * @param rowCount of the sample
   * @returns nothing where the products are too near to singular to be relied on
   */
  fit(products: Float64Array, rowCount: number): PenalisedRefit | undefined
}

export interface PenalisedRefit {
  /** For lambda > 0. Quickest when called for decreasing lambda. */
  solve(lambda: number): {
    /** `[coefficient]` */
    readonly coefficients: Float64Array
    /** NaN where they are so few that they may be rounding. */
    readonly residualSquares: number
  }
}

/** Share of a diagonal element, or of the outcome's squares, below which what is left of it may be rounding. */
const RELIABLE_SHARE = 1e-8

/** @throws RunError when the free columns are not determined by all rows */
export function penalisedRefits({ design, outcome, isPenalised, penalty }: PenalisedProblem): PenalisedRefits {
  const priorScale = Float64Array.from(isPenalised, (one) => (one ? 1 : Number.POSITIVE_INFINITY))
  const projected = projectRegression({ design, outcome, priorScale })
  const columns = [...projected.basis, ...projected.others, projected.rest]
  const rows = new Float64Array(columns.length * outcome.length)
  columns.forEach((column, k) => {
    for (let row = 0; row < column.length; row++) rows[row * columns.length + k] = column[row]
  })
  return {
    products: (counts) => weightedProducts(rows, counts, columns.length),
    fit: (products, rowCount) => refit(products, projected, penalty, rowCount),
  }
}

/** Lower triangle of the cross-products of the columns of `rows`, `[row, column]`, each row counted so many times. `[column, column]` */
function weightedProducts(rows: Float64Array, counts: Float64Array, size: number): Float64Array {
  const out = new Float64Array(size * size)
  for (let row = 0; row < counts.length; row++) {
    const count = counts[row]
    if (count === 0) continue
    const start = row * size
    for (let i = 0; i < size; i++) {
      const weighted = count * rows[start + i]
      for (let j = 0; j <= i; j++) out[i * size + j] += weighted * rows[start + j]
    }
  }
  return out
}

function refit(
  products: Float64Array,
  projected: ProjectedRegression,
  penalty: Penalty,
  rowCount: number,
): PenalisedRefit | undefined {
  const [free, penalised] = [projected.flat.length, projected.proper.length]
  const size = free + penalised + 1
  const outcome = size - 1
  const { outcomeWeights } = projected
  // what is left of the outcome may itself be rounding of the outcome
  const total = products[outcome * size + outcome] + RELIABLE_SHARE * dot(outcomeWeights, outcomeWeights)
  if (!eliminate(products, free, size)) return undefined
  const gram = new Float64Array(penalised * penalised)
  for (let i = 0; i < penalised; i++)
    for (let j = 0; j <= i; j++) gram[i * penalised + j] = gram[j * penalised + i] = products[(free + i) * size + free + j]
  const moments = products.subarray(outcome * size + free, outcome * size + outcome)
  const solution = new Float64Array(penalised)
  const shrink = penalty === 'ridge' ? shrinkage(gram, moments) : undefined
  return {
    solve(lambda) {
      if (shrink) shrink(rowCount * lambda, solution)
      else descend(gram, moments, rowCount * lambda, solution)
      let squares = products[outcome * size + outcome]
      for (let i = 0; i < penalised; i++)
        squares += solution[i] * (dot(gram.subarray(i * penalised, (i + 1) * penalised), solution) - 2 * moments[i])
      const weights = freeWeights(products, solution, projected, size)
      return {
        coefficients: withFreeCoefficients({ ...projected, outcomeWeights: weights }, solution),
        residualSquares: squares > RELIABLE_SHARE * total ? squares : Number.NaN,
      }
    },
  }
}

/** The ridge in the eigenvectors of the cross-products. */
function shrinkage(gram: Float64Array, moments: Float64Array): (threshold: number, out: Float64Array) => void {
  const size = moments.length
  const { values, vectors } = symmetricEigen(gram, size)
  const least = RANK_TOLERANCE * Math.max(...values, 0)
  const scores = values.map((value, e) => (value > least ? dot(vectors.subarray(e * size, (e + 1) * size), moments) : 0))
  return (threshold, out) => {
    out.fill(0)
    for (let e = 0; e < size; e++) {
      const shrunken = scores[e] / (Math.max(values[e], 0) + threshold)
      for (let k = 0; k < size; k++) out[k] += vectors[e * size + k] * shrunken
    }
  }
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
function freeWeights(
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

/**
 * Eigenvalues and eigenvectors of a symmetric matrix: Householder reduction to tridiagonal form, then QL steps with implicit shifts (Golub and
 * Van Loan 2013, Matrix Computations, 4th ed., sections 8.3.1 and 8.3.5; Bowdler, Martin, Reinsch and Wilkinson 1968, 10.1007/BF02166681).
 *
 * A worker thread that runs chains needs it, and loading a linear algebra package there takes longer than a short chain.
 */

export interface SymmetricEigen {
  /** In no particular order. `[dimension]` */
  readonly values: Float64Array
  /** Eigenvector k in row k, of length one. `[dimension, dimension]` */
  readonly vectors: Float64Array
}

/** Two or three steps per eigenvalue are usual; only what is not finite takes this many. */
const LARGEST_STEP_COUNT = 50

/**
 * Eigenvalues are right to rounding of the largest one.
 * @param matrix symmetric, not changed, `[dimension, dimension]`
 */
export function symmetricEigen(matrix: Float64Array, dimension: number): SymmetricEigen {
  const vectors = new Float64Array(dimension * dimension)
  for (let k = 0; k < dimension; k++) vectors[k * dimension + k] = 1
  const { diagonal, beside } = tridiagonalise(matrix.slice(), vectors, dimension)
  for (let first = 0; first < dimension; first++)
    for (let step = 0; step < LARGEST_STEP_COUNT; step++) {
      const last = endOfBlock(diagonal, beside, first)
      if (last === first) break
      sweep(diagonal, beside, vectors, first, last)
    }
  return { values: diagonal, vectors }
}

/** T = Q' A Q; Q' is applied to the rows of `vectors`, `a` is used up. `beside[i]` is T's element (i, i + 1). */
function tridiagonalise(a: Float64Array, vectors: Float64Array, dimension: number) {
  const normal = new Float64Array(dimension)
  const change = new Float64Array(dimension)
  const beside = new Float64Array(dimension)
  for (let k = 0; k < dimension - 1; k++) {
    let square = 0
    for (let i = k + 1; i < dimension; i++) square += a[i * dimension + k] ** 2
    const head = a[(k + 1) * dimension + k]
    const length = head > 0 ? -Math.sqrt(square) : Math.sqrt(square)
    beside[k] = length
    const scale = square - head * length
    if (k === dimension - 2 || square === head * head || scale === 0) {
      beside[k] = head
      continue
    }
    normal.fill(0)
    for (let i = k + 1; i < dimension; i++) normal[i] = a[i * dimension + k]
    normal[k + 1] -= length
    reflectBothSides(a, normal, change, k + 1, scale, dimension)
    reflectRows(vectors, normal, change, k + 1, scale, dimension)
  }
  return { diagonal: Float64Array.from({ length: dimension }, (_, k) => a[k * dimension + k]), beside }
}

/** A <- H A H with H = I - v v' / scale, for the rows and columns from `start` on. */
function reflectBothSides(a: Float64Array, v: Float64Array, w: Float64Array, start: number, scale: number, n: number): void {
  let overlap = 0
  for (let i = start; i < n; i++) {
    let sum = 0
    for (let j = start; j < n; j++) sum += a[i * n + j] * v[j]
    w[i] = sum / scale
    overlap += w[i] * v[i]
  }
  const half = overlap / (2 * scale)
  for (let i = start; i < n; i++) w[i] -= half * v[i]
  for (let i = start; i < n; i++) for (let j = start; j < n; j++) a[i * n + j] -= v[i] * w[j] + w[i] * v[j]
}

/** Rows <- H rows. */
function reflectRows(rows: Float64Array, v: Float64Array, u: Float64Array, start: number, scale: number, n: number): void {
  u.fill(0)
  for (let i = start; i < n; i++) for (let j = 0; j < n; j++) u[j] += v[i] * rows[i * n + j]
  for (let i = start; i < n; i++) {
    const factor = v[i] / scale
    for (let j = 0; j < n; j++) rows[i * n + j] -= factor * u[j]
  }
}

/** Where the first negligible element beside the diagonal separates a block that begins at `first`. */
function endOfBlock(diagonal: Float64Array, beside: Float64Array, first: number): number {
  let last = first
  for (; last < diagonal.length - 1; last++) {
    const size = Math.abs(diagonal[last]) + Math.abs(diagonal[last + 1])
    if (Math.abs(beside[last]) <= Number.EPSILON * size) break
  }
  return last
}

/** One implicit QL step on the block from `first` to `last`, with Wilkinson's shift. */
function sweep(diagonal: Float64Array, beside: Float64Array, vectors: Float64Array, first: number, last: number): void {
  const dimension = diagonal.length
  const ratio = (diagonal[first + 1] - diagonal[first]) / (2 * beside[first])
  const shift = diagonal[first] - beside[first] / (ratio + (ratio < 0 ? -1 : 1) * Math.hypot(ratio, 1))
  let bulge = diagonal[last] - shift
  let [sine, cosine, carried] = [1, 1, 0]
  for (let i = last - 1; i >= first; i--) {
    const out = sine * beside[i]
    const kept = cosine * beside[i]
    const length = Math.hypot(out, bulge)
    beside[i + 1] = length
    if (length === 0) {
      diagonal[i + 1] -= carried
      beside[last] = 0
      return
    }
    sine = out / length
    cosine = bulge / length
    const above = diagonal[i + 1] - carried
    const turn = (diagonal[i] - above) * sine + 2 * cosine * kept
    carried = sine * turn
    diagonal[i + 1] = above + carried
    bulge = cosine * turn - kept
    rotateRows(vectors, i * dimension, (i + 1) * dimension, cosine, sine, dimension)
  }
  diagonal[first] -= carried
  beside[first] = bulge
  beside[last] = 0
}

function rotateRows(rows: Float64Array, upper: number, lower: number, cosine: number, sine: number, length: number): void {
  for (let k = 0; k < length; k++) {
    const x = rows[upper + k]
    const y = rows[lower + k]
    rows[upper + k] = cosine * x - sine * y
    rows[lower + k] = sine * x + cosine * y
  }
}

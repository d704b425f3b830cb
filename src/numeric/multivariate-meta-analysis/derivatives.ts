/**
 * First and second derivatives of the (restricted) log likelihood with respect to T, with beta profiled out. With N_j = W_j r_j r_j' W_j,
 * U_j = W_j X_j and R_j = U_j C U_j':
 *
 *     gradient       G      = -1/2 sum (W_j - R_j - N_j)
 *     information    I_ab   =  1/2 sum tr(W_j D_a (W_j - 2 R_j) D_b) + 1/2 tr(C A_a C A_b),   A_a = sum U_j' D_a U_j
 *     Hessian        H_ab   = I_ab - sum tr(W_j D_a N_j D_b) + v_a' C v_b,   v_a = sum U_j' D_a W_j r_j
 *
 * (Harville 1977, 10.1080/01621459.1977.10480998). Without restriction the terms in R_j and A drop out. D_a are the symmetric unit matrices of the
 * elements of T that may vary.
 */
import type { LeastSquares } from './least-squares.js'
import type { MetaAnalysisProblem } from './problem.js'

export interface Derivatives {
  /** G, `[coefficient, coefficient]` */
  readonly gradient: Float64Array
  /** Expected information, `[element, element]` */
  readonly information: Float64Array
  /** Second derivatives, `[element, element]` */
  readonly hessian: Float64Array
}

type Active = readonly (readonly [row: number, column: number])[]

export function derivatives(problem: MetaAnalysisProblem, fit: LeastSquares, active: Active, isRestricted: boolean): Derivatives {
  const { size, trials } = problem
  const count = active.length
  const gradient = new Float64Array(size * size)
  const information = new Float64Array(count * count)
  const hessian = new Float64Array(count * count)
  const forInformation = new Float64Array(size * size)
  const forHessian = new Float64Array(size * size)
  for (let trial = 0; trial < trials.length; trial++) {
    const weights = fit.weights.subarray(trial * size * size, (trial + 1) * size * size)
    const leverage = isRestricted ? trialLeverage(problem, fit, trial) : undefined
    for (let row = 0; row < size; row++)
      for (let column = 0; column < size; column++) {
        const at = row * size + column
        const square = fit.weightedResiduals[trial * size + row] * fit.weightedResiduals[trial * size + column]
        const own = leverage ? leverage[at] : 0
        gradient[at] -= 0.5 * (weights[at] - own - square)
        forInformation[at] = 0.5 * weights[at] - own
        forHessian[at] = 0.5 * weights[at] - own - square
      }
    addTraces(information, weights, forInformation, active, size)
    addTraces(hessian, weights, forHessian, active, size)
  }
  addProfileTerms({ information, hessian }, problem, fit, active, isRestricted)
  return { gradient, information: mirror(information, count), hessian: mirror(hessian, count) }
}

/** R_j = U_j C U_j' */
function trialLeverage({ size, terms }: MetaAnalysisProblem, fit: LeastSquares, trial: number): Float64Array {
  const width = terms.length
  const start = trial * size * width
  const product = new Float64Array(size * width)
  for (let row = 0; row < size; row++)
    for (let a = 0; a < width; a++) {
      const value = fit.weightedDesign[start + row * width + a]
      if (value !== 0) for (let b = 0; b < width; b++) product[row * width + b] += value * fit.covariance[a * width + b]
    }
  const out = new Float64Array(size * size)
  for (let row = 0; row < size; row++)
    for (let column = 0; column <= row; column++) {
      let sum = 0
      for (let a = 0; a < width; a++) sum += product[row * width + a] * fit.weightedDesign[start + column * width + a]
      out[row * size + column] = out[column * size + row] = sum
    }
  return out
}

/** Adds tr(W D_a M D_b), symmetric in a and b, to the lower triangle of `out`. */
function addTraces(out: Float64Array, w: Float64Array, m: Float64Array, active: Active, size: number): void {
  const count = active.length
  for (let a = 0; a < count; a++) {
    const [r, s] = active[a]
    const [rRow, sRow] = [r * size, s * size]
    const half = r === s ? 0.5 : 1
    for (let b = 0; b <= a; b++) {
      const [t, u] = active[b]
      const sum = w[sRow + t] * m[rRow + u] + w[sRow + u] * m[rRow + t] + w[rRow + t] * m[sRow + u] + w[rRow + u] * m[sRow + t]
      out[a * count + b] += t === u ? half * 0.5 * sum : half * sum
    }
  }
}

/** What comes from beta being estimated: 1/2 tr(C A_a C A_b), and v_a' C v_b with v_a = sum U_j' D_a W_j r_j. */
function addProfileTerms(
  out: { information: Float64Array; hessian: Float64Array },
  problem: MetaAnalysisProblem,
  fit: LeastSquares,
  active: Active,
  isRestricted: boolean,
): void {
  const width = problem.terms.length
  const count = active.length
  const scores = active.map((element) => designScore(problem, fit, element))
  const weightedScores = scores.map((score) => times(fit.covariance, score, width, 1))
  const products = isRestricted
    ? active.map((element) => times(fit.covariance, designProduct(problem, fit, element), width, width))
    : undefined
  const transposed = products?.map((product) => transpose(product, width))
  for (let a = 0; a < count; a++)
    for (let b = 0; b <= a; b++) {
      out.hessian[a * count + b] += dot(scores[a], weightedScores[b])
      if (!products || !transposed) continue
      const trace = 0.5 * dot(products[a], transposed[b])
      out.information[a * count + b] += trace
      out.hessian[a * count + b] += trace
    }
}

function designScore({ size, terms, trials }: MetaAnalysisProblem, fit: LeastSquares, [r, s]: Active[number]): Float64Array {
  const width = terms.length
  const out = new Float64Array(width)
  for (let trial = 0; trial < trials.length; trial++) {
    const residualS = fit.weightedResiduals[trial * size + s]
    const residualR = r === s ? 0 : fit.weightedResiduals[trial * size + r]
    const [rRow, sRow] = [(trial * size + r) * width, (trial * size + s) * width]
    for (let a = 0; a < width; a++) out[a] += fit.weightedDesign[rRow + a] * residualS + fit.weightedDesign[sRow + a] * residualR
  }
  return out
}

/** A_a `[term, term]` */
function designProduct({ size, terms, trials }: MetaAnalysisProblem, fit: LeastSquares, [r, s]: Active[number]): Float64Array {
  const width = terms.length
  const out = new Float64Array(width * width)
  const { weightedDesign } = fit
  for (let trial = 0; trial < trials.length; trial++) {
    const [rRow, sRow] = [(trial * size + r) * width, (trial * size + s) * width]
    for (let a = 0; a < width; a++) {
      const [left, right] = [weightedDesign[rRow + a], r === s ? 0 : weightedDesign[sRow + a]]
      for (let b = 0; b < width; b++) out[a * width + b] += left * weightedDesign[sRow + b] + right * weightedDesign[rRow + b]
    }
  }
  return out
}

/** left `[size, size]` times right `[size, width]` */
export function times(left: Float64Array, right: Float64Array, size: number, width: number): Float64Array {
  const out = new Float64Array(size * width)
  for (let row = 0; row < size; row++)
    for (let k = 0; k < size; k++) {
      const value = left[row * size + k]
      if (value !== 0)
        for (let column = 0; column < width; column++) out[row * width + column] += value * right[k * width + column]
    }
  return out
}

function transpose(matrix: Float64Array, size: number): Float64Array {
  return matrix.map((_, at) => matrix[(at % size) * size + Math.floor(at / size)])
}

function dot(left: Float64Array, right: Float64Array): number {
  let sum = 0
  for (let index = 0; index < left.length; index++) sum += left[index] * right[index]
  return sum
}

function mirror(matrix: Float64Array, size: number): Float64Array {
  for (let row = 0; row < size; row++)
    for (let column = 0; column < row; column++) matrix[column * size + row] = matrix[row * size + column]
  return matrix
}

/**
 * T by the method of moments. The matrix of weighted squares Q = sum W_j r_j r_j' at the common-effect fit (T = 0) has an expectation that is linear in T;
 * the estimate solves Q = E(Q) within the linear space of the structure and is then truncated to be positive semi-definite. With one coefficient it is that of
 * DerSimonian and Laird; unstructured, that of Jackson, Riley and White 2013 (10.1002/bimj.201200152), which missing coefficients and moderators do not hinder.
 *
 * Paule and Mandel 1982 (10.6028/jres.087.022): where T has one parameter, the value at which sum r_j' W_j r_j equals its degrees of freedom.
 */
import { Matrix, solve } from 'ml-matrix'
import { brentRoot } from '../brent-root.js'
import { times } from './derivatives.js'
import { type LeastSquares, leastSquares } from './least-squares.js'
import { type MetaAnalysisProblem, observationCount } from './problem.js'
import { combine, floorEigenvalues, inner, type Structure, structureBasis } from './structure.js'

/** @returns T, truncated; undefined when the common-effect fit is singular. */
export function methodOfMoments(problem: MetaAnalysisProblem, structure: Structure): Float64Array | undefined {
  const { size } = problem
  const fit = leastSquares(problem, new Float64Array(size * size))
  if (!fit) return undefined
  const all = Array.from(
    { length: size * size },
    (_, at) => [[Math.floor(at / size), at % size, 1]] as [number, number, number][],
  )
  const basis = structure === 'unstructured' ? all : structureBasis(structure, size).covariance
  const expectation = expectedSquares(problem, fit)
  const excess = inner(basis, excessSquares(problem, fit), size)
  const equations = Matrix.zeros(basis.length, basis.length)
  basis.forEach((elements, column) => {
    inner(basis, expectation(elements), size).forEach((value, row) => {
      equations.set(row, column, value)
    })
  })
  const raw = solveEquations(equations, excess)
  if (structure !== 'unstructured')
    return combine(
      basis,
      raw.map((value) => Math.max(0, value)),
      size,
    )
  return floorEigenvalues(
    raw.map((value, at) => (value + raw[(at % size) * size + Math.floor(at / size)]) / 2),
    size,
  )
}

/** By singular values when elements of T occur in no equation, as for coefficients that no trial has together: these get 0. */
function solveEquations(equations: Matrix, right: Float64Array): Float64Array {
  const column = Matrix.columnVector(right)
  try {
    const solution = Float64Array.from(solve(equations, column).to1DArray())
    if (solution.every(Number.isFinite)) return solution
  } catch {
    // Singular.
  }
  return Float64Array.from(solve(equations, column, true).to1DArray())
}

/** Q - E(Q | T = 0) = sum W_j r_j r_j' - sum (I_j - W_j X_j C X_j') */
function excessSquares(problem: MetaAnalysisProblem, fit: LeastSquares): Float64Array {
  const { size, trials, terms } = problem
  const out = new Float64Array(size * size)
  trials.forEach((trial, index) => {
    const shares = weightedFit(problem, fit, index)
    for (const row of trial.observed)
      for (const column of trial.observed) {
        const at = row * size + column
        let fitted = 0
        for (let a = 0; a < terms.length; a++) fitted += trial.design[column * terms.length + a] * fit.coefficients[a]
        const square = fit.weightedResiduals[index * size + row] * (trial.estimate[column] - fitted)
        out[at] += square - (row === column ? 1 : 0) + shares[at]
      }
  })
  return out
}

/** W_j X_j C X_j', rows and columns of coefficients that the trial has not being 0. */
function weightedFit({ size, terms, trials }: MetaAnalysisProblem, fit: LeastSquares, trial: number): Float64Array {
  const width = terms.length
  const out = new Float64Array(size * size)
  for (const column of trials[trial].observed) {
    const spread = times(fit.covariance, trials[trial].design.slice(column * width, (column + 1) * width), width, 1)
    for (const row of trials[trial].observed)
      for (let a = 0; a < width; a++) out[row * size + column] += fit.weightedDesign[(trial * size + row) * width + a] * spread[a]
  }
  return out
}

/**
 * The part of E(Q) that T adds, as a function of T's elements:
 * sum_j { (W_j - R_j) T M_j - W_j T W_j X_j C X_j' + W_j X_j C (sum_l U_l' T U_l) C X_j' }, R_j = U_j C U_j', U_j = W_j X_j,
 * M_j the coefficients that the trial has.
 */
function expectedSquares(problem: MetaAnalysisProblem, fit: LeastSquares) {
  const { size, terms, trials } = problem
  const width = terms.length
  const fits = trials.map((_, trial) => weightedFit(problem, fit, trial))
  const leverages = trials.map((_, trial) => leverageOf(problem, fit, trial))
  const spread = spreadOfFits(problem, fit)
  return (elements: readonly (readonly [number, number, number])[]): Float64Array => {
    const out = new Float64Array(size * size)
    const inside = new Float64Array(width * width)
    for (const [r, s, value] of elements)
      trials.forEach(({ observed }, trial) => {
        const isSeen = observed.includes(s)
        for (const row of observed) {
          const weight = value * fit.weights[(trial * size + row) * size + r]
          if (isSeen) out[row * size + s] += weight - value * leverages[trial][row * size + r]
          for (const column of observed) out[row * size + column] -= weight * fits[trial][s * size + column]
        }
        const [rRow, sRow] = [(trial * size + r) * width, (trial * size + s) * width]
        for (let a = 0; a < width; a++) {
          const left = value * fit.weightedDesign[rRow + a]
          if (left !== 0) for (let b = 0; b < width; b++) inside[a * width + b] += left * fit.weightedDesign[sRow + b]
        }
      })
    for (let at = 0; at < out.length; at++)
      for (let ab = 0; ab < inside.length; ab++) out[at] += spread[at * inside.length + ab] * inside[ab]
    return out
  }
}

/** W_j X_j C X_j' W_j */
function leverageOf({ size, terms }: MetaAnalysisProblem, fit: LeastSquares, trial: number): Float64Array {
  const width = terms.length
  const own = fit.weightedDesign.subarray(trial * size * width, (trial + 1) * size * width)
  const out = new Float64Array(size * size)
  for (let column = 0; column < size; column++) {
    const spread = times(fit.covariance, own.slice(column * width, (column + 1) * width), width, 1)
    for (let row = 0; row < size; row++)
      for (let a = 0; a < width; a++) out[row * size + column] += own[row * width + a] * spread[a]
  }
  return out
}

/** Coefficient of A_ab in sum_j W_j X_j C A C X_j', `[row, column, a, b]`. */
function spreadOfFits({ size, terms, trials }: MetaAnalysisProblem, fit: LeastSquares): Float64Array {
  const width = terms.length
  const out = new Float64Array(size * size * width * width)
  trials.forEach(({ observed, design }, trial) => {
    const rights = observed.map((column) => times(fit.covariance, design.slice(column * width, (column + 1) * width), width, 1))
    for (const row of observed) {
      const start = (trial * size + row) * width
      const left = times(fit.covariance, fit.weightedDesign.slice(start, start + width), width, 1)
      observed.forEach((column, place) => {
        const offset = (row * size + column) * width * width
        for (let a = 0; a < width; a++)
          if (left[a] !== 0) for (let b = 0; b < width; b++) out[offset + a * width + b] += left[a] * rights[place][b]
      })
    }
  })
  return out
}

/**
 * @param search where, and how exactly, the root is sought; in full precision when left out
 * @returns T; undefined when a fit is singular. The structure must have one parameter.
 */
export function pauleMandel(
  problem: MetaAnalysisProblem,
  structure: Structure,
  search: { readonly upper?: number; readonly tolerance?: number } = {},
): Float64Array | undefined {
  const { size, terms } = problem
  const basis = structureBasis(structure, size).covariance
  const target = observationCount(problem) - terms.length
  const excess = (variance: number) =>
    (leastSquares(problem, combine(basis, [variance], size))?.residualSum ?? Number.NaN) - target
  if (Number.isNaN(excess(0))) return undefined
  if (excess(0) <= 0) return combine(basis, [0], size)
  let upper = search.upper ?? 1
  while (excess(upper) > 0 && upper < Number.MAX_VALUE / 4) upper *= 4
  return combine(basis, [brentRoot(excess, 0, upper, search.tolerance ?? 0)], size)
}

/**
 * The penalty with the least cross-validated mean squared error (Hastie, Tibshirani and Friedman 2009, The Elements of Statistical Learning, 2nd ed.,
 * section 7.10), from a grid of 50, equally spaced on the log scale, that ends at a ten-thousandth of the largest.
 */

import { penalisedRefits } from './penalised-refits.js'
import { type PenalisedProblem, penalisedRegression } from './penalised-regression.js'

const GRID = 50
const SMALLEST_SHARE = 1e-4

/**
 * @param folds number of the fold of each row, from 0 on
 * @throws RunError when the free columns are not determined without some fold.
 */
export function crossValidatedPenalty(problem: PenalisedProblem, folds: Int32Array): number {
  const { largestPenalty } = penalisedRegression(problem)
  if (!(largestPenalty > 0)) return 1
  const grid = Array.from(
    { length: GRID },
    (_, index) => largestPenalty * Math.exp((Math.log(SMALLEST_SHARE) * index) / (GRID - 1)),
  )
  const errors = new Float64Array(GRID)
  const size = problem.isPenalised.length
  const refits = penalisedRefits(problem)
  const products = Array.from({ length: Math.max(...folds) + 1 }, (_, fold) =>
    refits.products(Float64Array.from(folds, (own) => Number(own === fold))),
  )
  for (let fold = 0; fold < products.length; fold++) {
    const test = rowsWhere(problem, folds, (own) => own === fold)
    const train = sumOf(products.filter((_, other) => other !== fold))
    const refit = refits.fit(train, folds.length - test.outcome.length)
    const byRows = refit ? undefined : penalisedRegression({ ...problem, ...rowsWhere(problem, folds, (own) => own !== fold) })
    grid.forEach((lambda, index) => {
      const coefficients = refit ? refit.solve(lambda).coefficients : byRows!.solve(lambda)
      errors[index] += squaredErrors(test, coefficients, size)
    })
  }
  return grid[errors.indexOf(Math.min(...errors))]
}

function sumOf(all: readonly Float64Array[]): Float64Array {
  const out = new Float64Array(all[0].length)
  for (const one of all) for (let at = 0; at < out.length; at++) out[at] += one[at]
  return out
}

type Rows = Pick<PenalisedProblem, 'design' | 'outcome'>

function rowsWhere({ design, outcome }: Rows, folds: Int32Array, isWanted: (fold: number) => boolean): Rows {
  const size = design.length / outcome.length
  const rows = Int32Array.from(folds.keys()).filter((row) => isWanted(folds[row]))
  const chosen = new Float64Array(rows.length * size)
  rows.forEach((row, at) => {
    for (let k = 0; k < size; k++) chosen[at * size + k] = design[row * size + k]
  })
  return { design: chosen, outcome: Float64Array.from(rows, (row) => outcome[row]) }
}

function squaredErrors({ design, outcome }: Rows, coefficients: Float64Array, size: number): number {
  let sum = 0
  for (let row = 0; row < outcome.length; row++) {
    let residual = outcome[row]
    for (let k = 0; k < size; k++) residual -= design[row * size + k] * coefficients[k]
    sum += residual * residual
  }
  return sum
}

import { describe, expect, it } from 'vitest'
import { penalisedRefits } from '../../../src/numeric/penalised-refits.js'
import { type PenalisedProblem, type Penalty, penalisedRegression } from '../../../src/numeric/penalised-regression.js'
import { drawNormal } from '../../../src/random/normal.js'
import { stream } from '../../../src/random/stream.js'

const ROWS = 60

/** Intercept, two covariates so far from collinear, treatment, two interactions. */
function made(apart: number, penalty: Penalty = 'lasso'): PenalisedProblem {
  const source = stream(4, 'penalised refits')
  const rows = Array.from({ length: ROWS }, (_, row) => {
    const x = 50 + drawNormal(source)
    const z = x + apart * drawNormal(source)
    const t = row % 2
    return { values: [1, x, z, t, t * x, t * z], y: x + t * (0.5 + 0.3 * x) + drawNormal(source) }
  })
  return {
    design: Float64Array.from(rows.flatMap(({ values }) => values)),
    outcome: Float64Array.from(rows, ({ y }) => y),
    isPenalised: [false, false, false, false, true, true],
    penalty,
  }
}

function repeated({ design, outcome, ...problem }: PenalisedProblem, counts: Float64Array): PenalisedProblem {
  const rows = [...counts].flatMap((count, row) => Array.from({ length: count }, () => row))
  return {
    ...problem,
    design: Float64Array.from(rows.flatMap((row) => [...design.subarray(row * 6, (row + 1) * 6)])),
    outcome: Float64Array.from(rows, (row) => outcome[row]),
  }
}

const counts = Float64Array.from({ length: ROWS }, (_, row) => (row * 7) % 3)

const refit = (problem: PenalisedProblem, given = counts) => {
  const refits = penalisedRefits(problem)
  return refits.fit(
    refits.products(given),
    given.reduce((sum, count) => sum + count, 0),
  )
}

describe('penalisedRefits', () => {
  it.each([
    ['lasso', 1, 1e-9],
    ['lasso', 1e-3, 1e-6],
    ['ridge', 1, 1e-9],
    ['ridge', 1e-3, 1e-6],
  ] as const)('%s fits the repeated rows, of covariates %f apart', (penalty, apart, tolerance) => {
    const problem = made(apart, penalty)
    const sample = repeated(problem, counts)
    const expected = penalisedRegression(sample).solve(0.05)
    const { coefficients, residualSquares } = refit(problem)!.solve(0.05)
    let squares = 0
    sample.outcome.forEach((y, row) => {
      squares += expected.reduce((rest, value, k) => rest - value * sample.design[row * 6 + k], y) ** 2
    })
    expected.forEach((value, k) => {
      expect(Math.abs(coefficients[k] - value)).toBeLessThan(tolerance * Math.max(...expected.map(Math.abs)))
    })
    expect(Math.abs(residualSquares / squares - 1)).toBeLessThan(tolerance)
  })
  it('notices other counts', () => {
    const first = refit(made(1))!.solve(0.05).coefficients
    expect([...refit(made(1), counts.toReversed())!.solve(0.05).coefficients]).not.toEqual([...first])
  })
  it('products of parts add up', () => {
    const refits = penalisedRefits(made(1))
    const parts = [0, 1].map((half) => refits.products(counts.map((count, row) => (row < 30 === (half === 0) ? count : 0))))
    refits.products(counts).forEach((value, at) => {
      expect(parts[0][at] + parts[1][at]).toBeCloseTo(value, 9)
    })
  })
  it('leaves to others samples of one arm, and says which residuals may be rounding', () => {
    const problem = made(1)
    const one = counts.map((count, row) => (row % 2 === 0 ? count : 0))
    expect(refit(problem, one)).toBeUndefined()
    expect(refit({ ...problem, outcome: new Float64Array(ROWS).fill(2) })!.solve(0.05).residualSquares).toBeNaN()
  })
})

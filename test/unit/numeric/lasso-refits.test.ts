import { describe, expect, it } from 'vitest'
import { lassoRefits } from '../../../src/numeric/lasso-refits.js'
import { type PenalisedProblem, penalisedRegression } from '../../../src/numeric/penalised-regression.js'
import { drawNormal } from '../../../src/random/normal.js'
import { stream } from '../../../src/random/stream.js'

const ROWS = 60

/** Intercept, two covariates so far from collinear, treatment, two interactions. */
function made(apart: number): PenalisedProblem {
  const source = stream(4, 'lasso refits')
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
    penalty: 'lasso',
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

describe('lassoRefits', () => {
  it.each([
    [1, 1e-9],
    [1e-3, 1e-6],
  ])('fits the repeated rows, of covariates %f apart', (apart, tolerance) => {
    const problem = made(apart)
    const sample = repeated(problem, counts)
    const expected = penalisedRegression(sample).solve(0.05)
    const { coefficients, residualSquares } = lassoRefits(problem)(counts, 0.05)!
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
    const refit = lassoRefits(made(1))
    const first = refit(counts, 0.05)!.coefficients
    expect([...refit(counts.toReversed(), 0.05)!.coefficients]).not.toEqual([...first])
  })
  it('leaves to others samples of one arm, and fits without error', () => {
    const problem = made(1)
    expect(
      lassoRefits(problem)(
        counts.map((count, row) => (row % 2 === 0 ? count : 0)),
        0.05,
      ),
    ).toBeUndefined()
    expect(lassoRefits({ ...problem, outcome: new Float64Array(ROWS).fill(2) })(counts, 0.05)).toBeUndefined()
  })
})

import { describe, expect, it } from 'vitest'
import { crossValidatedPenalty } from '../../../src/numeric/cross-validated-penalty.js'
import { ordinaryLeastSquares } from '../../../src/numeric/ordinary-least-squares.js'
import { type Penalty, penalisedRegression } from '../../../src/numeric/penalised-regression.js'
import { drawNormal } from '../../../src/random/normal.js'
import { stream } from '../../../src/random/stream.js'

const x1 = [-1.2, 0.4, 0.9, -0.3, 1.5, -0.8, 0.1, 2.0, -1.7, 0.6, -0.5, 1.1]
const x2 = [0, 1, 1, 0, 1, 0, 0, 1, 1, 0, 1, 0]
const outcome = Float64Array.of(0.3, 1.9, 0.5, 0.8, 1.1, -0.6, 0.2, 3.1, -1.0, 1.4, 0.1, 2.2)
const design = Float64Array.from(x1.flatMap((x, row) => [1, x, x2[row], row % 2, (row % 2) * x, (row % 2) * x2[row]]))
const isPenalised = [false, false, false, false, true, true]
const problem = (penalty: Penalty) => ({ design, outcome, isPenalised, penalty })

/**
 * R 4.2.2, glmnet 4.1-6: coef(glmnet(X, y, alpha, lambda = c(0.5, 0.1, 0.05) * 2 / 5, penalty.factor = c(0, 0, 0, 1, 1), standardize = FALSE, thresh = 1e-22)).
 * glmnet scales penalty factors to sum to the 5 columns, hence the 2 / 5, and divides the ridge penalty by the outcome's standard deviation (denominator n).
 */
const DEVIATION = 1.128667
const glmnet: [Penalty, number, number[]][] = [
  ['lasso', 0.1, [0.26907607, 0.63325423, 0.0388681, 0.70020063, 0.33561365, 0]],
  ['lasso', 0.05, [0.29003451, 0.55854989, -0.00937804, 0.62803143, 0.54490359, 0]],
  ['ridge', 0.1 / DEVIATION, [0.38773315, 0.56504199, -0.15446528, 0.48887283, 0.50105129, 0.32550742]],
  ['ridge', 0.05 / DEVIATION, [0.43008631, 0.54104256, -0.2233949, 0.41363557, 0.55910186, 0.44201262]],
]

describe('penalisedRegression', () => {
  it.each(glmnet)('%s at %f has the coefficients of glmnet', (penalty, lambda, expected) => {
    const solution = penalisedRegression(problem(penalty)).solve(lambda)
    expected.forEach((value, k) => {
      expect(solution[k]).toBeCloseTo(value, 6)
    })
  })
  it.each(['ridge', 'lasso'] as const)('%s with hardly any penalty is least squares', (penalty) => {
    const { coefficients } = ordinaryLeastSquares(design, outcome)
    const solution = penalisedRegression(problem(penalty)).solve(1e-10)
    solution.forEach((value, k) => {
      expect(value).toBeCloseTo(coefficients[k], 7)
    })
  })
  it('the lasso is all 0 at its largest penalty and not just below it', () => {
    const regression = penalisedRegression(problem('lasso'))
    expect([...regression.solve(regression.largestPenalty * 1.0001).subarray(4)]).toEqual([0, 0])
    expect(
      regression
        .solve(regression.largestPenalty * 0.999)
        .subarray(4)
        .some((value) => value !== 0),
    ).toBe(true)
  })
  it('gradients of the lasso vanish for free and active coefficients and are within the penalty for the others', () => {
    const lambda = 0.1
    const solution = penalisedRegression(problem('lasso')).solve(lambda)
    solution.forEach((value, k) => {
      let gradient = 0
      for (let row = 0; row < 12; row++) {
        let residual = outcome[row]
        for (let j = 0; j < 6; j++) residual -= design[row * 6 + j] * solution[j]
        gradient += (design[row * 6 + k] * residual) / 12
      }
      if (value === 0) expect(Math.abs(gradient)).toBeLessThan(lambda)
      else expect(gradient).toBeCloseTo(isPenalised[k] ? lambda * Math.sign(value) : 0, 9)
    })
  })
})

describe('crossValidatedPenalty', () => {
  const source = stream(8, 'penalty')
  const rows = 200
  const wide = Float64Array.from({ length: rows * 6 }, (_, at) => (at % 6 === 0 ? 1 : drawNormal(source)))
  const folds = Int32Array.from({ length: rows }, (_, row) => row % 10)
  const penaltyFor = (size: number) => {
    const noise = stream(9, 'noise')
    const y = Float64Array.from({ length: rows }, (_, row) => size * wide[row * 6 + 5] + drawNormal(noise))
    return crossValidatedPenalty({ design: wide, outcome: y, isPenalised, penalty: 'ridge' }, folds)
  }
  it('is smaller the more there is to find', () => {
    expect(penaltyFor(2)).toBeLessThan(penaltyFor(0) / 10)
  })
})

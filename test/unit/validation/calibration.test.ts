import { inverse, Matrix } from 'ml-matrix'
import { describe, expect, it } from 'vitest'
import { normalCdf } from '../../../src/numeric/normal-cdf.js'
import { normalQuantile } from '../../../src/numeric/normal-quantile.js'
import { benefitGroups, groupCountFor } from '../../../src/validation/benefit-groups.js'
import { calibrationCurve } from '../../../src/validation/calibration-curve.js'
import { calibrationRegression } from '../../../src/validation/calibration-regression.js'
import { armDifference, heldOutTrial } from '../../../src/validation/held-out-trial.js'
import { groupPlaces, isCovered, predictivePlace } from '../../../src/validation/interval-calibration.js'
import { meanBias } from '../../../src/validation/mean-bias.js'
import { plantedTrial } from './planted-trial.js'

/** Standard errors, exceeded with probability 6e-7. */
const ERRORS = 5

describe('the mean bias', () => {
  it('is the mean prediction minus the difference of the arms, with the error of Welch', () => {
    const trial = heldOutTrial(Float64Array.of(5, 7, 1, 3), Float64Array.of(1, 1, 0, 0))
    const { estimate, standardError } = meanBias(trial, Float64Array.of(6, 4, 5, 5))
    expect(estimate).toBeCloseTo(5 - 4, 12)
    expect(standardError).toBeCloseTo(Math.sqrt(2 / 2 + 2 / 2), 12)
  })

  it('sees a shift that was planted', () => {
    const { trial, effect } = plantedTrial(21)
    const { estimate, standardError } = meanBias(
      trial,
      effect.map((value) => value + 1),
    )
    expect(Math.abs(estimate - 1)).toBeLessThan(ERRORS * standardError)
    expect(estimate).toBeGreaterThan(ERRORS * standardError)
  })
})

describe('calibration for benefit as a regression', () => {
  it('gives exactly the planted intercept and slope when there is no noise', () => {
    const predicted = Float64Array.of(1, 2, 3, 4, 1, 2, 3, 4)
    const treatment = Float64Array.of(1, 1, 1, 1, 0, 0, 0, 0)
    const outcome = treatment.map((arm, patient) => 3 + (arm - 0.5) * (0.7 - 1.3 * predicted[patient]))
    const { intercept, slope } = calibrationRegression(heldOutTrial(outcome, treatment), predicted)
    expect(intercept.estimate).toBeCloseTo(0.7, 10)
    expect(slope.estimate).toBeCloseTo(-1.3, 10)
  })

  it.each([
    [0, 1],
    [0.5, 1],
    [0, 0.4],
    [-1, 2],
  ])('finds intercept %d and slope %d within its errors', (intercept, slope) => {
    const { trial, effect } = plantedTrial(22, { size: 4000, share: 0.4 })
    const found = calibrationRegression(
      trial,
      effect.map((value) => (value - intercept) / slope),
    )
    expect(Math.abs(found.intercept.estimate - intercept)).toBeLessThan(ERRORS * found.intercept.standardError)
    expect(Math.abs(found.slope.estimate - slope)).toBeLessThan(ERRORS * found.slope.standardError)
  })

  it('sees overfitted predictions: a slope of 0.4 is not taken for 1', () => {
    const { trial, effect } = plantedTrial(22, { size: 4000 })
    const { slope } = calibrationRegression(
      trial,
      effect.map((value) => value / 0.4),
    )
    expect(1 - slope.estimate).toBeGreaterThan(ERRORS * slope.standardError)
  })

  it('has standard errors that are the spread over repetitions', () => {
    const repetitions = 200
    const found = Array.from({ length: repetitions }, (_, seed) => {
      const { trial, effect } = plantedTrial(3000 + seed, { size: 200 })
      return calibrationRegression(trial, effect)
    })
    for (const part of ['intercept', 'slope'] as const) {
      const mean = found.reduce((sum, one) => sum + one[part].estimate, 0) / repetitions
      const spread = Math.sqrt(found.reduce((sum, one) => sum + (one[part].estimate - mean) ** 2, 0) / (repetitions - 1))
      const stated = found.reduce((sum, one) => sum + one[part].standardError, 0) / repetitions
      // The spread of 200 has a relative error of 1 / sqrt(400): 5 times that.
      expect(Math.abs(stated / spread - 1)).toBeLessThan(0.25)
    }
  })

  it('has the HC2 errors of the regression on (t - e) and (t - e) x prediction, written out', () => {
    const { trial, effect } = plantedTrial(28, { size: 60, share: 0.3, mean: 3, isRaw: true })
    const predicted = effect.map((value) => value + 0.1 * value * value)
    const rows = [...predicted.keys()].map((patient) => {
      const w = trial.contrast[patient]
      return [1, w, w * predicted[patient]]
    })
    const design = new Matrix(rows)
    const bread = inverse(design.transpose().mmul(design))
    const coefficients = bread.mmul(design.transpose()).mmul(Matrix.columnVector([...trial.residual]))
    const weights = rows.map((row, patient) => {
      const x = new Matrix([row])
      const error = trial.residual[patient] - x.mmul(coefficients).get(0, 0)
      return (error * error) / (1 - x.mmul(bread).mmul(x.transpose()).get(0, 0))
    })
    const covariance = bread.mmul(design.transpose()).mmul(Matrix.diag(weights)).mmul(design).mmul(bread)
    const found = calibrationRegression(trial, predicted)
    expect(found.intercept.estimate).toBeCloseTo(coefficients.get(1, 0), 8)
    expect(found.slope.estimate).toBeCloseTo(coefficients.get(2, 0), 8)
    expect(found.intercept.standardError).toBeCloseTo(Math.sqrt(covariance.get(1, 1)), 8)
    expect(found.slope.standardError).toBeCloseTo(Math.sqrt(covariance.get(2, 2)), 8)
  })

  it('is not a number when all predictions are the same', () => {
    const { trial } = plantedTrial(23, { size: 50 })
    expect(calibrationRegression(trial, new Float64Array(50).fill(2)).slope.estimate).toBeNaN()
  })
})

describe('calibration for benefit in groups', () => {
  it('cuts patients in order of prediction into equal groups with the difference of their arms', () => {
    const { trial, effect } = plantedTrial(24, { size: 400 })
    const groups = benefitGroups(trial, effect, 4)
    expect(groups.map(({ patients }) => patients.length)).toEqual([100, 100, 100, 100])
    const sorted = [...effect].sort((first, second) => first - second)
    expect(groups[0].predicted).toBeCloseTo(sorted.slice(0, 100).reduce((sum, value) => sum + value, 0) / 100, 10)
    expect(groups[2].observed).toEqual(armDifference(trial, groups[2].patients))
  })

  it('is one group where nobody is told apart, and in small trials', () => {
    const { trial } = plantedTrial(25, { size: 400 })
    expect(benefitGroups(trial, new Float64Array(400).fill(1))).toHaveLength(1)
    expect(groupCountFor(plantedTrial(25, { size: 30 }).trial)).toBe(1)
    expect(groupCountFor(trial)).toBe(5)
  })
})

describe('the calibration curve', () => {
  it('is the planted line exactly when there is no noise', () => {
    const predicted = Float64Array.from({ length: 200 }, (_, patient) => Math.floor(patient / 2) / 20)
    const treatment = predicted.map((_, patient) => patient % 2)
    const outcome = treatment.map((arm, patient) => (arm - 0.5) * (0.3 + 2 * predicted[patient]))
    const { points } = calibrationCurve(heldOutTrial(outcome, treatment), predicted)
    for (const { predicted: at, observed } of points) expect(observed.estimate).toBeCloseTo(0.3 + 2 * at, 8)
  })

  it('sees a bend that a straight line does not, and distances tell good predictions from bent ones', () => {
    const { trial, effect } = plantedTrial(26, { size: 6000, noise: 0.5 })
    const bent = effect.map((value) => Math.sign(value) * value * value)
    expect(calibrationCurve(trial, effect).distances.mean).toBeLessThan(0.15)
    expect(calibrationCurve(trial, bent).distances.ninetieth).toBeGreaterThan(0.5)
  })

  it('is empty when all predictions are the same', () => {
    const { trial } = plantedTrial(27, { size: 60 })
    const { points, distances } = calibrationCurve(trial, new Float64Array(60).fill(1))
    expect(points).toEqual([])
    expect(distances.median).toBeNaN()
  })
})

describe('the place of an observed effect in its predictive distribution', () => {
  it('is that of (observed - mean) / sqrt(SE^2 + SD^2) for normal predictions', () => {
    const draws = Float64Array.from({ length: 20_000 }, (_, index) => 1 + 2 * normalQuantile((index + 0.5) / 20_000))
    const place = predictivePlace({ estimate: 3, standardError: 1.5 }, draws)
    // A midpoint rule over 20 000 quantiles.
    expect(place).toBeCloseTo(normalCdf((3 - 1) / Math.hypot(1.5, 2)), 4)
  })

  it('is covered in the central 95% and not outside', () => {
    expect([0.02, 0.03, 0.5, 0.97, 0.98].map((place) => isCovered(place))).toEqual([false, true, true, true, false])
  })

  it('covers groups of well predicted trials, and not those whose intervals are far too narrow', () => {
    const places = (spread: number) =>
      Array.from({ length: 200 }, (_, seed) => {
        const { trial, effect } = plantedTrial(5000 + seed, { size: 100 })
        const groups = benefitGroups(trial, effect, 1)
        // The prediction is off by a trial's own deviation, SD 0.5, which its draws have with `spread`.
        const deviation = 0.5 * normalQuantile((seed + 0.5) / 200)
        const draws = Float64Array.from(
          { length: 60 * 100 },
          (_, at) => effect[at % 100] + deviation + spread * normalQuantile((Math.floor(at / 100) + 0.5) / 60),
        )
        return groupPlaces(groups, draws, 100)[0]
      })
    const coverage = (spread: number) => places(spread).filter((place) => isCovered(place)).length / 200
    // Binomial standard error 0.015 at 95%: 4 of them.
    expect(Math.abs(coverage(0.5) - 0.95)).toBeLessThan(0.062)
    expect(coverage(0.001)).toBeLessThan(0.88)
  })
})

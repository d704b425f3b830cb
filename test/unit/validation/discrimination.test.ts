import { describe, expect, it } from 'vitest'
import { concordanceForBenefit } from '../../../src/validation/concordance.js'
import { decisionValue } from '../../../src/validation/decision.js'
import { heldOutTrial } from '../../../src/validation/held-out-trial.js'
import { targetingCurve } from '../../../src/validation/targeting.js'
import { plantedTrial, shuffled } from './planted-trial.js'

/** Standard errors, exceeded with probability 6e-7. */
const ERRORS = 5

/** Every two pairs, as van Klaveren et al. define it. */
function bruteForce(outcome: Float64Array, treatment: Float64Array, predicted: Float64Array): number {
  const arm = (wanted: number) =>
    [...outcome.keys()].filter((patient) => treatment[patient] === wanted).sort((a, b) => predicted[a] - predicted[b])
  const [control, treated] = [arm(0), arm(1)]
  const pairs = control.map((without, rank) => ({
    benefit: (predicted[without] + predicted[treated[rank]]) / 2,
    difference: outcome[treated[rank]] - outcome[without],
  }))
  let [right, all] = [0, 0]
  for (const one of pairs)
    for (const other of pairs) {
      if (one.difference <= other.difference) continue
      all++
      right += one.benefit > other.benefit ? 1 : one.benefit === other.benefit ? 0.5 : 0
    }
  return right / all
}

describe('c-for-benefit', () => {
  it.each([1, 2, 3])('agrees with counting every two pairs, ties included (seed %d)', (seed) => {
    const { effect } = plantedTrial(seed, { size: 120 })
    const treatment = effect.map((_, patient) => patient % 2)
    const coarse = effect.map((value) => Math.round(2 * value) / 2)
    const outcome = effect.map((value, patient) => Math.round(treatment[patient] * value + Math.sin(37 * patient)))
    expect(concordanceForBenefit(heldOutTrial(outcome, treatment), coarse)).toBeCloseTo(
      bruteForce(outcome, treatment, coarse),
      12,
    )
  })

  it('is 1 for the order of the differences, 0 for the opposite, 1/2 where nobody is told apart', () => {
    const treatment = Float64Array.of(1, 0, 1, 0, 1, 0)
    const trial = heldOutTrial(Float64Array.of(1, 0, 2, 0, 3, 0), treatment)
    const predicted = Float64Array.of(1, 1, 2, 2, 3, 3)
    expect(concordanceForBenefit(trial, predicted)).toBe(1)
    expect(
      concordanceForBenefit(
        trial,
        predicted.map((value) => -value),
      ),
    ).toBe(0)
    expect(concordanceForBenefit(trial, new Float64Array(6))).toBe(0.5)
  })

  it('does not change under a monotone map of the predictions of equal arms', () => {
    const { effect } = plantedTrial(4, { size: 100 })
    const treatment = effect.map((_, patient) => patient % 2)
    const trial = heldOutTrial(
      effect.map((value, patient) => treatment[patient] * value + Math.cos(5 * patient)),
      treatment,
    )
    // Pairs average two neighbouring predictions: a linear map keeps their order for certain.
    expect(
      concordanceForBenefit(
        trial,
        effect.map((value) => 3 * value - 1),
      ),
    ).toBe(concordanceForBenefit(trial, effect))
  })

  it('pairs evenly spaced patients of the larger arm: of six for two, the second and the fifth', () => {
    const treatment = Float64Array.of(1, 1, 0, 0, 0, 0, 0, 0)
    const predicted = Float64Array.of(1, 2, 1, 1.1, 1.2, 2, 2.1, 2.2)
    // Treated 10 and 10; differences 5 and 8 for the second and the fifth control, the other way round for all others.
    const outcome = Float64Array.of(10, 10, 0, 5, 0, 9, 2, 9)
    expect(concordanceForBenefit(heldOutTrial(outcome, treatment), predicted)).toBe(1)
  })

  it('pairs all of the smaller arm', () => {
    const { trial, effect } = plantedTrial(5, { size: 500, share: 0.2, noise: 0.3 })
    expect(concordanceForBenefit(trial, effect)).toBeGreaterThan(0.55)
  })
})

describe('the targeting curve', () => {
  it('is the sum over ranks of (harmonic tail - 1) times the effect, without ties', () => {
    const { trial, effect } = plantedTrial(6, { size: 50 })
    const order = [...effect.keys()].sort((a, b) => effect[b] - effect[a])
    const tail = (rank: number) => {
      let sum = 0
      for (let k = rank; k <= 50; k++) sum += 1 / k
      return sum
    }
    const expected = order.reduce((sum, patient, place) => sum + ((tail(place + 1) - 1) * trial.pseudoEffect[patient]) / 50, 0)
    expect(targetingCurve(trial, effect).autoc.estimate).toBeCloseTo(expected, 12)
  })

  it('is the mean over patients of the curve at the end of their group of equals, as in grf', () => {
    const { trial, effect } = plantedTrial(7, { size: 60 })
    const coarse = effect.map(Math.round)
    const overall = trial.pseudoEffect.reduce((sum, value) => sum + value, 0) / 60
    let expected = 0
    for (const value of coarse) {
      const chosen = [...coarse.keys()].filter((patient) => coarse[patient] >= value)
      expected += (chosen.reduce((sum, patient) => sum + trial.pseudoEffect[patient], 0) / chosen.length - overall) / 60
    }
    expect(targetingCurve(trial, coarse).autoc.estimate).toBeCloseTo(expected, 12)
  })

  it('ends at 0, and its area does not change under a monotone map', () => {
    const { trial, effect } = plantedTrial(8, { size: 80 })
    const curve = targetingCurve(trial, effect)
    expect(curve.points.at(-1)?.advantage).toBeCloseTo(0, 12)
    expect(targetingCurve(trial, effect.map(Math.exp))).toEqual(curve)
  })

  it('is exactly 0 for a constant, near its closed form for the truth, and 0 within error after shuffling', () => {
    const { trial, effect } = plantedTrial(9, { size: 8000 })
    expect(targetingCurve(trial, new Float64Array(8000).fill(1)).autoc).toEqual({ estimate: 0, standardError: 0 })
    const right = targetingCurve(trial, effect).autoc
    // For a standard normal effect the mean of the largest u is phi(z_u) / u.
    expect(Math.abs(right.estimate - standardNormalAutoc())).toBeLessThan(ERRORS * right.standardError)
    const wrong = targetingCurve(trial, shuffled(effect, 3)).autoc
    expect(Math.abs(wrong.estimate)).toBeLessThan(ERRORS * wrong.standardError)
    expect(right.estimate).toBeGreaterThan(ERRORS * right.standardError)
  })

  it('has a standard error that is the spread over repetitions', () => {
    const found = Array.from({ length: 200 }, (_, seed) => {
      const { trial, effect } = plantedTrial(7000 + seed, { size: 200 })
      return targetingCurve(trial, shuffled(effect, seed)).autoc
    })
    const spread = Math.sqrt(found.reduce((sum, { estimate }) => sum + estimate ** 2, 0) / 200)
    const stated = found.reduce((sum, { standardError }) => sum + standardError, 0) / 200
    // The spread of 200 has a relative error of 1 / sqrt(400): 5 times that.
    expect(Math.abs(stated / spread - 1)).toBeLessThan(0.25)
  })
})

/** Integral over u of phi(z) / u, that is over z of phi(z)^2 / (1 - Phi(z)), by the trapezium rule. */
function standardNormalAutoc(): number {
  const step = 1e-3
  let [sum, upper] = [0, 0]
  for (let z = 9; z > -9; z -= step) {
    const density = Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI)
    upper += density * step
    sum += (density * density * step) / upper
  }
  return sum
}

describe('the value of decisions', () => {
  const trial = heldOutTrial(Float64Array.of(4, 2, 1, 3), Float64Array.of(1, 1, 0, 0))

  it('of treating everybody or nobody is the difference of the arms', () => {
    const everybody = decisionValue(trial, new Float64Array(4).fill(1), 0)
    expect(everybody).toMatchObject({ treatedShare: 1, overNone: { estimate: 1 }, overAll: { estimate: 0, standardError: 0 } })
    const nobody = decisionValue(trial, new Float64Array(4).fill(1), 1)
    expect(nobody).toMatchObject({ treatedShare: 0, overNone: { estimate: 0 } })
    expect(nobody.overAll.estimate).toBeCloseTo(-1, 12)
  })

  it('of a rule is its gain over both, which differ by the average effect', () => {
    const { overNone, overAll, agreement } = decisionValue(trial, Float64Array.of(1, -1, 1, -1), 0)
    expect(overNone.estimate - overAll.estimate).toBeCloseTo(1, 12)
    // Patients 1 and 4 got what the rule recommends.
    expect(agreement.estimate).toBeCloseTo((4 + 3) / 2 - (2 + 1) / 2, 12)
  })

  it('finds the value that was planted, and none in shuffled predictions', () => {
    const { trial: planted, effect } = plantedTrial(31, { size: 8000, mean: 0, share: 0.3 })
    const gained = effect.reduce((sum, value) => sum + Math.max(0, value), 0) / effect.length
    const right = decisionValue(planted, effect, 0)
    expect(Math.abs(right.overNone.estimate - gained)).toBeLessThan(ERRORS * right.overNone.standardError)
    expect(right.agreement.estimate).toBeGreaterThan(ERRORS * right.agreement.standardError)
    const wrong = decisionValue(planted, shuffled(effect, 4), 0)
    expect(Math.abs(wrong.overNone.estimate)).toBeLessThan(ERRORS * wrong.overNone.standardError)
    expect(Math.abs(wrong.agreement.estimate)).toBeLessThan(ERRORS * wrong.agreement.standardError)
  })
})

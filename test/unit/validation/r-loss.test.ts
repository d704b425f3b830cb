import { describe, expect, it } from 'vitest'
import { heldOutTrial } from '../../../src/validation/held-out-trial.js'
import { gainInformation, rLoss, rLossGain } from '../../../src/validation/r-loss.js'
import { plantedTrial, shuffled } from './planted-trial.js'

/** Of a difference of two means of 4 trials' worth of noise: 5 standard errors, exceeded with probability 6e-7. */
const ERRORS = 5

describe('the R-loss', () => {
  const trial = heldOutTrial(Float64Array.of(3, 1, 2, 6), Float64Array.of(1, 0, 0, 1))

  it('is the mean square of what (t - e) times the prediction leaves of the outcome', () => {
    // e = 1/2, so that residuals are 3 - 1, 1 + 1, 2 + 1 and 6 - 1 for a predicted benefit of 2.
    expect(rLoss(trial, new Float64Array(4).fill(2))).toBeCloseTo((4 + 4 + 9 + 25) / 4, 12)
  })

  it('has gains that are differences of losses over e (1 - e)', () => {
    const [own, other] = [Float64Array.of(1, 2, 3, 4), Float64Array.of(0, 1, -1, 2)]
    expect(rLossGain(trial, own, other).estimate).toBeCloseTo((rLoss(trial, other) - rLoss(trial, own)) / 0.25, 12)
  })

  it('gains exactly nothing over itself, without error', () => {
    const own = Float64Array.of(1, 2, 3, 4)
    expect(rLossGain(trial, own, own)).toEqual({ estimate: 0, standardError: 0 })
  })

  it.each([
    [0.5, false],
    [0.5, true],
    [0.25, false],
    [0.25, true],
  ])('gains the difference of the mean squared errors of the effect, with allocation %d, m wrong: %s', (share, isRaw) => {
    const { trial: planted, effect } = plantedTrial(11, { size: 20_000, share, isRaw })
    const mean = effect.reduce((sum, value) => sum + value, 0) / effect.length
    const own = effect.map((value) => 0.2 + 0.8 * value)
    const constant = new Float64Array(effect.length).fill(mean)
    const squared = (predicted: Float64Array) =>
      predicted.reduce((sum, value, patient) => sum + (value - effect[patient]) ** 2, 0) / predicted.length
    const { estimate, standardError } = rLossGain(planted, own, constant)
    expect(Math.abs(estimate - (squared(constant) - squared(own)))).toBeLessThan(ERRORS * standardError)
    expect(estimate).toBeGreaterThan(ERRORS * standardError)
  })

  it('loses to a constant effect when the right predictions go to the wrong patients', () => {
    const { trial: planted, effect } = plantedTrial(12)
    const { estimate, standardError } = rLossGain(planted, shuffled(effect, 1), new Float64Array(effect.length).fill(0.5))
    expect(estimate).toBeLessThan(-ERRORS * standardError)
  })

  it('has standard errors that are the spread of gains over repetitions', () => {
    const repetitions = 200
    const gains = Array.from({ length: repetitions }, (_, seed) => {
      const { trial: planted, effect } = plantedTrial(1000 + seed, { size: 300 })
      return rLossGain(
        planted,
        effect.map((value) => value / 2),
        new Float64Array(effect.length).fill(0.5),
      )
    })
    const mean = gains.reduce((sum, { estimate }) => sum + estimate, 0) / repetitions
    const spread = Math.sqrt(gains.reduce((sum, { estimate }) => sum + (estimate - mean) ** 2, 0) / (repetitions - 1))
    const stated = gains.reduce((sum, { standardError }) => sum + standardError, 0) / repetitions
    // The spread of 200 has a relative error of 1 / sqrt(400), more for heavy tails: 5 times that.
    expect(Math.abs(stated / spread - 1)).toBeLessThan(0.25)
  })

  it('is told more by larger trials and by even allocation', () => {
    const of = (size: number, share: number) => gainInformation(plantedTrial(5, { size, share }).trial)
    expect(of(4000, 0.5)).toBeGreaterThan(3 * of(1000, 0.5))
    expect(of(4000, 0.5)).toBeGreaterThan(of(4000, 0.1))
  })

  it('refuses a trial with one arm', () => {
    expect(() => heldOutTrial(Float64Array.of(1, 2), Float64Array.of(1, 1))).toThrow(/both arms/)
  })
})

import { describe, expect, it } from 'vitest'
import type { Gain } from '../../../src/validation/pool-gains.js'
import { poolGains } from '../../../src/validation/pool-gains.js'
import { type RankedCandidate, recommend } from '../../../src/validation/recommend.js'

const gains = (...estimates: number[]): Gain[] =>
  estimates.map((estimate) => ({ estimate, standardError: 0.1, information: 100 }))
const none = [0, 0, 0, 0, 0, 0].map((estimate): Gain => ({ estimate, standardError: 0, information: 100 }))

/** Gains over each other are differences, with the same error. */
function candidates(own: readonly (readonly Gain[] | undefined)[]): RankedCandidate[] {
  return own.map((one, place) => ({
    name: place === 0 ? 'constant effect' : `method ${place}`,
    isConstant: place === 0,
    gains: one,
    gainOver: (other) =>
      one &&
      own[other] &&
      one.map((gain, trial) => ({ ...gain, standardError: 0.1, estimate: gain.estimate - own[other]![trial].estimate })),
    shareBest: 0.5,
  }))
}

const context = { unit: 'kg²', trialCount: 6 }

describe('the recommendation', () => {
  it('is firm when the interval over the constant effect excludes 0', () => {
    const { candidate, kind, notTold, text } = recommend(candidates([none, gains(1, 1.1, 0.9, 1, 1.2, 0.8)]), context)
    expect({ candidate, kind, notTold }).toEqual({ candidate: 1, kind: 'clear', notTold: [] })
    expect(text).toMatch(/^Use "method 1": .* by 1 kg² \(95% interval 0\.8\d+ to 1\.1\d+\)/)
  })

  it('says what it does not tell apart', () => {
    const better = gains(1, 1.1, 0.9, 1, 1.2, 0.8)
    const { candidate, notTold, text } = recommend(candidates([none, better, gains(0.9, 1.2, 0.8, 1.1, 1.1, 0.8)]), context)
    expect({ candidate, notTold }).toEqual({ candidate: 1, notTold: [2] })
    expect(text).toContain('do not tell it apart from "method 2"')
  })

  it('is doubtful when the interval includes 0, and points to the average effect', () => {
    const { kind, text } = recommend(candidates([none, gains(3, -1, 3, -1, 2, 0.5)]), context)
    expect(kind).toBe('uncertain')
    expect(text).toMatch(/does not clearly beat a constant effect.*Report the average effect.*No method clearly beats/)
  })

  it('is the surer of two methods that gain the same', () => {
    const [rough, sure] = [gains(3, -1, 3, -1, 2, 0.6), gains(1.1, 1, 1.1, 1.2, 1, 1)]
    const { candidate, kind } = recommend(candidates([none, rough, sure]), context)
    expect({ candidate, kind }).toEqual({ candidate: 2, kind: 'clear' })
  })

  it('is the constant effect when a gain does not exceed its standard error', () => {
    expect(recommend(candidates([none, gains(3, -2.5, 2, -2, 1, -1)]), context).kind).toBe('constant')
  })

  it('names methods that gain less and more surely than the one that gains most', () => {
    const [rough, sure] = [gains(9, -1, 8, -1, 7, 2), gains(0.1, 0.2, 0.3, 0.2, 0.2, 0.2)]
    const { candidate, kind, text } = recommend(candidates([none, rough, sure]), context)
    expect({ candidate, kind }).toEqual({ candidate: 1, kind: 'uncertain' })
    expect(text).toContain('A smaller gain, with an interval above 0, has "method 2"')
  })

  it('is the constant effect when nothing gains on average', () => {
    const { candidate, kind, text } = recommend(candidates([none, gains(-1, -1, -2, 1, -1, 0)]), context)
    expect({ candidate, kind }).toEqual({ candidate: 0, kind: 'constant' })
    expect(text).toMatch(/^No method beats a constant effect/)
  })

  it('passes over a candidate that failed somewhere, however good elsewhere', () => {
    expect(recommend(candidates([none, undefined, gains(1, 1, 1, 1, 1, 0.9)]), context).candidate).toBe(2)
  })

  it('warns when choosing did not pay without the trial chosen for', () => {
    const nested = { gain: poolGains(gains(-0.1, 0, -0.2, 0.1, -0.1, 0)), chosen: [1, 0, 1, 0, 1, 0] }
    const { text } = recommend(candidates([none, gains(0.3, 0.1, 0.2, 0.1, 0.3, 0.1)]), { ...context, nested })
    expect(text).toMatch(/So the choice itself did not pay/)
  })
})

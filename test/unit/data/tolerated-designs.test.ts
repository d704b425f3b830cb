import { describe, expect, it } from 'vitest'
import { checkTrials } from '../../../src/data/check-trials.js'
import { designTrials } from '../../../src/data/design-trials.js'
import { ageProtocol, header, reading, trialLines } from './fixtures.js'

const allowing = ageProtocol({ trials: { singularDesign: 'allow' } })
const constantAge = trialLines('B', 12).map((line) => line.split(',').with(4, '40').join(','))
const withTrial = (lines: readonly string[]) => reading(allowing, header, ...trialLines('A', 30), ...lines)

describe('trials.singularDesign: allow', () => {
  it('keeps a trial whose design is singular, with a warning that its prior decides', () => {
    const trials = withTrial(constantAge)
    expect(designTrials(trials, allowing).designs.map(({ study }) => study)).toEqual(['A', 'B'])
    const check = checkTrials(trials, allowing)
    const fault = check.faults.find(({ code }) => code === 'singular-design')
    expect(fault).toMatchObject({ severity: 'warning', study: 'B' })
    expect(`${fault?.message}. ${fault?.remedy}`).toMatch(
      /age is the same for all patients.*about age is the prior, not the data/,
    )
    expect(check.trials.map(({ isAnalysed }) => isAnalysed)).toEqual([true, true])
  })
  it('keeps a trial with fewer patients than coefficients', () => {
    const trials = withTrial(trialLines('B', 4))
    expect(designTrials(trials, allowing).designs).toHaveLength(2)
    expect(checkTrials(trials, allowing).faults.map(({ code }) => code)).toContain('too-few-patients')
  })
  it('does not keep a trial with one arm, whose effect no prior can give', () => {
    const treated = trialLines('B', 12).map((line) => line.split(',').with(2, 'drug').join(','))
    expect(() => designTrials(withTrial(treated), allowing)).toThrow(/treated arm.*exclude/s)
  })
})

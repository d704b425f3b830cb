import { describe, expect, it } from 'vitest'
import { type ComparedTrial, coefficientOddities } from '../../../src/numeric/coefficient-oddities.js'
import { drawNormal } from '../../../src/random/normal.js'
import { stream } from '../../../src/random/stream.js'
import { coefficientWarnings } from '../../../src/stages/coefficient-warnings.js'

const names = ['treatment', 'treatment:age', 'treatment:sex']
const means = [2, 0.8, -0.5]

/** Trials of 100 to 500 patients with residual standard deviation 1, and tau 0.1. */
function makeTrials(seed: number, count = 8): ComparedTrial[] {
  const source = stream(seed, 'oddities')
  return Array.from({ length: count }, (_, trial) => {
    const patientCount = 100 + Math.floor(400 * source.uniform())
    const variance = 4 / patientCount
    return {
      study: `trial ${trial + 1}`,
      patientCount,
      coefficientNames: names,
      estimate: Float64Array.from(means, (mean) => drawNormal(source, mean, Math.sqrt(variance + 0.01))),
      covariance: Float64Array.from({ length: 9 }, (__, at) => (at % 4 === 0 ? variance : 0)),
    }
  })
}

/** Coefficient i of trial 3 times its factor. */
const changed = (factors: readonly number[], trials = makeTrials(1)) =>
  trials.map((trial, index) =>
    index !== 2
      ? trial
      : {
          ...trial,
          estimate: trial.estimate.map((value, i) => value * factors[i]),
          covariance: trial.covariance.map((value, at) => value * factors[Math.floor(at / 3)] * factors[at % 3]),
        },
  )

describe('coefficientOddities', () => {
  it.each([
    ['its outcome in other units', [10, 10, 10], 'outcome-scale'],
    ['its outcome in much larger units', [0.1, 0.1, 0.1], 'outcome-scale'],
    ['one covariate in months instead of years', [1, 1 / 12, 1], 'covariate-scale'],
    ['its treatment coded the other way', [-1, -1, -1], 'sign'],
    ['a covariate in other units, which moves the effect at the reference too', [12, 12, 1], 'covariate-scale'],
  ])('flags a trial with %s, and no other', (_, factors, kind) => {
    expect(coefficientOddities(changed(factors))).toMatchObject([{ kind, study: 'trial 3' }])
  })

  it('flags a coefficient that the other trials do not predict', () => {
    const trials = makeTrials(1)
    trials[4].estimate[1] += 5
    expect(coefficientOddities(trials)).toMatchObject([{ kind: 'outlying', study: 'trial 5', coefficientName: 'treatment:age' }])
  })

  it('finds a turned sign among five trials, of which no coefficient alone is beyond doubt', () => {
    const found = Array.from({ length: 20 }, (_, seed) => coefficientOddities(changed([-1, -1, -1], makeTrials(seed, 5))))
    // with standard errors of 0.1 to 0.2 beside differences of 4, 1.6 and 1 few can be missed
    expect(found.filter(([first]) => first?.kind === 'sign' && first.study === 'trial 3').length).toBeGreaterThan(16)
  })

  it('leaves 100 sets of ordinary trials alone but for the false alarms it allows', () => {
    const alarms = Array.from({ length: 100 }, (_, seed) => coefficientOddities(makeTrials(seed)).length > 0)
    // 1% each, more since tau is estimated: 9 or more of 100 would have a chance below 1e-6 at 1%
    expect(alarms.filter(Boolean).length).toBeLessThan(9)
  })

  it('says nothing with three trials', () => {
    expect(coefficientOddities(changed([10, 10, 10]).slice(0, 3))).toEqual([])
  })

  it('is worded as something to check', () => {
    expect(coefficientWarnings(changed([10, 10, 10]))).toMatchObject([
      {
        severity: 'important',
        message: expect.stringMatching(/trial "trial 3".*other units.*times as large as in the other trials.*Check the unit/),
      },
    ])
    expect(coefficientWarnings(changed([-1, -1, -1]))[0].message).toMatch(/signs were turned.*treatment coding/)
  })
})

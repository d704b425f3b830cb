import { describe, expect, it } from 'vitest'
import { diagnose } from '../../../diagnostics/convergence/diagnose.js'
import { firstStageModel as linear } from '../../../models/first-stage/linear.js'
import type { TrialDesign } from '../../../src/contract/trial.js'
import { variable } from '../../../src/draws/variable.js'
import { DataError } from '../../../src/errors/data-error.js'
import { exactFit } from '../../../src/fitting/exact-fit.js'
import { smallTrial } from './small-trial.js'

const settings = { seed: 1, chains: 4, draws: 500 }
const normal = linear.parseOptions({ prior: { name: 'normal', scale: 0.5 } })
const flat = linear.parseOptions({})
const good = smallTrial(60)
const fitted = (trial: TrialDesign, options = normal) => exactFit(linear, trial, options, settings)!

/** `age` replaced in every patient. */
const withColumn = (trial: TrialDesign, index: number, value: (patient: number) => number): TrialDesign => ({
  ...trial,
  covariates: trial.covariates.map((own, at) => (at % 3 === index ? value(Math.floor(at / 3)) : own)),
})
const collinear = withColumn(good, 1, (patient) => 2 * good.covariates[3 * patient] - 1)
const cases: [string, TrialDesign, RegExp?][] = [
  ['n = 10 with 7 coefficients', smallTrial(10)],
  ['fewer patients than coefficients', smallTrial(5), /the data say next to nothing about .*treatment/],
  ['exactly collinear covariates', collinear],
  ['nearly collinear covariates', withColumn(good, 1, (patient) => good.covariates[3 * patient] + 1e-9 * (patient % 3))],
  [
    'a modifier that only one treated patient has',
    withColumn(good, 2, (patient) => (patient === 1 || (patient % 2 === 0 && patient % 4 === 0) ? 1 : 0)),
    /only one patient of the treated arm has one of the two values of sex.*treatment:sex/,
  ],
  [
    'a modifier that no treated patient has',
    withColumn(good, 2, (patient) => (patient % 4 === 0 ? 1 : 0)),
    /next to nothing about treatment:sex\. .*independent normal priors with mean 0 and standard deviation 0.5/,
  ],
  ['all patients in one arm', { ...good, treatment: good.treatment.map(() => 1) }],
  [
    'an extreme outlier',
    { ...good, outcome: good.outcome.map((value, patient) => (patient === 7 ? 1e6 : value)) },
    /outcome of patient 7.* robust standard deviations.*student-t/,
  ],
  ['outcomes of size 1e-8', { ...good, outcome: good.outcome.map((value) => 1e-8 * value) }],
]

describe('the linear model with a proper prior', () => {
  it.each(cases)('fits %s with finite draws that pass the checks, and says what the prior did', (_, trial, caution) => {
    const { draws, diagnosis } = fitted(trial)
    expect(diagnosis.status).toBe('passed')
    for (const { values } of draws.variables) expect(values.every(Number.isFinite)).toBe(true)
    expect(diagnose(draws, { ...draws, variables: [] }).status).toBe('passed')
    const cautions = linear.cautions!(trial, normal)
    if (caution) expect(cautions.join('\n')).toMatch(caution)
  })
  it('gives a coefficient that the data do not determine its prior', () => {
    const trial = cases[5][1]
    const gamma = variable(fitted(trial).draws, 'gamma').values.filter((_, at) => at % 2 === 1)
    const sd = Math.sqrt(gamma.reduce((sum, value) => sum + value * value, 0) / gamma.length)
    /** 4.5 standard errors of a standard deviation from 2000 draws: 7%. */
    expect(Math.abs(sd / 0.5 - 1)).toBeLessThan(0.07)
  })
  it('says nothing of a trial that has nothing the matter', () => {
    expect(linear.cautions!(good, normal)).toEqual([])
    expect(linear.cautions!(good, flat)).toEqual([])
  })
})

describe('the linear model refuses', () => {
  it.each([
    [
      'flat priors on fewer patients than coefficients',
      smallTrial(5),
      flat,
      /does not determine all coefficients.*proper prior/s,
    ],
    ['flat priors on collinear covariates', collinear, flat, /7 coefficients, of which its 60 patients determine 6/],
    ['flat priors on one arm', cases[6][1], flat, /does not determine/],
    ['a constant outcome', { ...good, outcome: good.outcome.map(() => 3) }, normal, /outcome is the same for all patients/],
    ['a constant outcome of 0', { ...good, outcome: good.outcome.map(() => 0) }, normal, /outcome is the same for all patients/],
    [
      'an outcome that is a covariate',
      { ...good, outcome: good.outcome.map((_, p) => good.covariates[3 * p]) },
      normal,
      /without error/,
    ],
  ] as const)('%s, naming the trial', (_, trial, options, message) => {
    for (const act of [() => fitted(trial, options), () => linear.condition(trial, options)]) {
      expect(act).toThrow(DataError)
      expect(act).toThrow(message)
      expect(act).toThrow(/trial "A"/)
    }
  })
})

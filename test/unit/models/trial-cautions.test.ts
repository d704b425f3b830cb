import { describe, expect, it } from 'vitest'
import { firstStageModel as gaussianProcess } from '../../../models/first-stage/gaussian-process.js'
import { firstStageModel as neuralNetwork } from '../../../models/first-stage/neural-network.js'
import { trialCautions } from '../../../models/first-stage/shared/trial-cautions.js'
import { firstStageModel as treeEnsemble } from '../../../models/first-stage/tree-ensemble.js'
import type { FirstStageModel } from '../../../src/contract/first-stage-model.js'
import { DataError } from '../../../src/errors/data-error.js'
import { fit } from '../../../src/fitting/fit.js'
import { stream } from '../../../src/random/stream.js'
import { smallTrial } from './small-trial.js'

const usual = smallTrial(80)

describe('cautions about a trial', () => {
  it('are none for a trial of usual size without extreme outcomes', () => {
    expect(trialCautions(usual)).toEqual([])
  })
  it('say that the prior decides where there are few patients for each coefficient', () => {
    expect(trialCautions(smallTrial(20)).join()).toMatch(/20 patients for 7 coefficients.*the prior draws its effects together/)
  })
  it('say so of an arm with few patients', () => {
    const treatment = usual.treatment.map((_, patient) => (patient < 3 ? 1 : 0))
    expect(trialCautions({ ...usual, treatment }).join()).toMatch(/only 3 patients in the treated arm/)
  })
  it('count outcomes that no normal distribution would give', () => {
    const outcome = usual.outcome.map((value, patient) => (patient === 7 ? 60 : value))
    expect(trialCautions({ ...usual, outcome }).join()).toMatch(/1 outcome lies more than 7 robust standard deviations/)
  })
})

describe('cautions about covariates and units', () => {
  const withColumn = (index: number, valueAt: (patient: number) => number) => ({
    ...usual,
    covariates: usual.covariates.map((value, at) => (at % 3 === index ? valueAt(Math.floor(at / 3)) : value)),
  })
  it('say that a rare level leaves the effect at it to the prior', () => {
    expect(trialCautions(withColumn(2, (patient) => (patient === 4 ? 1 : 0))).join()).toMatch(
      /only 0 patients have one of the two values of sex/,
    )
    expect(trialCautions(withColumn(2, (patient) => (patient < 8 ? 1 : 0)))).toEqual([])
  })
  it('say that a covariate without variation tells nothing', () => {
    expect(trialCautions(withColumn(0, () => 0.3)).join()).toMatch(/age is the same for all patients/)
  })
  it('say of modifiers that go together that the trial cannot tell them apart', () => {
    const twice = withColumn(2, (patient) => 2 * usual.covariates[3 * patient] - 1)
    expect(trialCautions(twice).join()).toMatch(/sex follows exactly from age; which of them/)
    expect(trialCautions(withColumn(2, (patient) => usual.covariates[3 * patient] + 0.1 * (patient % 3)))).toEqual([])
  })
  it('say nothing of a covariate that modifies no effect', () => {
    expect(trialCautions(withColumn(1, () => 0.3))).toEqual([])
  })
  it('ask for the unit of outcomes far from the reference standard deviation', () => {
    const times = (factor: number) => trialCautions({ ...usual, outcome: usual.outcome.map((value) => factor * value) }).join()
    expect(times(1000)).toMatch(/times the protocol's reference one/)
    expect(times(0.001)).toMatch(/Check the unit of the outcome/)
    expect(times(5)).toBe('')
  })
  it('say that tied outcomes are not normal', () => {
    const outcome = usual.outcome.map((value, patient) => (patient % 4 < 2 || patient % 8 === 2 ? 0 : value))
    expect(trialCautions({ ...usual, outcome }).join()).toMatch(/more than half of the outcomes of an arm are the same number/)
  })
})

describe.each([
  ['neural-network', neuralNetwork as FirstStageModel, { prognostic: { width: 3 }, effect: { width: 2 } }],
  ['tree-ensemble', treeEnsemble as FirstStageModel, { prognostic: { trees: 2 }, effect: { trees: 1 } }],
  ['gaussian-process', gaussianProcess as FirstStageModel, {}],
] as const)('%s', (_, subject, raw) => {
  const options = subject.parseOptions(raw)
  const effectsOf = async (trial: typeof usual) => {
    const { model, data } = subject.condition(trial, options)
    const { draws } = await fit(model, data, { seed: 1, chains: 1, warmup: 100, draws: 100, algorithm: 'hmc' })
    return subject.effects(draws, trial, options).predict(Float64Array.of(0, 0, 1.5, 1), 2, stream(1, 'effects'))
  }
  it('refuses an outcome that does not vary', () => {
    const outcome = usual.outcome.map(() => 1.3)
    expect(() => subject.condition({ ...usual, outcome }, options)).toThrow(DataError)
    expect(() => subject.condition({ ...usual, outcome }, options)).toThrow(/the same for all 80 patients/)
  })
  it.each([
    ['10 patients', smallTrial(10)],
    ['as many patients as coefficients', smallTrial(7)],
    ['an extreme outcome', { ...usual, outcome: usual.outcome.map((value, patient) => (patient === 7 ? 60 : value)) }],
    ['one treated patient', { ...usual, treatment: usual.treatment.map((__, patient) => (patient === 4 ? 1 : 0)) }],
    [
      'a covariate twice',
      { ...usual, covariates: usual.covariates.map((value, at) => (at % 3 === 1 ? usual.covariates[at - 1] : value)) },
    ],
    [
      'a modifier twice',
      { ...usual, covariates: usual.covariates.map((value, at) => (at % 3 === 2 ? usual.covariates[at - 2] : value)) },
    ],
  ] as const)('with %s gives finite effects, with a caution where the prior decides', async (title, trial) => {
    const effects = await effectsOf(trial)
    expect(effects.every(Number.isFinite)).toBe(true)
    expect(subject.cautions?.(trial, options).length).toBe(
      title === 'a covariate twice'
        ? 0
        : ['an extreme outcome', 'one treated patient', 'a modifier twice'].includes(title)
          ? 1
          : 2,
    )
  })
})

import { describe, expect, it } from 'vitest'
import { coefficientPriors } from '../../models/coefficient-priors.js'
import type { Prior } from '../../src/contract/distribution.js'
import type { FirstStageModel } from '../../src/contract/first-stage-model.js'
import type { Model } from '../../src/contract/model.js'
import type { AnyPoolingMethod, EffectPoolingMethod, PoolingMethod, TrialEffects } from '../../src/contract/pooling-method.js'
import type { DesignColumn, TrialDesign, TrialEstimate } from '../../src/contract/trial.js'
import { scalarNames } from '../../src/draws/draws.js'
import { variable } from '../../src/draws/variable.js'
import { ProtocolError } from '../../src/errors/protocol-error.js'
import { type ConditionedModel, condition } from '../../src/language/condition.js'
import { treatmentCoefficientNames } from '../../src/numeric/trial-regression.js'
import { drawNormal } from '../../src/random/normal.js'
import { stream } from '../../src/random/stream.js'
import { discover } from './discover.js'
import { itIntegratesOut } from './integrated-form.js'

/** Options worth trying beside the defaults, by the name of the model or method; one without an entry is tried with its defaults only. */
const variants: Readonly<Record<string, readonly Record<string, unknown>[]>> = {
  linear: [
    ...[...coefficientPriors.keys()].map((prior) => ({ prior })),
    { prior: { name: 'normal', isLearned: true }, appliesTo: 'covariates' },
    { prior: 'spike-and-slab', appliesTo: 'covariates', residual: { family: 'half-normal', scale: 2 } },
    { errors: { family: 'student-t', byArm: true } },
  ],
  'gaussian-process': [
    { kernel: 'matern-5/2', allocation: 0.5, algorithm: 'nuts' },
    { form: 'basis', basis: { order: 3, pairDegree: 2 } },
  ],
  'weighted-average': [
    { weights: 'size', heterogeneity: 'restricted-maximum-likelihood' },
    { weights: 'equal', heterogeneity: 'none' },
    { weights: 'posterior-variance', heterogeneity: 'dersimonian-laird' },
    { weights: 'bootstrap', heterogeneity: 'posterior' },
    { components: 'separate' },
  ],
  mixture: [
    { weights: 'posterior-variance', heterogeneity: 'none', newSetting: 'mixture' },
    { weights: 'stacking', heterogeneity: 'posterior' },
    { weights: 'stacking', stacking: 'covariates' },
    { weights: 'bootstrap', components: 'separate' },
  ],
  hierarchical: [
    { heterogeneity: 'random-effect' },
    { heterogeneity: 'unstructured' },
    { heterogeneityScale: 0.3, prior: 'spike-and-slab', heterogeneityPrior: 'half-cauchy' },
    { heterogeneity: 'factor', betweenTrials: 'student-t', prior: 'regularised-horseshoe', heterogeneityPrior: 'half-student-t' },
    { betweenTrials: 'contamination', siteLikelihood: 'draws', firstStagePrior: 'divide-out' },
  ],
}
const optionsOf = (name: string) => [{}, ...(variants[name] ?? [])]

const column = (name: string, roles: Partial<DesignColumn> = {}): DesignColumn => ({
  name,
  covariate: name.split('=')[0],
  centre: 0,
  scale: 1,
  isPrognostic: true,
  isModifier: true,
  ...roles,
})
const designs: Readonly<Record<string, readonly DesignColumn[]>> = {
  'two modifiers and a prognostic level': [column('age'), column('clinic=NY', { isModifier: false }), column('sex')],
  'a modifier without main effect': [column('age', { isPrognostic: false })],
  'no covariates': [],
}

function makeTrial(columns: readonly DesignColumn[], patientCount = 25): TrialDesign {
  const source = stream(2, 'trial', columns.length)
  const normals = (count: number) => Float64Array.from({ length: count }, () => drawNormal(source, 0, 1))
  return {
    study: 'trial 1',
    columns,
    outcome: normals(patientCount),
    treatment: Float64Array.from({ length: patientCount }, (_, patient) => patient % 2),
    covariates: normals(patientCount * columns.length),
    patientIds: Array.from({ length: patientCount }, (_, patient) => `${patient + 1}`),
  }
}

function makeEstimates(coefficientNames: readonly string[], studyCount = 4): TrialEstimate[] {
  const size = coefficientNames.length
  const source = stream(2, 'estimates', size)
  return Array.from({ length: studyCount }, (_, study) => ({
    study: `trial ${study + 1}`,
    patientCount: 50,
    coefficientNames,
    estimate: Float64Array.from({ length: size }, () => drawNormal(source, 0, 0.5)),
    covariance: Float64Array.from({ length: size * size }, (_, at) => (at % (size + 1) === 0 ? 0.1 + 0.05 * study : 0.02)),
    prior: { kind: 'flat' },
    draws: Float64Array.from({ length: 150 * size }, () => drawNormal(source, 0, 0.5)),
  }))
}

type AnyModel = Model<unknown, Record<string, Prior>>
const positionsOf = (count: number, dimension: number) => {
  const source = stream(2, 'positions')
  return Float64Array.from({ length: count * dimension }, () => 2 * source.uniform() - 1)
}

/** Spread of the difference of two log densities over positions, relative to their own spread. 0 when they differ by a constant. */
function disagreement(first: ConditionedModel, second: ConditionedModel): number {
  const { dimension } = first.logDensity
  const positions = positionsOf(20, dimension)
  const gradient = new Float64Array(dimension)
  const valuesOf = ({ logDensity }: ConditionedModel) =>
    Array.from({ length: 20 }, (_, row) =>
      logDensity.valueAndGradient(positions.subarray(row * dimension, (row + 1) * dimension), gradient),
    )
  const [a, b] = [valuesOf(first), valuesOf(second)]
  const spread = (values: readonly number[]) => Math.max(...values) - Math.min(...values)
  return spread(a.map((value, row) => value - b[row])) / spread(a)
}

/** The sum over observations of a few hundred rounded terms, relative to the spread of log densities of their size. */
const ROUNDING = 1e-11

function itKeepsTheModelContract(whole: AnyModel, data: unknown): void {
  if (whole.integratedOut?.(data)) itIntegratesOut(whole, data)
  const { integratedOut, ...model } = whole
  const { logLikelihoodSum, ...pointwiseOnly } = model
  const conditioned = condition(model, data, { strict: true })
  it('compiles, and its log density is finite at moderate positions', () => {
    const position = positionsOf(1, conditioned.logDensity.dimension)
    const gradient = new Float64Array(position.length)
    expect(conditioned.engine.fallbackReason).toBeUndefined()
    expect(conditioned.logDensity.valueAndGradient(position, gradient)).toBeTypeOf('number')
    expect(gradient.every(Number.isFinite)).toBe(true)
  })
  it('logLikelihoodSum, where there is one, is the sum of logLikelihood up to a constant', () => {
    expect(disagreement(conditioned, condition(pointwiseOnly, data, { strict: true }))).toBeLessThan(ROUNDING)
  })
  it.runIf(logLikelihoodSum)('negative control: a sum that counts the likelihood 1.001 times is noticed', () => {
    const wrong = {
      ...model,
      logLikelihoodSum: (...given: Parameters<AnyModel['logLikelihood']>) => logLikelihoodSum?.(...given).mul(1.001) as never,
    }
    expect(disagreement(condition(wrong, data), conditioned)).toBeGreaterThan(1e5 * ROUNDING)
  })
  it('replicates of the outcome have as many elements as the log likelihood and go back into the data', () => {
    if (!model.simulate || !model.withOutcome) return
    const position = positionsOf(1, conditioned.logDensity.dimension)
    const { variables } = conditioned.draws(position, 1, () => stream(1, 'generate'))
    const values = Object.fromEntries(variables.map(({ name, values: drawn }) => [name, drawn]))
    const replicate = model.simulate(stream(1, 'simulate'), values, data)
    expect(replicate).toEqual(model.simulate(stream(1, 'simulate'), values, data))
    expect(replicate.every(Number.isFinite)).toBe(true)
    expect(model.outcome?.(model.withOutcome(data, replicate))).toEqual(replicate)
    const replicated = condition(model, model.withOutcome(data, replicate), { strict: true })
    const before = conditioned.pointwiseLogLikelihood(position)
    const after = replicated.pointwiseLogLikelihood(position)
    expect(after.observationCount).toBe(before.observationCount)
    expect(after.values).not.toEqual(before.values)
    const { logLikelihoodSum: _, ...replicatedPointwise } = model
    expect(disagreement(replicated, condition(replicatedPointwise, model.withOutcome(data, replicate)))).toBeLessThan(ROUNDING)
  })
}

function itReadsOptions(subject: {
  name: string
  parseOptions(raw: unknown): unknown
  describe(options: never): string
  summary: string
}): void {
  it('needs no options, describes all it takes in a sentence and has a summary of one line', () => {
    for (const raw of optionsOf(subject.name)) {
      const text = subject.describe(subject.parseOptions(raw) as never)
      expect(text.length).toBeGreaterThan(30)
      expect(text).not.toMatch(/undefined|NaN|\[object/)
    }
    expect(subject.summary).toMatch(/^[^\n]{10,150}$/)
  })
  it('completes its options once and for all: parsing what was parsed changes nothing', () => {
    for (const raw of optionsOf(subject.name)) {
      const parsed = subject.parseOptions(raw)
      expect(subject.parseOptions(parsed)).toEqual(parsed)
    }
  })
  it('refuses an unknown option and names it', () => {
    expect(() => subject.parseOptions({ noSuchOption: 1 })).toThrow(ProtocolError)
    expect(() => subject.parseOptions({ noSuchOption: 1 })).toThrow(/"noSuchOption"/)
  })
}

for (const { file, module } of await discover('models/first-stage')) {
  const subject = module.firstStageModel as FirstStageModel
  describe(`first-stage model ${file}`, () => {
    it('is exported under the name of its file', () => {
      expect(subject.name).toBe(file)
    })
    itReadsOptions(subject)
    for (const raw of optionsOf(file))
      for (const [title, columns] of Object.entries(designs))
        describe(`with options ${JSON.stringify(raw)} and ${title}`, () => {
          const trial = makeTrial(columns)
          const { model, data } = subject.condition(trial, subject.parseOptions(raw))
          itKeepsTheModelContract(model as AnyModel, data)
          const fittedDraws = () => {
            const conditioned = condition(model, data)
            const { dimension } = conditioned.logDensity
            return conditioned.draws(positionsOf(40, dimension), 4, (chain) => stream(1, 'generate', chain))
          }
          it('predicts effects of people, in as many chains as there are and no fewer draws, the same from the same stream', () => {
            const predictor = subject.effects(fittedDraws(), trial, subject.parseOptions(raw))
            const modifierCount = columns.filter((one) => one.isModifier).length
            const people = Float64Array.from({ length: 3 * modifierCount }, (_, at) => Math.cos(at))
            const effects = predictor.predict(people, 3, stream(1, 'effects'))
            expect(predictor.chainCount).toBe(4)
            expect(predictor.drawCount).toBeGreaterThanOrEqual(10)
            expect(effects).toHaveLength(4 * predictor.drawCount * 3)
            expect(effects.every(Number.isFinite)).toBe(true)
            expect(predictor.predict(people, 3, stream(1, 'effects'))).toEqual(effects)
          })
          it.runIf(subject.identified)('names quantities that convergence is judged by, of all chains', () => {
            const names = ['first', 'second']
            const modifiers = new Float64Array(2 * columns.filter((one) => one.isModifier).length)
            const identified = subject.identified?.(fittedDraws(), trial, subject.parseOptions(raw), { names, modifiers })
            expect(identified?.chainCount).toBe(4)
            for (const { values } of identified?.variables ?? []) expect(values.every(Number.isFinite)).toBe(true)
          })
          it.runIf(subject.estimate)('estimates the coefficients of the treatment effect with a symmetric covariance', () => {
            const estimate = subject.estimate!(fittedDraws(), trial)
            const names = treatmentCoefficientNames(trial)
            expect(estimate).toMatchObject({ study: trial.study, patientCount: 25, coefficientNames: names })
            expect(estimate.estimate).toHaveLength(names.length)
            expect(estimate.covariance).toHaveLength(names.length ** 2)
            names.forEach((_, i) => {
              expect(estimate.covariance[i * names.length + i]).toBeGreaterThan(0)
              names.forEach((__, j) => {
                expect(estimate.covariance[i * names.length + j]).toBe(estimate.covariance[j * names.length + i])
              })
            })
          })
        })
  })
}

function itPoolsEffects(method: EffectPoolingMethod): void {
  const people = ['a', 'b', 'c']
  const drawCount = 40
  const designs = Array.from({ length: 4 }, (_, trial) => ({
    ...makeTrial([column('age')], 25 + trial),
    study: `trial ${trial + 1}`,
  }))
  const effectsOf = (trial: number, rows: number, width: number) =>
    Float64Array.from({ length: rows * 3 }, (_, at) => Math.sin(at * (trial + 1)) + trial / 4 + (at % 3)).filter(
      (_, at) => at % 3 < width,
    )
  const trialEffects = (width: number): TrialEffects[] =>
    designs.map(({ study, outcome }, trial) => ({
      study,
      patientCount: outcome.length,
      draws: effectsOf(trial, 100, width),
      modifiers: Float64Array.of(0.5, -1, 1).subarray(0, width),
      refits: effectsOf(trial, 20, width),
      reference: {
        draws: effectsOf(trial, 100, 1).map(Math.cos),
        modifiers: Float64Array.of(0),
        refits: effectsOf(trial, 20, 1).map(Math.cos),
      },
    }))
  const predicted = designs.map((design, trial) => ({
    design,
    predictor: { chainCount: 1, drawCount: 20, predict: (_: Float64Array, count: number) => effectsOf(trial, 20 * count, 1) },
  }))
  const request = { chainCount: 2, drawCount, streamFor: (chain: number) => stream(1, 'pooling', chain) }
  for (const raw of optionsOf(method.name)) {
    const options = method.parseOptions(raw)
    const prepared = method.prepare?.(predicted, options, stream(1, 'preparation'))
    const kept = prepared === undefined ? undefined : JSON.parse(JSON.stringify(prepared))
    const { draws, weights } = method.pool(trialEffects(3), options, { ...request, people }, kept)
    it(`with options ${JSON.stringify(raw)}, its draws hold the variables that effects are computed from, and weights add up to 1`, () => {
      expect(draws).toMatchObject({ chainCount: 2, drawCount })
      for (const name of ['mu', 'theta_new', 'tau'])
        expect(scalarNames(variable(draws, name)), name).toEqual(people.map((person) => `${name}[${person}]`))
      expect(scalarNames(variable(draws, 'theta'))).toHaveLength(4 * 3)
      expect(scalarNames(variable(draws, 'theta'))[0]).toBe('theta[trial 1,a]')
      expect(variable(draws, 'tau').values.every((tau) => tau >= 0)).toBe(true)
      for (const { values } of draws.variables) expect(values.every(Number.isFinite)).toBe(true)
      people.forEach((_, person) => {
        const own = weights.subarray(person * 4, (person + 1) * 4)
        expect(own.every((weight) => weight >= 0)).toBe(true)
        expect(own.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 12)
      })
    })
    it(`with options ${JSON.stringify(raw)}, what is kept of its preparation survives JSON, and what a person gets does not depend on who else is asked about`, () => {
      expect(kept).toEqual(prepared)
      const alone = method.pool(trialEffects(1), options, { ...request, people: ['a'] }, prepared)
      for (const name of ['mu', 'theta_new', 'tau'])
        expect(variable(alone.draws, name).values).toEqual(variable(draws, name).values.filter((_, at) => at % 3 === 0))
    })
  }
}

for (const { file, module } of await discover('models/pooling')) {
  const method = module.poolingMethod as AnyPoolingMethod
  describe(`pooling method ${file}`, () => {
    it('is exported under the name of its file', () => {
      expect(method.name).toBe(file)
    })
    itReadsOptions(method)
    if (method.takes === 'effects') itPoolsEffects(method)
    const subject = method as PoolingMethod
    if (method.takes === 'coefficients')
      for (const raw of optionsOf(file))
        for (const names of [['treatment'], ['treatment', 'treatment:age', 'treatment:sex']])
          describe(`with options ${JSON.stringify(raw)} and ${names.length} coefficients`, () => {
            const { model, data } = subject.condition(makeEstimates(names), subject.parseOptions(raw))
            itKeepsTheModelContract(model as AnyModel, data)
            it('its draws hold the variables that effects are computed from', () => {
              const conditioned = condition(model, data)
              const positions = positionsOf(12, conditioned.logDensity.dimension)
              const pooled = subject.pooledDraws(conditioned.draws(positions, 2, (chain) => stream(1, 'generate', chain)))
              for (const name of ['mu', 'theta_new', 'tau'])
                expect(scalarNames(variable(pooled, name)), name).toEqual(names.map((coefficient) => `${name}[${coefficient}]`))
              expect(scalarNames(variable(pooled, 'theta'))).toHaveLength(4 * names.length)
              expect(scalarNames(variable(pooled, 'theta'))[0]).toBe('theta[trial 1,treatment]')
              expect(variable(pooled, 'tau').values.every((tau) => tau >= 0)).toBe(true)
              for (const { values } of pooled.variables) expect(values.every(Number.isFinite)).toBe(true)
            })
          })
  })
}

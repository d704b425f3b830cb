/**
 * What `npm run sbc` calibrates: every first-stage model with every prior, every pooling method with every structure, each found
 * in its folder, on small designs, eight schools, and negative controls. `linear:normal` is a model and its prior, `hierarchical:diagonal` a method
 * and its structure; further options of a method by their values, such as `hierarchical:student-t`, and its priors as
 * `hierarchical:prior-laplace`.
 */
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { FirstStageModel } from '../../../src/contract/first-stage-model.js'
import type { AnyPoolingMethod } from '../../../src/contract/pooling-method.js'
import type { DesignColumn, TrialDesign, TrialEstimate } from '../../../src/contract/trial.js'
import { halfCauchy } from '../../../src/distributions/half-cauchy.js'
import { normal, normalLogProbability } from '../../../src/distributions/normal.js'
import { model } from '../../../src/language/model.js'
import { drawGamma } from '../../../src/random/gamma.js'
import { drawNormal } from '../../../src/random/normal.js'
import { stream } from '../../../src/random/stream.js'
import { discover } from '../../contract/discover.js'
import { controls } from './controls.js'
import type { AnySubject } from './subject.js'

/** Vague default scales make replicated data of any size; these keep the likelihood as informative as real data make it. */
const SCALES = { intercept: 2, prognostic: 1, treatment: 1 }

/** Scales of networks and trees, whose weights and leaves are symmetric about 0. */
const isSignless = (name: string) => name.endsWith('SignedScale')

export async function calibrationCases(): Promise<Map<string, () => AnySubject>> {
  const cases = new Map<string, () => AnySubject>([['eight-schools', eightSchools]])
  const priors = (await discover('models/priors')).map(({ file }) => file)
  for (const { file, module } of await discover('models/first-stage')) {
    const subject = module.firstStageModel as FirstStageModel
    const parse = (raw: unknown) => subject.parseOptions(raw)
    for (const [title, options] of alternatives(file, 'prior', priors, parse))
      cases.set(title, () => ({ ...subject.condition(trial(), subject.parseOptions(options)), isSignless }) as AnySubject)
  }
  for (const { file, module } of await discover('models/pooling')) {
    const subject = module.poolingMethod as AnyPoolingMethod
    if (subject.takes !== 'coefficients') continue
    const parse = (raw: unknown) => subject.parseOptions(raw)
    const add = ([title, options]: [string, Record<string, unknown>]) =>
      cases.set(title, () => subject.condition(estimates(), subject.parseOptions(options)) as AnySubject)
    alternatives(file, 'heterogeneity', enumerated('heterogeneity', parse), parse).forEach(add)
    for (const option of ['heterogeneityPrior', 'betweenTrials', 'siteLikelihood'])
      for (const value of enumerated(option, parse).slice(1)) add([`${file}:${value}`, { [option]: value }])
    const proper = priors.filter((prior) => prior !== 'flat' && isAccepted({ prior }, parse))
    for (const prior of proper) add([`${file}:prior-${prior}`, { prior }])
  }
  for (const control of controls) cases.set(...control)
  return cases
}

/**
 * The case of that name, or what a module at that path exports as `model` and `data`, by these names or in its default.
 * @throws when there is neither.
 */
export async function findSubject(name: string): Promise<AnySubject> {
  const cases = await calibrationCases()
  const found = cases.get(name)
  if (found) return found()
  if (!/\.[cm]?[jt]s$/.test(name))
    throw new Error(`there is no model "${name}"; choose among ${[...cases.keys()].join(', ')}, or give the path of a module.`)
  const module = (await import(pathToFileURL(resolve(name)).href)) as Partial<AnySubject> & { default?: Partial<AnySubject> }
  const { model, data } = module.model ? module : (module.default ?? {})
  if (!model || data === undefined) throw new Error(`${name} exports no model and data.`)
  return { model, data }
}

/** One set of options for each value of an option that the model accepts; its defaults when it accepts none. */
function alternatives(
  name: string,
  option: string,
  values: readonly string[],
  parse: (raw: unknown) => unknown,
): [string, Record<string, unknown>][] {
  const scaled = isAccepted({ scales: SCALES }, parse) ? { scales: SCALES } : {}
  const accepted = values.filter((value) => isAccepted({ [option]: value }, parse))
  if (accepted.length === 0) return [[name, scaled]]
  return accepted.map((value) => [`${name}:${value}`, { [option]: value, ...scaled }])
}

/** The values of an option that are listed when another one is refused. */
function enumerated(option: string, parse: (raw: unknown) => unknown): string[] {
  try {
    parse({ [option]: 'no such value' })
    return []
  } catch (error) {
    const listed = /expected one of ((?:"[^"]+"\|?)+)/.exec(String(error))?.[1] ?? ''
    return [...listed.matchAll(/"([^"]+)"/g)].map(([, value]) => value)
  }
}

function isAccepted(raw: unknown, parse: (raw: unknown) => unknown): boolean {
  try {
    parse(raw)
    return true
  } catch {
    return false
  }
}

const column = (name: string, isModifier: boolean): DesignColumn => ({
  name,
  covariate: name,
  centre: 0,
  scale: 1,
  isPrognostic: true,
  isModifier,
})

function trial(patientCount = 30): TrialDesign {
  const source = stream(1, 'calibration design')
  const normals = (count: number) => Float64Array.from({ length: count }, () => drawNormal(source, 0, 1))
  return {
    study: 'trial 1',
    columns: [column('age', true), column('clinic', false)],
    outcome: normals(patientCount),
    treatment: Float64Array.from({ length: patientCount }, (_, patient) => patient % 2),
    covariates: normals(2 * patientCount),
    patientIds: Array.from({ length: patientCount }, (_, patient) => `${patient + 1}`),
  }
}

/** Standard errors 0.2 to 0.5, correlated, beside between-trial standard deviations of about 0.5. */
function estimates(studyCount = 8): TrialEstimate[] {
  return Array.from({ length: studyCount }, (_, study) => {
    const variance = (0.2 + (0.3 * study) / (studyCount - 1)) ** 2
    return {
      study: `trial ${study + 1}`,
      patientCount: 50,
      coefficientNames: ['treatment', 'treatment:age'],
      estimate: Float64Array.of(0, 0),
      covariance: Float64Array.of(variance, 0.3 * variance, 0.3 * variance, variance),
      draws: skewedDraws(Math.sqrt(variance)),
    }
  })
}

/** Draws of two coefficients, correlated, with skewness 1. */
function skewedDraws(sd: number, count = 200): Float64Array {
  const source = stream(1, 'calibration draws', Math.round(1000 * sd))
  const pairs = Array.from({ length: count }, () => {
    const [a, b] = [drawGamma(source, 4), drawGamma(source, 4)].map((value) => (sd * (value - 4)) / 2)
    return [a, 0.3 * a + 0.95 * b]
  })
  return Float64Array.from(pairs.flat())
}

export interface Schools {
  readonly effect: Float64Array
  readonly error: Float64Array
}

/** Rubin 1981; Gelman et al. 2013, section 5.5. */
export function eightSchools() {
  const data: Schools = {
    effect: Float64Array.of(28, 8, -3, 7, -1, 1, 18, 12),
    error: Float64Array.of(15, 10, 16, 11, 9, 11, 10, 18),
  }
  const schools = model({
    name: 'eight schools',
    parameters: (_data: Schools) => ({
      mu: normal(0, 5),
      tau: halfCauchy(0, 5),
      theta: normal('mu', 'tau', { shape: [8], nonCentered: true }),
    }),
    logLikelihood: ({ theta }, { effect, error }) => normalLogProbability(effect, theta, error),
    simulate: (source, { theta }, { error }) => theta.map((mean, school) => drawNormal(source, mean, error[school])),
    outcome: ({ effect }) => effect,
    withOutcome: (before, effect) => ({ ...before, effect }),
  })
  return { model: schools, data } as unknown as AnySubject
}

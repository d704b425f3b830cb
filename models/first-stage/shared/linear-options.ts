import { z } from 'zod'
import { parseOptions } from '../../../src/language/parse-options.js'
import { chosenPrior } from '../../coefficient-priors.js'

/** All scales are in reference standard deviations of the outcome, per scale unit of the covariate. */
export const linearOptionsSchema = z.strictObject({
  /** Of the interactions: a name, or an object with a name and options, see `models/priors`. */
  prior: z.union([z.string(), z.looseObject({ name: z.string() })]).default('flat'),
  /** `covariates`: the prior holds for the prognostic coefficients too, with a scale of their own. */
  appliesTo: z.enum(['interactions', 'covariates']).default('interactions'),
  /** Standard deviations of the normal priors, with means 0, of the other coefficients. 10 is vague for standardised data; not used when `prior` is flat. */
  scales: z
    .strictObject({
      intercept: z.number().positive().default(10),
      prognostic: z.number().positive().default(10),
      treatment: z.number().positive().default(10),
    })
    .prefault({}),
  /** `student-t` errors are robust to outliers; their degrees of freedom have a gamma(2, 0.1) prior (Juarez and Steel 2010, 10.1198/jbes.2009.07145). */
  errors: z
    .strictObject({
      family: z.enum(['normal', 'student-t']).default('normal'),
      /** A residual standard deviation for each arm. */
      byArm: z.boolean().default(false),
    })
    .prefault({}),
  /**
   * Prior of the residual standard deviation; the default is that of brms (Buerkner 2017, 10.18637/jss.v080.i01) up to the scale. `reference`: 1 / sigma, under
   * which flat priors give the t distributions of least squares; its scale is not used.
   */
  residual: z
    .strictObject({
      family: z.enum(['half-student-t', 'half-normal', 'reference']).default('half-student-t'),
      scale: z.number().positive().default(1),
    })
    .prefault({}),
  /** Draw independently from the posterior where it has a closed form, and integrate coefficients out where that can be done, instead of running chains of all parameters. */
  exact: z.boolean().default(true),
})
export type LinearOptions = z.infer<typeof linearOptionsSchema>

export const RESIDUAL_DEGREES_OF_FREEDOM = 3

/** @throws ProtocolError naming the option. */
export function parseLinearOptions(raw: unknown): LinearOptions {
  const given = parseOptions('firstStage', 'model', linearOptionsSchema, raw)
  const { prior, options } = chosenPrior(given.prior)
  return { ...given, prior: { name: prior.name, ...options } }
}

/** The sentence of the methods paragraph. */
export function describeLinear({ prior: choice, appliesTo, scales, errors, residual }: LinearOptions): string {
  const { prior, options } = chosenPrior(choice)
  const { intercept, prognostic, treatment } = scales
  const shrunken = prior.describe(options)
  const where = appliesTo === 'covariates' ? 'the interactions and the prognostic covariates' : 'the interactions'
  const others =
    appliesTo === 'covariates'
      ? `${intercept} (intercept) and ${treatment} (treatment)`
      : `${intercept} (intercept), ${prognostic} (prognostic covariates) and ${treatment} (treatment)`
  const priors =
    prior.name === 'flat'
      ? 'flat priors on all coefficients'
      : `${shrunken} on ${where}, normal priors with mean 0 and standard deviations ${others} on the other coefficients`
  const errorFamily = errors.family === 'normal' ? 'normal' : 'Student-t'
  const arms = errors.byArm ? ' with a standard deviation for each arm' : ''
  return `a linear regression of the outcome on covariates, treatment and treatment-covariate interactions with ${errorFamily} errors${arms}, ${priors}, and ${residualText(residual)} on the residual standard deviation (in reference standard deviations of the outcome, covariates on the protocol's scale)`
}

function residualText({ family, scale }: LinearOptions['residual']): string {
  if (family === 'reference') return 'the reference prior 1 / sigma'
  const name = family === 'half-normal' ? 'half-normal' : `half-Student-t (${RESIDUAL_DEGREES_OF_FREEDOM} degrees of freedom)`
  return `a ${name} prior with scale ${scale}`
}

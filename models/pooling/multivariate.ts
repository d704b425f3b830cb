/**
 * Frequentist multivariate meta-analysis of the coefficients of the treatment effect (METHOD 3a):
 *
 *     b_j ~ N(mu, S_j + T)
 *
 * with T by restricted or full maximum likelihood, moments, Paule and Mandel, or 0; see `src/numeric/multivariate-meta-analysis`. It needs no sampler: its
 * draws are those of a confidence distribution, whose quantiles are the classical intervals. Source: van Houwelingen, Arends and Stijnen 2002 (10.1002/sim.1040);
 * Riley et al. 2020 (10.1002/sim.8516).
 */
import { z } from 'zod'
import type { DirectPoolingMethod } from '../../src/contract/pooling-method.js'
import type { TrialEstimate } from '../../src/contract/trial.js'
import { parseOptions } from '../../src/language/parse-options.js'
import { multivariateMetaAnalysis } from '../../src/numeric/multivariate-meta-analysis/multivariate-meta-analysis.js'
import {
  estimators,
  intervalTypes,
  type MetaAnalysisOptions,
  missingPolicies,
} from '../../src/numeric/multivariate-meta-analysis/options.js'
import { structures } from '../../src/numeric/multivariate-meta-analysis/structure.js'
import { multivariateDraws } from './shared/multivariate-draws.js'
import { describeMultivariate, heterogeneityText, multivariateCautions } from './shared/multivariate-text.js'

const optionsSchema = z
  .strictObject({
    /** How the between-trial covariance is estimated; `fixed` takes it as 0. */
    estimator: z.enum(estimators).default('reml'),
    /** Which coefficients vary between trials, and how together. The default asks least of few trials. */
    structure: z.enum(structures).default('random-effect'),
    interval: z.enum(intervalTypes).default('t'),
    /** Of `hartung-knapp`: never make intervals narrower than without it. */
    hasSafeguard: z.boolean().default(true),
    /** What to do when a trial lacks a coefficient, because a modifier was not measured there and `trials.missingCovariate` is `use-available`. */
    missing: z.enum(missingPolicies).default('use'),
  })
  .refine(({ estimator, structure }) => estimator !== 'paule-mandel' || ['random-effect', 'identity'].includes(structure), {
    path: ['estimator'],
    message: 'paule-mandel needs the structure random-effect or identity, which have one parameter',
  })
export type MultivariateOptions = z.infer<typeof optionsSchema>

const complete = (options: MultivariateOptions): MetaAnalysisOptions => ({ ...options, level: 0.95 })

/** Estimates over all coefficients that some trial has, NaN where a trial lacks one. */
function aligned(trials: readonly TrialEstimate[]) {
  const names = [...new Set(trials.flatMap(({ coefficientNames }) => coefficientNames))]
  const size = names.length
  return {
    names,
    trials: trials.map(({ coefficientNames, estimate, covariance }) => {
      const places = names.map((name) => coefficientNames.indexOf(name))
      const own = coefficientNames.length
      return {
        estimate: Float64Array.from(places, (place) => (place < 0 ? Number.NaN : estimate[place])),
        covariance: Float64Array.from({ length: size * size }, (_, at) => {
          const [row, column] = [places[Math.floor(at / size)], places[at % size]]
          return row < 0 || column < 0 ? Number.NaN : covariance[row * own + column]
        }),
      }
    }),
  }
}

export const poolingMethod: DirectPoolingMethod<MultivariateOptions> = {
  name: 'multivariate',
  takes: 'estimates',
  summary:
    'frequentist multivariate meta-analysis of the coefficients: fixed, REML, ML or moments, with t, Hartung-Knapp and prediction intervals',
  parseOptions: (raw) => parseOptions('secondStage', 'method', optionsSchema, raw),
  describe: (options) => describeMultivariate(complete(options)),
  pool(trials, options, request) {
    const { names, trials: own } = aligned(trials)
    const analysis = multivariateMetaAnalysis({
      estimates: own.map(({ estimate }) => estimate),
      covariances: own.map(({ covariance }) => covariance),
      coefficientNames: names,
      studies: trials.map(({ study }) => study),
      options: complete(options),
    })
    return {
      draws: multivariateDraws(analysis, names, request),
      findings: heterogeneityText(analysis),
      warnings: multivariateCautions(analysis),
      isConverged: analysis.isConverged,
    }
  },
}

/** Options of the hierarchical second stage. Scales are in reference standard deviations of the outcome, interactions per scale unit of the covariate. */
import { z } from 'zod'
import type { CoefficientPrior } from '../../../src/contract/coefficient-prior.js'
import { chosenPrior } from '../../coefficient-priors.js'

export const hierarchicalOptionsSchema = z.strictObject({
  /** What varies between trials: the effect at the centre of the covariates, or all coefficients, in one of three forms of their correlations. */
  heterogeneity: z.enum(['random-effect', 'diagonal', 'unstructured', 'factor']).default('diagonal'),
  /** Standard deviation of the normal prior of every pooled coefficient; with `prior`, of the treatment effect alone. */
  meanScale: z.number().positive().default(10),
  /**
   * Of the pooled interactions, a name or an object with a name and options, see `models/priors`: shrinks once, on the pooled coefficient, what a shrinking
   * first stage would shrink once in each trial.
   */
  prior: z.union([z.string(), z.looseObject({ name: z.string() })]).optional(),
  /** Family of the priors of the between-trial standard deviations. */
  heterogeneityPrior: z.enum(['half-normal', 'half-student-t', 'half-cauchy']).default('half-normal'),
  /** Their scale (Roever et al. 2021: 0.5 is weakly informative on this scale). */
  heterogeneityScale: z
    .union([z.number().positive(), z.strictObject({ treatment: z.number().positive(), interaction: z.number().positive() })])
    .default({ treatment: 0.5, interaction: 0.25 }),
  /** Degrees of freedom of `half-student-t`. */
  heterogeneityDegreesOfFreedom: z.number().positive().default(3),
  /** Of the LKJ prior; 1 is uniform over correlation matrices, larger values favour small correlations. */
  correlationConcentration: z.number().positive().default(2),
  /** Of `factor`: how many factors carry the correlations, at most one fewer than coefficients. */
  factorCount: z.int().positive().default(2),
  /** Of `factor`: standard deviation of the loadings beside a unit standard deviation of what is specific to a coefficient. Arbitrary. */
  loadingScale: z.number().positive().default(0.5),
  /** Distribution of the trials' coefficients about the average: `student-t` and `contamination` are robust to aberrant trials. */
  betweenTrials: z.enum(['normal', 'student-t', 'contamination']).default('normal'),
  /** Of `student-t`. Few trials say nothing about it; 4 is customary and arbitrary. Above 2, where there are standard deviations. */
  degreesOfFreedom: z.number().gt(2).default(4),
  /** Of `contamination`. */
  aberrant: z
    .strictObject({
      /** Prior mean of the probability that a trial is aberrant: Beta(1, 1 / probability - 1). */
      probability: z.number().gt(0).max(0.5).default(0.1),
      /** Further standard deviation of an aberrant trial, in multiples of `heterogeneityScale`. Arbitrary. */
      scale: z.number().positive().default(4),
      /** `typical`: a new setting is never aberrant, for trials that are aberrant by a fault; `any`: it is as often as a trial is. */
      newSetting: z.enum(['typical', 'any']).default('any'),
    })
    .prefault({}),
  /** What a trial says: a normal likelihood with the posterior's mean and covariance, or its posterior draws, for posteriors that are not normal. */
  siteLikelihood: z.enum(['normal', 'draws']).default('normal'),
  /** Of `draws`: how many of a trial's draws are used, evenly spaced; the cost grows with it. */
  siteDrawCount: z.int().min(100).default(500),
  /**
   * `keep` takes the trials' posteriors as they are; `divide-out` takes out the first stage's prior of the coefficients, which would count once for each
   * trial. Only a flat or normal prior with known scale can be.
   */
  firstStagePrior: z.enum(['keep', 'divide-out']).default('keep'),
})
export type HierarchicalOptions = z.output<typeof hierarchicalOptionsSchema>
/** The same before defaults. */
export type HierarchicalInput = z.input<typeof hierarchicalOptionsSchema>

/** Coefficients that vary between trials under these options. */
export function varyingCount({ heterogeneity }: HierarchicalOptions, coefficientCount: number): number {
  return heterogeneity === 'random-effect' ? 1 : coefficientCount
}

/** Prior scales of the between-trial standard deviations. `[coefficient]` */
export function heterogeneityScales({ heterogeneityScale: scale }: HierarchicalOptions, count: number): number[] {
  return Array.from({ length: count }, (_, index) =>
    typeof scale === 'number' ? scale : index === 0 ? scale.treatment : scale.interaction,
  )
}

/** The prior of the pooled interactions; none when they have the same normal prior as the treatment effect. */
export function interactionPrior({ prior }: HierarchicalOptions): { prior: CoefficientPrior; options: object } | undefined {
  return prior === undefined ? undefined : chosenPrior(prior)
}

/** Factors of the `factor` form. */
export function usedFactorCount({ factorCount }: HierarchicalOptions, coefficientCount: number): number {
  return Math.max(0, Math.min(factorCount, coefficientCount - 1))
}

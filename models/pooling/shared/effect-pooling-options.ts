/** Options and words that the methods which pool effects have in common. */
import { z } from 'zod'
import type { CombinationOptions } from '../../../src/effects/combination-options.js'

export const variesOverPeople = ['auxiliary', 'posterior-variance', 'bootstrap'] as const

/** @param moreWeights beside those that every method knows */
export const combinationOptions = {
  /**
   * tau^2(x), the variance between trials of a person's effect: `auxiliary`, c' T c with posterior draws of the between-trial variances T of the coefficients of
   * the auxiliary model; `posterior`, drawn for each person on their own; the two estimates take each person's as known, with Student-t intervals; `none`
   * takes the effect as the same in all trials, as published (weights follow the largest trial, and intervals are far too narrow where trials differ).
   */
  heterogeneity: z
    .enum(['auxiliary', 'posterior', 'restricted-maximum-likelihood', 'dersimonian-laird', 'none'])
    .default('auxiliary'),
  /**
   * Scale of the half-normal prior of tau, in reference standard deviations of the outcome (Roever et al. 2021, 10.1002/jrsm.1475: 0.5 is weakly
   * informative on this scale); half as wide for the interactions of the auxiliary model.
   */
  heterogeneityScale: z.number().positive().default(0.5),
  /** Refits of each trial's model for the weights `bootstrap`. */
  bootstrapReplicates: z.int().min(10).max(10_000).default(100),
  /**
   * `separate` pools the effect of the reference patient and everybody's difference from it apart: weights that change from person to person then cannot turn
   * differences between trials into effect modification.
   */
  components: z.enum(['joint', 'separate']).default('joint'),
}

export function describeWeights({ weights, bootstrapReplicates, heterogeneity }: CombinationOptions): string {
  const both = heterogeneity === 'none' ? '' : ' plus the variance between trials'
  return {
    auxiliary: `weights that are the inverse of the variance of the effect in an auxiliary least-squares regression of each trial${both}`,
    'posterior-variance': `weights that are the inverse of the posterior variance of the effect in each trial${both}`,
    bootstrap: `weights that are the inverse of the variance of the effect over ${bootstrapReplicates} refits of each trial's model to bootstrap samples of its patients${both}`,
    size: 'weights in proportion to the number of patients',
    equal: 'equal weights',
    stacking: 'stacking weights',
  }[weights]
}

export function describeHeterogeneity({ heterogeneity, heterogeneityScale }: CombinationOptions): string {
  const prior = `half-normal ${heterogeneity === 'auxiliary' ? 'priors' : 'prior'} with scale ${heterogeneityScale}`
  return {
    auxiliary: `a between-trial variance of the effect that follows from those of the coefficients of the auxiliary regressions (independent coefficients, ${prior} on the standard deviation of the effect and half of that on those of the interactions, in reference standard deviations of the outcome and covariates on the protocol's scale)`,
    posterior: `a between-trial standard deviation of each person's effect that has a ${prior} (in reference standard deviations of the outcome)`,
    'restricted-maximum-likelihood':
      "a between-trial variance of each person's effect estimated by restricted maximum likelihood, and Student-t intervals",
    'dersimonian-laird':
      "a between-trial variance of each person's effect estimated by the method of DerSimonian and Laird, and Student-t intervals",
    none: 'an effect that is taken as the same in all trials',
  }[heterogeneity]
}

export function describeComponents({ components }: CombinationOptions): string {
  return components === 'joint'
    ? ''
    : "; the effect of the reference patient and each person's difference from it are pooled apart and added up"
}

import type { Structure } from './structure.js'

export const estimators = ['fixed', 'reml', 'ml', 'moments', 'paule-mandel'] as const
/**
 * How the between-trial covariance T is estimated; `fixed` takes it as 0. `moments` is DerSimonian and Laird with one coefficient and Jackson, Riley and White 2013 with
 * several; `paule-mandel` is for structures with one parameter.
 */
export type Estimator = (typeof estimators)[number]

export const intervalTypes = ['normal', 't', 'hartung-knapp'] as const
/**
 * - `normal`: normal quantiles, too narrow with few trials;
 * - `t`: Student's t with as many degrees of freedom as trials beyond the trial-level columns;
 * - `hartung-knapp`: the same, and variances times q = sum r' W r / (n - p) (Hartung and Knapp 2001; Jackson and Riley 2014, 10.1002/sim.5957).
 *
 * With T = 0 by assumption (`fixed`) intervals are always normal.
 */
export type IntervalType = (typeof intervalTypes)[number]

export const missingPolicies = ['refuse', 'drop', 'use'] as const
/**
 * When a trial lacks a coefficient: refuse; drop the coefficient for all trials; or use what each trial has. The coefficients of a trial that left out a correlated
 * modifier are not quite the same quantities as the others', so that `use` is a sensitivity analysis.
 */
export type MissingPolicy = (typeof missingPolicies)[number]

export interface MetaAnalysisOptions {
  readonly estimator: Estimator
  readonly structure: Structure
  readonly interval: IntervalType
  /** Never let q of `hartung-knapp` be below 1 (Roever, Knapp and Friede 2015, 10.1186/s12874-015-0091-1). */
  readonly hasSafeguard: boolean
  readonly missing: MissingPolicy
  /** Of intervals, such as 0.95. */
  readonly level: number
}

export const defaultOptions: MetaAnalysisOptions = {
  estimator: 'reml',
  structure: 'unstructured',
  interval: 't',
  hasSafeguard: true,
  missing: 'refuse',
  level: 0.95,
}

/** One column of the design matrix. A categorical covariate with k levels gives k - 1 of them. */
export interface DesignColumn {
  /** `age`, or `clinic=NY` for a level of a categorical covariate. */
  readonly name: string
  /** The covariate in the protocol that this column comes from. */
  readonly covariate: string
  /** The level that this indicator column stands for; absent for continuous and binary covariates. */
  readonly level?: string
  readonly unit?: string
  /**
   * Set for the columns of a covariate with a spline: term 0 is the covariate itself, term j the j-th bend, see `restricted-cubic-spline.ts`. Bends are called
   * `age'`, `age''` and so on.
   */
  readonly spline?: { readonly knots: readonly number[]; readonly term: number }
  /** column = (covariate, or its spline term, - centre) / scale, the same constants for every trial. */
  readonly centre: number
  readonly scale: number
  /** Has a main effect. */
  readonly isPrognostic: boolean
  /** Has an interaction with treatment. */
  readonly isModifier: boolean
}

/** One trial ready for a first-stage model. Outcome and covariates are on the analysis scale that the protocol fixes for all trials. */
export interface TrialDesign {
  readonly study: string
  /** Those of the protocol, or of what the trial measured where the protocol says `missingCovariate: use-available`. */
  readonly columns: readonly DesignColumn[]
  /** `[patient]`, (outcome - centre) / scale of the protocol. */
  readonly outcome: Float64Array
  /** `[patient]`, 0 or 1. */
  readonly treatment: Float64Array
  /** `[patient, column]`, scaled. */
  readonly covariates: Float64Array
  /** `[patient]` */
  readonly patientIds: readonly string[]
  /** Set when the patients stay at their site: outcome and covariates are then blank, and this stands in their place. */
  readonly summary?: TrialSummary
}

/** What a site says about its patients. Analysis scale. */
export interface TrialSummary {
  /** Least squares with all interactions: the effect's coefficients `[coefficient]` and their covariance. */
  readonly leastSquares?: { readonly estimate: Float64Array; readonly covariance: Float64Array }
  /** Mean `[modifier]` and covariance `[modifier, modifier]` of the modifiers over both arms. */
  readonly overlap?: { readonly mean: readonly number[]; readonly covariance: readonly number[] }
  /** Means and standard deviations of the columns over both arms, `[column]`. */
  readonly columns?: { readonly mean: readonly number[]; readonly sd: readonly number[] }
}

/** What a first stage says about the treatment effect of one trial when it is a linear function of the modifiers. Analysis scale. */
export interface TrialEstimate {
  readonly study: string
  readonly patientCount: number
  /** `treatment`, then `treatment:age` and so on. The same for all trials of an analysis once they are to be pooled. */
  readonly coefficientNames: readonly string[]
  /** `[coefficient]`; NaN for one that the trial lacks because it did not measure the modifier. */
  readonly estimate: Float64Array
  /** `[coefficient, coefficient]`; NaN in rows and columns of coefficients that the trial lacks. */
  readonly covariance: Float64Array
  /** What the first stage believed of the coefficients before the data; absent when it does not say. */
  readonly prior?: EffectPrior
  /** Posterior draws over all chains, `[draw, coefficient]`; only for a second stage that asks for them. Trials may have differently many. */
  readonly draws?: Float64Array
}

/** A first stage's prior of the coefficients of the treatment effect. Analysis scale. */
export type EffectPrior =
  | { readonly kind: 'flat' }
  /** `mean` `[coefficient]` and `precision` `[coefficient, coefficient]`, whose rows are 0 for a coefficient with a flat prior. */
  | { readonly kind: 'normal'; readonly mean: Float64Array; readonly precision: Float64Array }
  /** A prior whose scale is learnt, or that is not normal: it cannot be divided out. */
  | { readonly kind: 'shrinking'; readonly description: string }

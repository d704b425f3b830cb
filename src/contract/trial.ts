/** One column of the design matrix. A categorical covariate with k levels gives k - 1 of them. */
export interface DesignColumn {
  /** `age`, or `clinic=NY` for a level of a categorical covariate. */
  readonly name: string
  /** The covariate in the protocol that this column comes from. */
  readonly covariate: string
  /** The level that this indicator column stands for; absent for continuous and binary covariates. */
  readonly level?: string
  readonly unit?: string
  /** column = (covariate - centre) / scale, the same constants for every trial. */
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
  readonly columns: readonly DesignColumn[]
  /** `[patient]`, (outcome - centre) / scale of the protocol. */
  readonly outcome: Float64Array
  /** `[patient]`, 0 or 1. */
  readonly treatment: Float64Array
  /** `[patient, column]`, scaled. */
  readonly covariates: Float64Array
  /** `[patient]` */
  readonly patientIds: readonly string[]
}

/** What a first stage says about the treatment effect of one trial when it is a linear function of the modifiers. Analysis scale. */
export interface TrialEstimate {
  readonly study: string
  readonly patientCount: number
  /** `treatment`, then `treatment:age` and so on. The same for all trials of an analysis. */
  readonly coefficientNames: readonly string[]
  /** `[coefficient]` */
  readonly estimate: Float64Array
  /** `[coefficient, coefficient]` */
  readonly covariance: Float64Array
}

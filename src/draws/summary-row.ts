/**
 * Summary of the draws of one scalar: the columns of R package posterior's `summarise_draws`, with the 95% interval and the Monte Carlo
 * standard error of the mean. In units of the quantity; diagnostics are NaN where they are not defined.
 */
export interface SummaryRow {
  /** `sigma`, or `gamma[age]`. */
  readonly name: string
  readonly mean: number
  readonly median: number
  readonly sd: number
  /** Median absolute deviation times 1.4826, which estimates the standard deviation of a normal distribution. */
  readonly mad: number
  readonly q2_5: number
  readonly q5: number
  readonly q95: number
  readonly q97_5: number
  readonly rhat: number
  readonly essBulk: number
  readonly essTail: number
  readonly mcseMean: number
}

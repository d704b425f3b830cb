/**
 * A multivariate meta-analysis as arrays: b_j = X_j beta + u_j + e_j, u_j ~ N(0, T), e_j ~ N(0, S_j), over the coefficients that trial j has.
 *
 * beta holds, for each coefficient, an intercept and the slopes of the trial-level moderators that act on it; each is a `Term`.
 */

export interface Term {
  /** Index of the coefficient. */
  readonly coefficient: number
  /** Index of the moderator; absent for the intercept. */
  readonly moderator?: number
}

export interface TrialProblem {
  /** Indices of the coefficients that the trial has, increasing. */
  readonly observed: readonly number[]
  /** b_j `[coefficient]`, 0 where the trial has none. */
  readonly estimate: Float64Array
  /** S_j `[coefficient, coefficient]`, 0 in the rows and columns that the trial does not have. */
  readonly covariance: Float64Array
  /** X_j `[coefficient, term]`, rows of coefficients that the trial does not have included. */
  readonly design: Float64Array
}

export interface MetaAnalysisProblem {
  /** Number of coefficients. */
  readonly size: number
  readonly terms: readonly Term[]
  readonly trials: readonly TrialProblem[]
}

export function observationCount({ trials }: MetaAnalysisProblem): number {
  return trials.reduce((sum, { observed }) => sum + observed.length, 0)
}

/** The same with coefficient i divided by `scale[i]`: intercepts and slopes scale alike, so that X_j stays. */
export function rescale(problem: MetaAnalysisProblem, scale: Float64Array): MetaAnalysisProblem {
  const { size } = problem
  const trials = problem.trials.map((trial) => ({
    ...trial,
    estimate: trial.estimate.map((value, i) => value / scale[i]),
    covariance: trial.covariance.map((value, at) => value / (scale[Math.floor(at / size)] * scale[at % size])),
  }))
  return { ...problem, trials }
}

/** One coefficient alone, in the trials that have it. */
export function marginalProblem({ size, terms, trials }: MetaAnalysisProblem, coefficient: number): MetaAnalysisProblem {
  const kept = terms.flatMap((term, index) => (term.coefficient === coefficient ? [index] : []))
  return {
    size: 1,
    terms: kept.map((index) => ({ ...terms[index], coefficient: 0 })),
    trials: trials
      .filter(({ observed }) => observed.includes(coefficient))
      .map(({ estimate, covariance, design }) => ({
        observed: [0],
        estimate: estimate.slice(coefficient, coefficient + 1),
        covariance: covariance.slice(coefficient * (size + 1), coefficient * (size + 1) + 1),
        design: Float64Array.from(kept, (index) => design[coefficient * terms.length + index]),
      })),
  }
}

import { z } from 'zod'

/** A lognormal prior: its median, and its standard deviation on the log scale. */
const positivePrior = (median: number, spread: number) =>
  z.strictObject({ median: z.number().positive().default(median), spread: z.number().positive().default(spread) }).prefault({})

/** Scales are in reference standard deviations of the outcome, length scales and slopes per scale unit of the covariate. Defaults are arbitrary but for those with a source. */
export const optionsSchema = z.strictObject({
  kernel: z.enum(['squared-exponential', 'matern-5/2']).default('squared-exponential'),
  /** Share of patients allocated to treatment; `observed` takes each trial's own. */
  allocation: z.union([z.number().gt(0).lt(1), z.literal('observed')]).default('observed'),
  /**
   * Lognormal priors of the standard deviation of the slopes of the linear part, and of the amplitude and length scales of the smooth part. Long length scales
   * leave a smooth function that is nearly constant in a covariate, as most covariates deserve (medians arbitrary, after a comparison by marginal likelihood: src/decisions/0017).
   */
  prognostic: z
    .strictObject({ slope: positivePrior(0.4, 1), amplitude: positivePrior(0.5, 1), lengthScale: positivePrior(8, 1) })
    .prefault({}),
  /** Half the scale of the prognostic part: effects vary less than outcomes (as in Hahn, Murray and Carvalho 2020). */
  effect: z
    .strictObject({ slope: positivePrior(0.2, 1), amplitude: positivePrior(0.25, 1), lengthScale: positivePrior(8, 1) })
    .prefault({}),
  /** Standard deviations of the normal priors, with means 0, of intercept and treatment effect where covariates are at their centre; 10 is vague. */
  scales: z
    .strictObject({ intercept: z.number().positive().default(10), treatment: z.number().positive().default(10) })
    .prefault({}),
  /** Scale of the half-Student-t prior, with 3 degrees of freedom, of the residual standard deviation (Buerkner 2017, 10.18637/jss.v080.i01). */
  residualScale: z.number().positive().default(1),
  /**
   * `pathfinder` and `laplace` approximate the posterior of length scales, amplitudes and residual standard deviation. The posterior may have several modes, of which
   * Laplace's approximation, at half the cost, sees one; NUTS costs some ten times as many evaluations.
   */
  algorithm: z.enum(['pathfinder', 'laplace', 'nuts']).default('pathfinder'),
  /** Draws of length scales, amplitudes and residual standard deviation that effects are mixed over: each costs a factorisation. */
  effectMixture: z.int().min(2).max(1000).default(24),
  /** Trials with more patients are refused: cost grows with the third power. */
  mostPatients: z.int().positive().default(1000),
})
export type GaussianProcessOptions = z.infer<typeof optionsSchema>

/** The sentence of the methods paragraph. */
export function describeGaussianProcess(options: GaussianProcessOptions): string {
  const { kernel, allocation, prognostic, effect, scales, residualScale, algorithm } = options
  const smooth = kernel === 'matern-5/2' ? 'Matern 5/2' : 'squared-exponential'
  const prior = (name: string, { median, spread }: { median: number; spread: number }) => `${name} ${median} (${spread})`
  const priors = [
    prior('standard deviation of the slopes of the prognostic function', prognostic.slope),
    prior('amplitude of its smooth part', prognostic.amplitude),
    prior('its length scales', prognostic.lengthScale),
    prior('standard deviation of the slopes of the effect function', effect.slope),
    prior('amplitude of its smooth part', effect.amplitude),
    prior('its length scales', effect.lengthScale),
  ].join(', ')
  const share = allocation === 'observed' ? 'the observed share of treated patients' : `the allocated share ${allocation}`
  const how =
    algorithm === 'nuts' ? '' : `, whose posterior is approximated (${algorithm === 'laplace' ? 'Laplace' : 'Pathfinder'})`
  return `a Gaussian process regression of the outcome with a linear and a smooth prognostic function of the covariates and, multiplied by treatment minus ${share}, a linear and a smooth effect function of the modifiers; ${smooth} covariances with a length scale for each covariate; lognormal priors with medians (and standard deviations on the log scale): ${priors}; normal priors with mean 0 and standard deviations ${scales.intercept} (intercept) and ${scales.treatment} (treatment effect at the centre of the covariates), and a half-Student-t (3 degrees of freedom) prior with scale ${residualScale} on the residual standard deviation (in reference standard deviations of the outcome, covariates on the protocol's scale); coefficients and functions are integrated out exactly, which leaves these hyper-parameters${how}`
}

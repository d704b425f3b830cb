import { z } from 'zod'

/** A lognormal prior: its median, and its standard deviation on the log scale. */
const positivePrior = (median: number, spread: number) =>
  z.strictObject({ median: z.number().positive().default(median), spread: z.number().positive().default(spread) }).prefault({})

/** What a length scale is beyond the shortest is lognormal; the median is that of the length scale itself. */
const lengthScalePrior = (shortest: number, median: number, spread: number) =>
  z
    .strictObject({
      /** 0 leaves the prior lognormal. */
      shortest: z.number().min(0).default(shortest),
      median: z.number().positive().default(median),
      spread: z.number().positive().default(spread),
    })
    .refine(({ shortest: least, median: middle }) => middle > least, 'the median must be greater than the shortest length scale')
    .prefault({})

/** Scales are in reference standard deviations of the outcome, length scales and slopes per scale unit of the covariate. Defaults are arbitrary but for those with a source. */
export const optionsSchema = z.strictObject({
  kernel: z.enum(['squared-exponential', 'matern-5/2']).default('squared-exponential'),
  /**
   * Whether the smooth part is one function of all covariates together, a sum of functions of one and of two covariates (`pairwise`), or of one (`additive`). Sums extrapolate and
   * generalise better where high-order interactions are absent (Duvenaud, Nickisch and Rasmussen 2011).
   */
  structure: z.enum(['joint', 'pairwise', 'additive']).default('joint'),
  /**
   * `automatic` is exact up to `mostPatients`; larger trials are analysed in a fixed basis, at a cost that does not depend on their size, with `pairwise` in place of `joint`.
   */
  form: z.enum(['automatic', 'exact', 'basis']).default('automatic'),
  /**
   * Cosines along each covariate of the fixed basis, and the largest sum of the orders of two of them in a function of two covariates. With 16, functions of one covariate follow length scales down to a
   * quarter of its half range (2 x 6 / (16 pi), where the first term left out has 1% of the largest spectral density). With 4, functions of two are right to 0.3 posterior standard deviations at
   * length scales near the half range and beyond, on 300 patients; shorter ones need more, at a cost that grows with the third power of the number of terms.
   */
  basis: z
    .strictObject({ order: z.int().min(1).max(50).default(16), pairDegree: z.int().min(2).max(20).default(4) })
    .prefault({}),
  /** Share of patients allocated to treatment; `observed` takes each trial's own. */
  allocation: z.union([z.number().gt(0).lt(1), z.literal('observed')]).default('observed'),
  /**
   * Lognormal priors of the standard deviation of the slopes of the linear part, and of the amplitude and length scales of the smooth part. Long length scales
   * leave a smooth function that is nearly linear in a covariate, or constant: their wide prior expects that of most covariates, and a bend of few. With six standardised covariates the part of the effect that is not linear
   * has a standard deviation of 0.15 in the prior median, and of 0.02 to 1.1 in nine draws of ten (src/decisions/0029).
   * None is below `shortest`: a function that bends within the distance between patients is noise by another name, and a second mode of the posterior.
   */
  prognostic: z
    .strictObject({
      slope: positivePrior(0.4, 1),
      amplitude: positivePrior(1, 1),
      pairAmplitude: positivePrior(0.5, 1),
      lengthScale: lengthScalePrior(0.5, 6, 1.5),
    })
    .prefault({}),
  /** Half the scale of the prognostic part: effects vary less than outcomes (as in Hahn, Murray and Carvalho 2020). */
  effect: z
    .strictObject({
      slope: positivePrior(0.2, 1),
      amplitude: positivePrior(0.5, 1),
      pairAmplitude: positivePrior(0.25, 1),
      lengthScale: lengthScalePrior(0.5, 6, 1.5),
    })
    .prefault({}),
  /** Standard deviations of the normal priors, with means 0, of intercept and treatment effect where covariates are at their centre; 10 is vague. */
  scales: z
    .strictObject({ intercept: z.number().positive().default(10), treatment: z.number().positive().default(10) })
    .prefault({}),
  /** Scale of the half-Student-t prior, with 3 degrees of freedom, of the residual standard deviation (Buerkner 2017, 10.18637/jss.v080.i01). */
  residualScale: z.number().positive().default(1),
  /**
   * How length scales, amplitudes and residual standard deviation are drawn where the protocol's `inference.algorithm` does not say. `automatic` is Hamiltonian Monte Carlo with trajectories of
   * fixed length, which for these posteriors needed half the evaluations of NUTS, in chains as long as the size of the trial allows. `pathfinder` and `laplace` approximate; where their diagnosis
   * fails, chains are run after all.
   */
  algorithm: z.enum(['automatic', 'nuts', 'pathfinder', 'laplace']).default('automatic'),
  /** Draws of length scales, amplitudes and residual standard deviation that effects are mixed over: each costs a factorisation. */
  effectMixture: z.int().min(2).max(1000).default(24),
  /** The largest trial that is analysed exactly, at a cost that grows with the third power of its size. */
  mostPatients: z.int().positive().default(1000),
})
export type GaussianProcessOptions = z.infer<typeof optionsSchema>

/** The sentence of the methods paragraph. */
export function describeGaussianProcess(options: GaussianProcessOptions): string {
  const { kernel, structure, form, basis, mostPatients, allocation, prognostic, effect, scales, residualScale } = options
  const smooth = kernel === 'matern-5/2' ? 'Matern 5/2' : 'squared-exponential'
  const prior = (name: string, { median, spread }: { median: number; spread: number }) => `${name} ${median} (${spread})`
  const lengthScales = ({ shortest, median, spread }: GaussianProcessOptions['effect']['lengthScale']) =>
    shortest > 0
      ? `its length scales ${median} (${spread}, of what they have beyond the shortest, ${shortest})`
      : prior('its length scales', { median, spread })
  const share = allocation === 'observed' ? 'the observed share of treated patients' : `the allocated share ${allocation}`
  const pairs = structure === 'pairwise' || (structure === 'joint' && form !== 'exact')
  const pairPriors = (of: string, value: { median: number; spread: number }) =>
    pairs ? [prior(`amplitude of each ${of} function of two covariates`, value)] : []
  const priors = [
    prior('standard deviation of the slopes of the prognostic function', prognostic.slope),
    prior('amplitude of its smooth part', prognostic.amplitude),
    ...pairPriors('prognostic', prognostic.pairAmplitude),
    lengthScales(prognostic.lengthScale),
    prior('standard deviation of the slopes of the effect function', effect.slope),
    prior('amplitude of its smooth part', effect.amplitude),
    ...pairPriors('effect', effect.pairAmplitude),
    lengthScales(effect.lengthScale),
  ].join(', ')
  const sums = {
    joint: 'a function of all covariates together',
    pairwise: 'a sum of functions of one and of two covariates',
    additive: 'a sum of functions of one covariate',
  }
  const inBasis = `${structure === 'additive' ? sums.additive : sums.pairwise}, in a basis of ${basis.order} cosines along each covariate${structure === 'additive' ? '' : ` and products with orders that add up to at most ${basis.pairDegree}`}`
  const shapes = {
    exact: `the smooth part is ${sums[structure]}`,
    basis: `the smooth part is ${inBasis}`,
    automatic: `the smooth part is ${sums[structure]}; in trials of more than ${mostPatients} patients it is ${inBasis}`,
  }
  return `a Gaussian process regression of the outcome with a linear and a smooth prognostic function of the covariates and, multiplied by treatment minus ${share}, a linear and a smooth effect function of the modifiers; ${smooth} covariances with a length scale for each covariate; ${shapes[form]}; lognormal priors with medians (and standard deviations on the log scale): ${priors}; normal priors with mean 0 and standard deviations ${scales.intercept} (intercept) and ${scales.treatment} (treatment effect at the centre of the covariates), and a half-Student-t (3 degrees of freedom) prior with scale ${residualScale} on the residual standard deviation (in reference standard deviations of the outcome, covariates on the protocol's scale); coefficients and functions are integrated out, which leaves these hyper-parameters`
}

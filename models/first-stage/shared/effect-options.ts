/** Options that regressions on a prognostic and a treatment part have in common, and what a methods paragraph says of them. */
import { z } from 'zod'
import type { ApproximateFit, SuggestedSampling } from '../../../src/contract/first-stage-model.js'

/** Scales are in reference standard deviations of the outcome, slopes per scale unit of the covariate. */
export const regressionOptions = {
  form: z.enum(['two-part', 's-learner']).default('two-part'),
  /** Share of patients allocated to treatment; `observed` takes each trial's own. */
  allocation: z.union([z.number().gt(0).lt(1), z.literal('observed')]).default('observed'),
  /**
   * Standard deviations of the normal priors, with means 0, of the linear part. 10 is vague and 1 weakly informative for standardised data
   * (Gelman et al. 2008, 10.1214/08-AOAS191). `interaction` is the scale of the half-normal prior of that of the interactions; half the
   * prognostic scale is arbitrary.
   */
  linear: z
    .strictObject({
      intercept: z.number().positive().default(10),
      prognostic: z.number().positive().default(1),
      treatment: z.number().positive().default(10),
      interaction: z.number().positive().default(0.5),
    })
    .prefault({}),
  /** Scale of the half-Student-t prior, with 3 degrees of freedom, of the residual standard deviation (Buerkner 2017, 10.18637/jss.v080.i01). */
  residualScale: z.number().positive().default(1),
  /**
   * `automatic` is static Hamiltonian Monte Carlo, whatever the size: posteriors of features have many modes and ridges, which a normal distribution does not resemble. Of networks on trials of 200
   * to 300 patients Pathfinder had k-hat near 6, the mean field 1.9, and both gave poor effects; the other approximations have not been tried.
   */
  algorithm: z.enum(['automatic', 'nuts', 'laplace', 'mean-field', 'full-rank', 'pathfinder']).default('automatic'),
}
const regressionSchema = z.strictObject(regressionOptions)
export type RegressionOptions = z.infer<typeof regressionSchema>

export const RESIDUAL_DEGREES_OF_FREEDOM = 3
/** Near the optimum of static trajectories, 0.65 (Beskos et al. 2013, 10.3150/12-BEJ414); 0.8 gave two thirds of the effective draws per gradient. */
export const TARGET_ACCEPTANCE = 0.7

/**
 * With coefficients integrated out, standardised parameters stay near their prior, in all directions of which a quarter turn is the right length: static
 * trajectories gave three times as many effective draws per gradient as NUTS, which makes three times as many steps (src/decisions/0020). An evaluation costs in proportion to
 * the patients, and draws per chain fall accordingly, from 1200 in trials of up to 200 patients to 480 in one of 500 and no less than 300.
 */
export function samplingOf(
  { algorithm }: Pick<RegressionOptions, 'algorithm'>,
  patientCount = USUAL_PATIENTS,
): SuggestedSampling {
  if (algorithm === 'nuts') return { warmup: 400, draws: 800 }
  const draws = Math.round(Math.max(300, Math.min(1200, (1200 * USUAL_PATIENTS) / patientCount)))
  return { algorithm: 'hmc', warmup: Math.min(400, Math.round(150 + draws / 3)), draws }
}
const USUAL_PATIENTS = 200

const APPROXIMATION_DRAWS = 1000

/** As `FirstStageModel` wants it. */
export function approximationOf({ algorithm }: Pick<RegressionOptions, 'algorithm'>): ApproximateFit | undefined {
  return algorithm === 'automatic' || algorithm === 'nuts' ? undefined : { algorithm, draws: APPROXIMATION_DRAWS }
}

/**
 * The sentence of the methods paragraph.
 * @param functions what F and G are, with their priors, such as `a network with one hidden layer ...`
 */
export function describeRegression(options: RegressionOptions, functions: { prognostic: string; effect: string }): string {
  const { form, allocation, linear, residualScale } = options
  const share = allocation === 'observed' ? 'the observed share of treated patients' : `the allocated share ${allocation}`
  const parts =
    form === 's-learner'
      ? `a linear part with treatment-covariate interactions and one function of modifiers and treatment: ${functions.prognostic}`
      : `a prognostic part and, multiplied by treatment minus ${share}, a treatment part, each linear plus a function of the covariates; the prognostic function is ${functions.prognostic}; the effect function is ${functions.effect}`
  return `a regression of the outcome with normal errors on ${parts}; normal priors with mean 0 and standard deviations ${linear.intercept} (intercept), ${linear.prognostic} (prognostic covariates) and ${linear.treatment} (treatment) on the linear part, with a half-normal prior with scale ${linear.interaction} on the standard deviation of the interactions, and a half-Student-t (${RESIDUAL_DEGREES_OF_FREEDOM} degrees of freedom) prior with scale ${residualScale} on the residual standard deviation (in reference standard deviations of the outcome, covariates on the protocol's scale); coefficients are integrated out, exactly given the rest`
}

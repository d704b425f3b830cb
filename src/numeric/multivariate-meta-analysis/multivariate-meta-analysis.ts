/**
 * Multivariate random-effects meta-analysis and meta-regression of the coefficients of several trials,
 *
 *     b_j ~ N(X_j beta, S_j + T),
 *
 * by fixed (T = 0), maximum likelihood, restricted maximum likelihood or moments (van Houwelingen, Arends and Stijnen 2002, 10.1002/sim.1040;
 * Jackson, Riley and White 2011, 10.1002/sim.4172; Sera, Armstrong, Blangiardo and Gasparrini 2019, 10.1002/sim.8362).
 */
import { RunError } from '../../errors/run-error.js'
import { UsageError } from '../../errors/usage-error.js'
import { estimateBetween } from './estimate-between.js'
import { type Heterogeneity, heterogeneityOf } from './heterogeneity-measures.js'
import { type LeastSquares, leastSquares } from './least-squares.js'
import { defaultOptions, type MetaAnalysisOptions } from './options.js'
import { observationCount } from './problem.js'
import { type MetaAnalysisInput, type NamedProblem, readInput } from './read-input.js'
import { isSingularCovariance } from './singular.js'
import { structureBasis } from './structure.js'
import { predictTrial, type TrialPrediction } from './trial-effects.js'

export interface NamedTerm {
  readonly coefficient: string
  /** `intercept` or the moderator. */
  readonly moderator: string
}

export interface MultivariateMetaAnalysis {
  readonly options: MetaAnalysisOptions
  readonly coefficientNames: readonly string[]
  readonly studies: readonly string[]
  readonly moderatorNames: readonly string[]
  readonly droppedCoefficients: readonly string[]
  /** What `coefficients` are, intercepts and slopes. */
  readonly terms: readonly NamedTerm[]
  /** beta, `[term]` */
  readonly coefficients: Float64Array
  /** Of beta, `[term, term]`, times `varianceScale`. */
  readonly covariance: Float64Array
  /** q of Hartung and Knapp; 1 unless that interval was chosen. */
  readonly varianceScale: number
  /** Of intervals for averages and existing trials; Infinity stands for normal quantiles. */
  readonly degreesOfFreedom: number
  /** Of prediction intervals for a new setting (Higgins, Thompson and Spiegelhalter 2009); 0 when there are too few trials for one. */
  readonly predictionDegreesOfFreedom: number
  /** T, `[coefficient, coefficient]` */
  readonly betweenTrialCovariance: Float64Array
  /** T lies on the boundary: some combination of coefficients has no estimated differences between trials. Always so where the structure says it. */
  readonly isSingular: boolean
  readonly isConverged: boolean
  readonly iterationCount: number
  /** Restricted for `reml`, otherwise not; at the estimate, whatever the estimator. */
  readonly logLikelihood: number
  /** Of the mean and of T. */
  readonly parameterCount: number
  readonly heterogeneity: Heterogeneity
  /** Best linear unbiased predictions, and how many of the coefficients the trial has, `[trial]`. */
  readonly trials: readonly (TrialPrediction & { readonly study: string; readonly observedCount: number })[]
}

/**
 * @throws DataError as `readInput` does; UsageError for options that do not go together; RunError when the fit is singular in float64.
 * @example
 * ```ts
 * import { multivariateMetaAnalysis, show } from 'poolite'
 *
 * const analysis = multivariateMetaAnalysis({
 *   estimates: [[0.2], [0.5], [0.8]].map((one) => Float64Array.from(one)),
 *   covariances: [[0.04], [0.04], [0.04]].map((one) => Float64Array.from(one)),
 *   coefficientNames: ['treatment'],
 * })
 * analysis.coefficients[0] // => 0.500
 * show(analysis)
 * ```
 */
export function multivariateMetaAnalysis(
  input: MetaAnalysisInput & { readonly options?: Partial<MetaAnalysisOptions> },
): MultivariateMetaAnalysis {
  const options = { ...defaultOptions, ...input.options }
  checkOptions(options)
  const problem = readInput(input, options.missing)
  const { size } = problem
  requireOneParameter(options, size)
  const found = estimateBetween(problem, options.estimator, options.structure)
  const random = found && leastSquares(problem, found.between)
  const common = leastSquares(problem, new Float64Array(size * size))
  if (!found || !random || !common) throw singularFit()
  const varianceScale = scaleOf(problem, random, options)
  const fit = { ...random, covariance: random.covariance.map((value) => value * varianceScale) }
  return {
    options,
    coefficientNames: problem.coefficientNames,
    studies: problem.studies,
    moderatorNames: problem.moderatorNames,
    droppedCoefficients: problem.droppedCoefficients,
    terms: namedTerms(problem),
    coefficients: fit.coefficients,
    covariance: fit.covariance,
    varianceScale,
    ...degreesOfFreedomOf(problem, options),
    betweenTrialCovariance: found.between,
    isSingular: isSingularCovariance(found.between, problem),
    isConverged: found.isConverged,
    iterationCount: found.iterationCount,
    logLikelihood: options.estimator === 'reml' ? random.restrictedLogLikelihood : random.logLikelihood,
    parameterCount:
      problem.terms.length + (options.estimator === 'fixed' ? 0 : structureBasis(options.structure, size).covariance.length),
    heterogeneity: heterogeneityOf(
      problem,
      common,
      random,
      found.between,
      options.estimator === 'fixed' ? undefined : options.structure,
    ),
    trials: problem.studies.map((study, trial) => ({
      study,
      observedCount: problem.trials[trial].observed.length,
      ...predictTrial(problem, fit, found.between, trial),
    })),
  }
}

function checkOptions({ level }: MetaAnalysisOptions): void {
  if (!(level > 0 && level < 1))
    throw new UsageError({ problem: `the level is ${level}`, remedy: 'Give a probability such as 0.95.' })
}

function requireOneParameter({ estimator, structure }: MetaAnalysisOptions, size: number): void {
  const count = structureBasis(structure, size).covariance.length
  if (estimator !== 'paule-mandel' || count === 1) return
  throw new UsageError({
    problem: `the estimator of Paule and Mandel cannot estimate the ${count} parameters of a between-trial covariance that is ${structure}`,
    reason: 'it solves one equation, and so needs a structure with one parameter',
    remedy: 'Choose the structure `random-effect` or `identity`, or the estimator `moments` or `reml`.',
  })
}

function singularFit(): RunError {
  return new RunError({
    problem: 'the meta-analysis is singular',
    reason:
      'the trials do not determine all pooled coefficients and slopes, or their covariances differ by too many orders of magnitude',
    remedy: 'Leave out a moderator that is constant or a combination of others, and check the units of the coefficients.',
  })
}

function scaleOf(
  problem: NamedProblem,
  { residualSum }: LeastSquares,
  { estimator, interval, hasSafeguard }: MetaAnalysisOptions,
): number {
  if (interval !== 'hartung-knapp' || estimator === 'fixed') return 1
  const q = residualSum / (observationCount(problem) - problem.terms.length)
  return hasSafeguard ? Math.max(1, q) : q
}

function degreesOfFreedomOf({ trials, terms, size }: NamedProblem, { estimator, interval }: MetaAnalysisOptions) {
  const columnCount = Math.max(
    ...Array.from({ length: size }, (_, i) => terms.filter(({ coefficient }) => coefficient === i).length),
  )
  const spare = trials.length - columnCount
  const isNormal = interval === 'normal' || estimator === 'fixed'
  return isNormal
    ? { degreesOfFreedom: Number.POSITIVE_INFINITY, predictionDegreesOfFreedom: Number.POSITIVE_INFINITY }
    : { degreesOfFreedom: spare, predictionDegreesOfFreedom: Math.max(0, spare - 1) }
}

function namedTerms({ terms, coefficientNames, moderatorNames }: NamedProblem): NamedTerm[] {
  return terms.map(({ coefficient, moderator }) => ({
    coefficient: coefficientNames[coefficient],
    moderator: moderator === undefined ? 'intercept' : moderatorNames[moderator],
  }))
}

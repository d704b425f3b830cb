/**
 * The effect of treatment as a random function, given one trial and the hyper-parameters of
 *
 *     y_i = b(x_i) + r_i f(z_i) + error_i,   error_i ~ N(0, sigma^2)
 *
 * with independent Gaussian processes b (prognosis) and f (effect) and r centred treatment. f is a Gaussian process again:
 *
 *     E f(z) = k' K^-1 y,   Cov(f(z), f(z')) = k_f(z, z') - k' K^-1 k'(z'),   k_i = r_i k_f(z, z_i),   K = K_b + rr' o K_f + sigma^2 I
 *
 * (Rasmussen and Williams 2006, Gaussian Processes for Machine Learning, eq. 2.25 and 2.26.)
 */
import { RunError } from '../errors/run-error.js'
import { choleskyInPlace, logDeterminantOfCholesky } from './cholesky.js'
import { type CovarianceFunction, crossCovariance } from './covariance-function.js'
import { backwardSolveInPlace, forwardSolveInPlace } from './triangular-solve.js'

export interface HyperParameters {
  readonly prognosis: CovarianceFunction
  readonly effect: CovarianceFunction
  readonly sigma: number
}

export interface EffectTrial {
  /** `[patient]` */
  readonly outcome: Float64Array
  /** r, `[patient]` */
  readonly centredTreatment: Float64Array
  /** Rows x of prognostic covariates, `[patient, covariate]`. */
  readonly covariates: { readonly values: Float64Array }
  /** Rows z of effect modifiers, `[patient, modifier]`. */
  readonly modifiers: { readonly values: Float64Array }
}

export interface EffectMoments {
  /** `[person]` */
  readonly mean: Float64Array
  /** `[person, person]` */
  readonly covariance: Float64Array
}

export interface EffectFunction {
  /** Log density of the outcome, the functions integrated out. */
  readonly logMarginalLikelihood: number
  /**
   * Mean and covariance of the effects of people, given outcomes.
   * @param people their modifiers, `[person, modifier]`
   */
  moments(people: Float64Array, count: number): EffectMoments
  /**
   * Mean and covariance of prognosis and effect of each person, person by person: means `[person, 2]`, variances of prognosis and effect and their covariance `[person, 3]`.
   * @param covariates of the people, `[person, covariate]`
   */
  jointMoments(
    covariates: Float64Array,
    modifiers: Float64Array,
    count: number,
  ): { readonly means: Float64Array; readonly covariances: Float64Array }
  /** The mean alone, which is much cheaper. `[person]` */
  mean(people: Float64Array, count: number): Float64Array
}

/** K, `[patient, patient]`. */
export function outcomeCovariance(
  { prognosis, effect, sigma }: HyperParameters,
  { centredTreatment, covariates, modifiers }: Omit<EffectTrial, 'outcome'>,
): Float64Array {
  const count = centredTreatment.length
  const matrix = crossCovariance(prognosis, covariates.values, covariates.values, [count, count])
  const ofEffect = crossCovariance(effect, modifiers.values, modifiers.values, [count, count])
  for (let row = 0; row < count; row++) {
    for (let column = 0; column < count; column++) {
      const at = row * count + column
      matrix[at] += centredTreatment[row] * centredTreatment[column] * ofEffect[at]
    }
    matrix[row * count + row] += sigma * sigma
  }
  return matrix
}

/** @throws RunError when K is not positive definite. */
export function effectFunction(parameters: HyperParameters, trial: EffectTrial): EffectFunction {
  const size = trial.outcome.length
  const factor = outcomeCovariance(parameters, trial)
  if (!choleskyInPlace(factor, size)) throw notPositiveDefinite(parameters.sigma)
  const solved = trial.outcome.slice()
  forwardSolveInPlace(factor, solved, size)
  const squares = solved.reduce((sum, value) => sum + value * value, 0)
  backwardSolveInPlace(factor, solved, size)
  /** k, `[patient, person]` */
  const covarianceWith = (people: Float64Array, count: number) => {
    const cross = crossCovariance(parameters.effect, trial.modifiers.values, people, [size, count])
    for (let patient = 0; patient < size; patient++)
      for (let person = 0; person < count; person++) cross[patient * count + person] *= trial.centredTreatment[patient]
    return cross
  }
  const mean = (cross: Float64Array, count: number) => {
    const sums = new Float64Array(count)
    for (let patient = 0; patient < size; patient++)
      for (let person = 0; person < count; person++) sums[person] += cross[patient * count + person] * solved[patient]
    return sums
  }
  return {
    logMarginalLikelihood: -0.5 * (squares + logDeterminantOfCholesky(factor, size) + size * Math.log(2 * Math.PI)),
    mean: (people, count) => mean(covarianceWith(people, count), count),
    jointMoments(covariates, modifiers, count) {
      const level = crossCovariance(parameters.prognosis, trial.covariates.values, covariates, [size, count])
      const effect = covarianceWith(modifiers, count)
      const [levels, effects] = [mean(level, count), mean(effect, count)]
      for (const cross of [level, effect]) forwardSolveRows(factor, cross, size, count)
      const covariances = new Float64Array(3 * count)
      for (let person = 0; person < count; person++) {
        const own = personMoments(level, effect, size, count, person)
        const row = (rows: Float64Array) => rows.subarray((person * rows.length) / count, ((person + 1) * rows.length) / count)
        const [x, z] = [row(covariates), row(modifiers)]
        covariances[3 * person] = crossCovariance(parameters.prognosis, x, x, [1, 1])[0] - own[0]
        covariances[3 * person + 1] = crossCovariance(parameters.effect, z, z, [1, 1])[0] - own[1]
        covariances[3 * person + 2] = -own[2]
      }
      const means = Float64Array.from({ length: 2 * count }, (_, at) => (at % 2 ? effects : levels)[at >> 1])
      return { means, covariances }
    },
    moments(people, count) {
      const cross = covarianceWith(people, count)
      const means = mean(cross, count)
      const covariance = crossCovariance(parameters.effect, people, people, [count, count])
      forwardSolveRows(factor, cross, size, count)
      subtractCrossProduct(covariance, cross, size, count)
      return { mean: means, covariance }
    },
  }
}

/** u'u, v'v and u'v of one column of two matrices `[size, width]`. */
function personMoments(u: Float64Array, v: Float64Array, size: number, width: number, column: number): [number, number, number] {
  let [uu, vv, uv] = [0, 0, 0]
  for (let row = 0; row < size; row++) {
    const [a, b] = [u[row * width + column], v[row * width + column]]
    uu += a * a
    vv += b * b
    uv += a * b
  }
  return [uu, vv, uv]
}

/** Replaces `rows` `[size, width]` by L^-1 rows, for all columns at once: neighbours in memory are used together. */
function forwardSolveRows(factor: Float64Array, rows: Float64Array, size: number, width: number): void {
  for (let row = 0; row < size; row++) {
    const target = rows.subarray(row * width, (row + 1) * width)
    for (let k = 0; k < row; k++) {
      const weight = factor[row * size + k]
      const source = k * width
      for (let column = 0; column < width; column++) target[column] -= weight * rows[source + column]
    }
    const pivot = factor[row * size + row]
    for (let column = 0; column < width; column++) target[column] /= pivot
  }
}

/** Takes V'V from `matrix` `[width, width]`, V `[size, width]`. */
function subtractCrossProduct(matrix: Float64Array, v: Float64Array, size: number, width: number): void {
  for (let k = 0; k < size; k++)
    for (let row = 0; row < width; row++) {
      const weight = v[k * width + row]
      const [target, source] = [row * width, k * width]
      for (let column = 0; column <= row; column++) matrix[target + column] -= weight * v[source + column]
    }
  for (let row = 0; row < width; row++)
    for (let column = 0; column < row; column++) matrix[column * width + row] = matrix[row * width + column]
}

function notPositiveDefinite(sigma: number): RunError {
  return new RunError({
    problem: 'the covariance matrix of the outcomes of a trial is not positive definite in float64',
    reason: `the residual standard deviation, ${sigma.toPrecision(3)} reference standard deviations, is near 0: the outcome seems to be a function of the covariates`,
    remedy: 'Check that the outcome is not computed from covariates, or use the linear model.',
  })
}

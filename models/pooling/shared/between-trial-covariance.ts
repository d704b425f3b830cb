/**
 * Covariance T of the trials' coefficients, T = diag(tau) Omega diag(tau), in four forms:
 *
 * - `random-effect`: tau of the first coefficient alone;
 * - `diagonal`: Omega = I;
 * - `unstructured`: Omega ~ LKJ (Lewandowski, Kurowicka and Joe 2009, 10.1016/j.jmva.2009.04.008);
 * - `factor`: Omega is the correlation matrix of W W' + I with W `[coefficient, factor]`, elements N(0, s^2). W is known up to rotation only, so that its
 *   lower triangular factor stands for it: diagonal elements s chi, with degrees of freedom falling by one from the number of factors, and normal ones
 *   elsewhere give W W' the same distribution, which therefore does not depend on the order of the coefficients (Leung and Drton 2016,
 *   10.1016/j.spl.2016.01.006; Bartlett's decomposition).
 */
import * as tf from '@tensorflow/tfjs'
import type { Prior } from '../../../src/contract/distribution.js'
import { gamma } from '../../../src/distributions/gamma.js'
import { halfCauchy } from '../../../src/distributions/half-cauchy.js'
import { halfNormal } from '../../../src/distributions/half-normal.js'
import { halfStudentT } from '../../../src/distributions/half-student-t.js'
import { lkjCholesky } from '../../../src/distributions/lkj-cholesky.js'
import { normal } from '../../../src/distributions/normal.js'
import type { Dimension } from '../../../src/draws/draws.js'
import { type HierarchicalOptions, heterogeneityScales, usedFactorCount, varyingCount } from './hierarchical-options.js'

/** Parameters by name, as tensors. */
export type Values = { readonly [name: string]: tf.Tensor }
/** Parameters of one draw by name. */
export type Numbers = { readonly [name: string]: Float64Array }

/** F with F F' a covariance, `[size, width]` row-major. */
export interface CovarianceFactor {
  readonly values: Float64Array
  readonly width: number
}

/** Priors of tau and of what makes Omega. */
export function betweenTrialPriors(options: HierarchicalOptions, coefficient: Dimension): Record<string, Prior> {
  const size = coefficient.labels.length
  const count = varyingCount(options, size)
  const varying = { name: coefficient.name, labels: coefficient.labels.slice(0, count) }
  const tau = { tau: tauPrior(options, heterogeneityScales(options, count), varying) }
  if (count === 1) return tau
  if (options.heterogeneity === 'unstructured')
    return { ...tau, correlationFactor: lkjCholesky(options.correlationConcentration, { shape: [coefficient, coefficient] }) }
  if (options.heterogeneity !== 'factor') return tau
  const factors = usedFactorCount(options, size)
  const degrees = Array.from({ length: factors }, (_, index) => (factors - index) / 2)
  const rate = 1 / (2 * options.loadingScale ** 2)
  const offDiagonal = size * factors - (factors * (factors + 1)) / 2
  return {
    ...tau,
    squaredLoadings: gamma(degrees, rate, { shape: [factors] }),
    loadings: normal(0, options.loadingScale, { shape: [offDiagonal] }),
  }
}

function tauPrior(options: HierarchicalOptions, scales: readonly number[], varying: Dimension): Prior {
  const shape = { shape: [varying] }
  switch (options.heterogeneityPrior) {
    case 'half-normal':
      return halfNormal(scales, shape)
    case 'half-cauchy':
      return halfCauchy(0, scales, shape)
    default:
      return halfStudentT(options.heterogeneityDegreesOfFreedom, 0, scales, shape)
  }
}

/** For each element of W its place among the loadings, then the diagonal, then 0. */
function loadingIndices(size: number, factors: number): number[] {
  const offDiagonal = size * factors - (factors * (factors + 1)) / 2
  let next = 0
  return Array.from({ length: size * factors }, (_, element) => {
    const [row, column] = [Math.floor(element / factors), element % factors]
    if (column > row) return offDiagonal + factors
    return column === row ? offDiagonal + column : next++
  })
}

function loadingMatrix({ loadings, squaredLoadings }: Values, size: number): tf.Tensor {
  const factors = squaredLoadings.size
  const packed = tf.concat([loadings, tf.sqrt(squaredLoadings), tf.tensor1d([0])])
  return tf.reshape(tf.gather(packed, tf.tensor1d(loadingIndices(size, factors), 'int32')), [size, factors])
}

/** Omega `[coefficient, coefficient]`; none when it is the identity. */
export function betweenTrialCorrelation(values: Values, size: number): tf.Tensor | undefined {
  const { correlationFactor, loadings } = values
  if (correlationFactor) return tf.matMul(correlationFactor, correlationFactor, false, true)
  if (!loadings) return undefined
  const matrix = loadingMatrix(values, size)
  const scaled = tf.mul(matrix, tf.rsqrt(tf.add(tf.sum(tf.square(matrix), 1, true), 1)))
  const communality = tf.sum(tf.square(scaled), 1)
  return tf.add(tf.matMul(scaled, scaled, false, true), tf.mul(tf.sub(1, communality), tf.eye(size)))
}

/** T `[coefficient, coefficient]` */
export function betweenTrialCovariance(values: Values, size: number): tf.Tensor {
  const { tau, correlationFactor } = values
  if (correlationFactor) {
    const factor = tf.mul(tf.reshape(tau, [size, 1]), correlationFactor)
    return tf.matMul(factor, factor, false, true)
  }
  const correlation = betweenTrialCorrelation(values, size)
  if (correlation) return tf.mul(tf.mul(tf.reshape(tau, [size, 1]), correlation), tau)
  const variances = tf.square(tau)
  const padded = tau.size === size ? variances : tf.pad(variances, [[0, size - tau.size]])
  return tf.mul(padded, tf.eye(size))
}

/** A factor of T at one draw; rows of zeros where a coefficient does not vary. */
export function covarianceFactor(parameters: Numbers, size: number): CovarianceFactor {
  const { tau, correlationFactor, loadings } = parameters
  if (loadings) return factorOfLoadings(parameters, size)
  const values = new Float64Array(size * size)
  for (let row = 0; row < tau.length; row++)
    for (let column = 0; column <= row; column++) {
      const correlation = correlationFactor ? correlationFactor[row * size + column] : row === column ? 1 : 0
      values[row * size + column] = tau[row] * correlation
    }
  return { values, width: size }
}

function factorOfLoadings({ tau, loadings, squaredLoadings }: Numbers, size: number): CovarianceFactor {
  const factors = squaredLoadings.length
  const width = factors + size
  const packed = [...loadings, ...squaredLoadings.map(Math.sqrt), 0]
  const indices = loadingIndices(size, factors)
  const values = new Float64Array(size * width)
  for (let row = 0; row < size; row++) {
    let square = 1
    for (let column = 0; column < factors; column++) square += packed[indices[row * factors + column]] ** 2
    const scale = tau[row] / Math.sqrt(square)
    for (let column = 0; column < factors; column++)
      values[row * width + column] = scale * packed[indices[row * factors + column]]
    values[row * width + factors + row] = scale
  }
  return { values, width }
}

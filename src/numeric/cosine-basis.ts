/**
 * A fixed basis for a Gaussian process that is a sum of smooth functions of one covariate and of two. Along covariate x with domain
 * (c - L, c + L), with w_j = pi j / (2 L),
 *
 *     phi_j(x) = L^(-1/2) cos(w_j (x - c + L)),   h(x, x') ~ v + sum_(j >= 1) S(w_j) phi_j(x) phi_j(x'),
 *
 * S the spectral density of the correlation h and v its constant part. A function of two covariates has the products of the bases of both. The basis does not
 * depend on amplitudes and length scales, only the variances of its coefficients do: whatever the data, a likelihood needs their sums of squares and products
 * once (Solin and Saerkkae 2020, 10.1007/s11222-019-09886-w; Riutort-Mayol, Buerkner, Andersen, Solin and Vehtari 2022, 10.1007/s11222-022-10167-2).
 *
 * It differs from theirs in the functions: eigenfunctions of the Laplacian with a slope of 0 at the ends instead of a value of 0, which would bend functions with a length
 * scale beyond L, here nearly constant, down at the ends. v is what the other terms leave of a mean variance of 1, as they truncate it. A covariate with few distinct values
 * has no more terms than can be told apart, and one with two values is exact. Outside the domain functions go on with their value at its end.
 */
import { type CovarianceFunction, correlations, type KernelFamily, type KernelStructure } from './covariance-function.js'

/** A cosine along one covariate. */
export interface Cosine {
  readonly covariate: number
  readonly frequency: number
  /** Mean of its square: over the domain, 1 / (2 L), or over the two values of a covariate that has no more. */
  readonly meanSquare: number
  /** Between the two values of a covariate that has no more: there the cosine is all that tells them apart, and its variance is that of their difference. Otherwise 0. */
  readonly distance: number
}

export interface CosineBasis {
  readonly covariateCount: number
  /** c and L, `[covariate]` */
  readonly centre: Float64Array
  readonly halfWidth: Float64Array
  readonly single: readonly Cosine[]
  readonly pairs: readonly (readonly [Cosine, Cosine])[]
}

export interface CosineBasisSettings {
  readonly structure: Exclude<KernelStructure, 'joint'>
  /** Cosines along each covariate. */
  readonly order: number
  /** Largest j + k of a product of the j-th and the k-th cosine of two covariates. */
  readonly pairDegree: number
}

/** Half the domain in half ranges of the data. With 1.5 effects were up to 0.45 posterior standard deviations from the exact ones at long length scales, with 2 up to 0.25; what 2 costs is frequencies. */
const DOMAIN = 2

/** @param rows `[row, covariate]` that fix the domain: from the smallest to the largest value of each covariate, and half as much again on either side */
export function cosineBasis(rows: Float64Array, covariateCount: number, settings: CosineBasisSettings): CosineBasis {
  const covariates = Array.from({ length: covariateCount }, (_, covariate) => {
    const values = rows.filter((__, at) => at % covariateCount === covariate)
    const [low, high] = values.reduce(
      ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
      [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
    )
    const halfWidth = high > low ? (DOMAIN * (high - low)) / 2 : 1
    const distinct = new Set(values).size
    const order = Math.min(settings.order, distinct - 1)
    const isBinary = distinct === 2
    const cosines = Array.from({ length: order }, (__, j) => ({
      covariate,
      frequency: (Math.PI * (j + 1)) / (2 * halfWidth),
      meanSquare: isBinary ? Math.cos((Math.PI / 2) * (1 - 1 / DOMAIN)) ** 2 / halfWidth : 1 / (2 * halfWidth),
      distance: isBinary ? high - low : 0,
    }))
    return { centre: (low + high) / 2, halfWidth, cosines }
  })
  const pairs = covariates.flatMap(({ cosines: left }, first) =>
    covariates
      .slice(first + 1)
      .flatMap(({ cosines: right }) =>
        left.flatMap((one, j) => right.flatMap((other, k) => (j + k + 2 <= settings.pairDegree ? [[one, other] as const] : []))),
      ),
  )
  return {
    covariateCount,
    centre: Float64Array.from(covariates, ({ centre }) => centre),
    halfWidth: Float64Array.from(covariates, ({ halfWidth }) => halfWidth),
    single: covariates.flatMap(({ cosines }) => cosines),
    pairs: settings.structure === 'pairwise' ? pairs : [],
  }
}

export function basisSize({ single, pairs }: CosineBasis): number {
  return single.length + pairs.length
}

/**
 * Values of the basis functions.
 * @param rows `[row, covariate]`
 * @returns `[row, function]`
 */
export function basisValues(basis: CosineBasis, rows: Float64Array, rowCount: number): Float64Array {
  const { covariateCount, centre, halfWidth, single, pairs } = basis
  const width = basisSize(basis)
  const out = new Float64Array(rowCount * width)
  for (let row = 0; row < rowCount; row++) {
    const cosine = ({ covariate, frequency }: Cosine) => {
      const half = halfWidth[covariate]
      const place = Math.max(-half, Math.min(half, rows[row * covariateCount + covariate] - centre[covariate]))
      return Math.cos(frequency * (place + half)) / Math.sqrt(half)
    }
    single.forEach((one, index) => {
      out[row * width + index] = cosine(one)
    })
    pairs.forEach(([one, other], index) => {
      out[row * width + single.length + index] = cosine(one) * cosine(other)
    })
  }
  return out
}

/** Prior variances of the coefficients, `[function]`. */
export function coefficientVariances(basis: CosineBasis, kernel: CovarianceFunction): Float64Array {
  const { single, pairs } = basis
  const density = ({ covariate, frequency, distance, meanSquare }: Cosine) => {
    const lengthScale = kernel.lengthScales[covariate]
    if (distance === 0) return spectralDensity(kernel.family, lengthScale, frequency)
    return (1 - correlations[kernel.family]((distance / lengthScale) ** 2)) / (2 * meanSquare)
  }
  const constant = new Float64Array(basis.covariateCount).fill(1)
  for (const one of single) constant[one.covariate] -= density(one) * one.meanSquare
  const total = constant.reduce((sum, value) => sum + value, 0)
  const variance = kernel.amplitude ** 2
  const pairVariance = pairs.length > 0 ? (kernel.pairAmplitude ?? 0) ** 2 : 0
  return Float64Array.from([
    ...single.map((one) => density(one) * (variance + pairVariance * (total - constant[one.covariate]))),
    ...pairs.map(([one, other]) => pairVariance * density(one) * density(other)),
  ])
}

/** Of a correlation along one covariate (Rasmussen and Williams 2006, eq. 4.15 and below 4.9). */
function spectralDensity(family: KernelFamily, lengthScale: number, frequency: number): number {
  const square = (lengthScale * frequency) ** 2
  if (family === 'squared-exponential') return Math.sqrt(2 * Math.PI) * lengthScale * Math.exp(-square / 2)
  return (MATERN_FACTOR * lengthScale) / ((5 + square) * (5 + square) ** 2)
}

/** 2 sqrt(pi) Gamma(3) / Gamma(5/2) 5^(5/2), Gamma(5/2) = 3 sqrt(pi) / 4. */
export const MATERN_FACTOR = (16 / 3) * 25 * Math.sqrt(5)

/**
 * Draws that say of a frequentist meta-analysis what its intervals say: a confidence distribution, not a posterior (Xie and Singh 2013,
 * 10.1111/insr.12000). With s^2 = nu / chi^2_nu, z standard normal,
 *
 *     mu         beta + s V^{1/2} z                                       quantiles: the t intervals of the average
 *     theta_new  beta + s' (V^{1/2} z + T^{1/2} z')                       prediction intervals, with one degree of freedom less
 *     theta_j    best linear unbiased prediction, moved with mu, + s (T - T W_j T)^{1/2} z_j
 *     tau_i^2    (tau_i^2 + v_i) nu_i / chi^2 - v_i, not below 0          exact for one coefficient with equal sampling variances v
 *
 * mu, theta_new and theta_j are for T as estimated; tau is drawn beside them, and its correlations stay at their estimates.
 */
import type { DirectPooling } from '../../../src/contract/pooling-method.js'
import type { Stream } from '../../../src/contract/stream.js'
import type { Dimension, Draws } from '../../../src/draws/draws.js'
import type { MultivariateMetaAnalysis } from '../../../src/numeric/multivariate-meta-analysis/multivariate-meta-analysis.js'
import { symmetricEigen } from '../../../src/numeric/symmetric-eigen.js'
import { fillNormal } from '../../../src/random/fill-normal.js'
import { drawGamma } from '../../../src/random/gamma.js'

interface DrawState {
  readonly analysis: MultivariateMetaAnalysis
  /** Place of each pooled coefficient among all. */
  readonly places: readonly number[]
  readonly size: number
  /** Square roots of V, T and T - T W_j T. */
  readonly meanRoot: Float64Array
  readonly betweenRoot: Float64Array
  readonly trialRoots: readonly Float64Array[]
  /** Overwritten by each draw. */
  readonly workspace: Record<'z' | 'error' | 'difference' | 'own', Float64Array>
}

/**
 * @param analysis without moderators
 * @param coefficientNames all of them; those that the analysis dropped get 0
 */
export function multivariateDraws(
  analysis: MultivariateMetaAnalysis,
  coefficientNames: readonly string[],
  { chainCount, drawCount, streamFor }: DirectPooling,
): Draws {
  const pooled = analysis.coefficientNames.length
  const size = coefficientNames.length
  const state: DrawState = {
    analysis,
    places: analysis.coefficientNames.map((name) => coefficientNames.indexOf(name)),
    size,
    meanRoot: squareRoot(analysis.covariance, pooled),
    betweenRoot: squareRoot(analysis.betweenTrialCovariance, pooled),
    trialRoots: analysis.trials.map(({ conditionalCovariance }) => squareRoot(conditionalCovariance, pooled)),
    workspace: {
      z: new Float64Array(pooled),
      error: new Float64Array(pooled),
      difference: new Float64Array(pooled),
      own: new Float64Array(pooled),
    },
  }
  const count = chainCount * drawCount
  const out = {
    mu: new Float64Array(count * size),
    tau: new Float64Array(count * size),
    theta: new Float64Array(count * size * analysis.studies.length),
    newSetting: new Float64Array(count * size),
  }
  for (let chain = 0; chain < chainCount; chain++) {
    const stream = streamFor(chain)
    for (let draw = 0; draw < drawCount; draw++) drawOnce(stream, state, out, chain * drawCount + draw)
  }
  const coefficient: Dimension = { name: 'coefficient', labels: coefficientNames }
  const study: Dimension = { name: 'study', labels: analysis.studies }
  const correlations = correlationDraws(state, count)
  return {
    chainCount,
    drawCount,
    variables: [
      { name: 'mu', dimensions: [coefficient], values: out.mu },
      { name: 'tau', dimensions: [coefficient], values: out.tau },
      ...(correlations ? [{ name: 'Omega', dimensions: [coefficient, coefficient], values: correlations }] : []),
      { name: 'theta', dimensions: [study, coefficient], values: out.theta },
      { name: 'theta_new', dimensions: [coefficient], values: out.newSetting },
    ],
  }
}

type Output = Record<'mu' | 'tau' | 'theta' | 'newSetting', Float64Array>

function drawOnce(stream: Stream, state: DrawState, out: Output, draw: number): void {
  const { analysis, places, size } = state
  const { z, error, difference, own } = state.workspace
  const pooled = places.length
  const scale = tScale(stream, analysis.degreesOfFreedom)
  const predictionScale = tScale(stream, Math.max(1, analysis.predictionDegreesOfFreedom))
  spread(stream, state.meanRoot, z, error)
  spread(stream, state.betweenRoot, z, difference)
  places.forEach((place, i) => {
    const mean = analysis.coefficients[i]
    out.mu[draw * size + place] = mean + scale * error[i]
    out.newSetting[draw * size + place] = mean + predictionScale * (error[i] + difference[i])
    out.tau[draw * size + place] = drawTau(stream, analysis, i)
  })
  analysis.trials.forEach(({ estimate, sensitivity }, trial) => {
    spread(stream, state.trialRoots[trial], z, own)
    const start = (draw * analysis.trials.length + trial) * size
    places.forEach((place, i) => {
      let moved = own[i]
      for (let a = 0; a < pooled; a++) moved += sensitivity[i * pooled + a] * error[a]
      out.theta[start + place] = estimate[i] + scale * moved
    })
  })
}

/** sqrt(nu / chi^2_nu), 1 for infinitely many degrees of freedom. */
function tScale(stream: Stream, degreesOfFreedom: number): number {
  return degreesOfFreedom === Number.POSITIVE_INFINITY
    ? 1
    : Math.sqrt(degreesOfFreedom / (2 * drawGamma(stream, degreesOfFreedom / 2)))
}

function drawTau(stream: Stream, { heterogeneity }: MultivariateMetaAnalysis, coefficient: number): number {
  const { tau, typicalVariance, tauDegreesOfFreedom } = heterogeneity.byCoefficient[coefficient]
  if (!Number.isFinite(tauDegreesOfFreedom)) return tau
  const scale = tScale(stream, tauDegreesOfFreedom)
  return Math.sqrt(Math.max(0, (tau * tau + typicalVariance) * scale * scale - typicalVariance))
}

/** Writes root z with new z. */
function spread(stream: Stream, root: Float64Array, z: Float64Array, out: Float64Array): void {
  fillNormal(stream, z)
  const size = z.length
  for (let row = 0; row < size; row++) {
    let sum = 0
    for (let k = 0; k < size; k++) sum += root[row * size + k] * z[k]
    out[row] = sum
  }
}

/** F with F F' = A for a positive semi-definite A: eigenvectors times roots of eigenvalues. */
function squareRoot(matrix: Float64Array, size: number): Float64Array {
  const { values, vectors } = symmetricEigen(matrix, size)
  return Float64Array.from({ length: size * size }, (_, at) => {
    const k = at % size
    return Math.sqrt(Math.max(0, values[k])) * vectors[k * size + Math.floor(at / size)]
  })
}

/** The estimated correlations in every draw; nothing where T is diagonal. */
function correlationDraws({ analysis, places, size }: DrawState, count: number): Float64Array | undefined {
  const pooled = places.length
  const between = analysis.betweenTrialCovariance
  if (between.every((value, at) => value === 0 || at % (pooled + 1) === 0)) return undefined
  const correlation = new Float64Array(size * size)
  for (let i = 0; i < size; i++) correlation[i * (size + 1)] = 1
  places.forEach((row, i) => {
    places.forEach((column, k) => {
      const scale = Math.sqrt(between[i * (pooled + 1)] * between[k * (pooled + 1)])
      if (i !== k && scale > 0) correlation[row * size + column] = between[i * pooled + k] / scale
    })
  })
  const out = new Float64Array(count * size * size)
  for (let draw = 0; draw < count; draw++) out.set(correlation, draw * size * size)
  return out
}

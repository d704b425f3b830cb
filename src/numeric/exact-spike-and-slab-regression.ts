/**
 * Linear regression with known residual standard deviation and a mixture of two normals as prior of some coefficients,
 *
 *     b_k ~ pi N(0, slab^2) + (1 - pi) N(0, spike^2),
 *
 * by enumeration: given which coefficients come from the slab the model is conjugate, so the posterior is the average of 2^m conjugate
 * posteriors weighted by prior probability times marginal likelihood (George and McCulloch 1993, DOI 10.1080/01621459.1993.10476353).
 * The oracle for samplers of the spike-and-slab model.
 */
import { UsageError } from '../errors/usage-error.js'
import { exactNormalRegression, type NormalRegression } from './exact-normal-regression.js'

export interface SpikeAndSlabRegression extends NormalRegression {
  /** Columns of the design with the mixture prior; their `priorScale` is not read. */
  readonly selected: readonly number[]
  readonly slabScale: number
  readonly spikeScale: number
  /** pi, prior probability of the slab. */
  readonly slabProbability: number
}

export interface SpikeAndSlabPosterior {
  /** `[coefficient]` */
  readonly mean: Float64Array
  /** `[coefficient]` */
  readonly sd: Float64Array
  /** `[selected]`, posterior probability of the slab. */
  readonly inclusionProbability: Float64Array
  /** log p(y); NaN when a prior is flat. */
  readonly logMarginal: number
}

/** 2^12 regressions are a matter of seconds for a trial of some hundred patients. */
const MOST_SELECTED = 12

/** @throws UsageError when more than 12 coefficients have the mixture prior. */
export function exactSpikeAndSlabRegression(regression: SpikeAndSlabRegression): SpikeAndSlabPosterior {
  const { selected, priorScale } = regression
  if (selected.length > MOST_SELECTED)
    throw new UsageError({
      problem: `${selected.length} coefficients with a spike-and-slab prior are too many to enumerate`,
      reason: `2^${selected.length} regressions would be fitted`,
      remedy: `Give the mixture prior to at most ${MOST_SELECTED} coefficients, or sample.`,
    })
  const models = Array.from({ length: 2 ** selected.length }, (_, pattern) => componentPosterior(regression, pattern))
  const largest = Math.max(...models.map(({ logWeight }) => logWeight))
  const total = models.reduce((sum, { logWeight }) => sum + Math.exp(logWeight - largest), 0)
  const mean = new Float64Array(priorScale.length)
  const square = new Float64Array(priorScale.length)
  const inclusionProbability = new Float64Array(selected.length)
  models.forEach((model, pattern) => {
    const weight = Math.exp(model.logWeight - largest) / total
    for (let k = 0; k < mean.length; k++) {
      mean[k] += weight * model.mean[k]
      square[k] += weight * (model.covariance[k * mean.length + k] + model.mean[k] ** 2)
    }
    for (let index = 0; index < selected.length; index++) if (isInSlab(pattern, index)) inclusionProbability[index] += weight
  })
  const sd = square.map((value, k) => Math.sqrt(value - mean[k] ** 2))
  return { mean, sd, inclusionProbability, logMarginal: largest + Math.log(total) }
}

/** Bit `index` of the pattern says whether that selected coefficient comes from the slab. */
const isInSlab = (pattern: number, index: number): boolean => Math.floor(pattern / 2 ** index) % 2 === 1

function componentPosterior(regression: SpikeAndSlabRegression, pattern: number) {
  const { selected, slabScale, spikeScale, slabProbability } = regression
  const priorScale = Float64Array.from(regression.priorScale)
  let logPrior = 0
  selected.forEach((column, index) => {
    const isSlab = isInSlab(pattern, index)
    priorScale[column] = isSlab ? slabScale : spikeScale
    logPrior += Math.log(isSlab ? slabProbability : 1 - slabProbability)
  })
  const posterior = exactNormalRegression({ ...regression, priorScale })
  return { mean: posterior.mean, covariance: posterior.covariance, logWeight: logPrior + posterior.logMarginal }
}

/** Means and variances of the effects of people over draws: all that a weighted average of normal posteriors takes. */
import type { EffectPredictor } from '../contract/first-stage-model.js'
import type { Stream } from '../contract/stream.js'

export interface EffectMoments {
  /** `[person]` */
  readonly means: Float64Array
  /** Denominator N - 1. `[person]` */
  readonly variances: Float64Array
}

/** People at a time, since draws are held in memory. */
const BLOCK = 250

/**
 * @param people `[person, modifier]`
 * @param isLinear effects are linear in the modifiers: then the moments follow from those of the coefficients
 */
export function effectMoments(
  predictor: EffectPredictor,
  people: Float64Array,
  count: number,
  isLinear: boolean,
  stream: Stream,
): EffectMoments {
  const width = people.length / count
  if (isLinear) return linearMoments(predictor, people, count, stream)
  const [means, variances] = [new Float64Array(count), new Float64Array(count)]
  for (let first = 0; first < count; first += BLOCK) {
    const size = Math.min(BLOCK, count - first)
    const draws = predictor.predict(people.subarray(first * width, (first + size) * width), size, stream)
    columnMoments(draws, size, means.subarray(first), variances.subarray(first))
  }
  return { means, variances }
}

/** @param draws `[draw, column]` */
function columnMoments(draws: Float64Array, size: number, means: Float64Array, variances: Float64Array): void {
  const rows = draws.length / size
  for (let at = 0; at < draws.length; at++) means[at % size] += draws[at] / rows
  for (let at = 0; at < draws.length; at++) variances[at % size] += (draws[at] - means[at % size]) ** 2 / (rows - 1)
}

function linearMoments(predictor: EffectPredictor, people: Float64Array, count: number, stream: Stream): EffectMoments {
  const width = people.length / count
  const size = width + 1
  const units = new Float64Array(size * width)
  for (let k = 0; k < width; k++) units[(k + 1) * width + k] = 1
  const effects = predictor.predict(units, size, stream)
  const rows = effects.length / size
  const means = new Float64Array(size)
  for (let start = 0; start < effects.length; start += size) {
    for (let i = size - 1; i > 0; i--) effects[start + i] -= effects[start]
    for (let i = 0; i < size; i++) means[i] += effects[start + i] / rows
  }
  const covariance = covarianceOf(effects, means)
  const contrast = new Float64Array(size).fill(1)
  const out = { means: new Float64Array(count), variances: new Float64Array(count) }
  for (let person = 0; person < count; person++) {
    for (let k = 0; k < width; k++) contrast[k + 1] = people[person * width + k]
    let [mean, variance] = [0, 0]
    for (let i = 0; i < size; i++) {
      mean += contrast[i] * means[i]
      let product = (covariance[i * size + i] * contrast[i]) / 2
      for (let j = 0; j < i; j++) product += covariance[i * size + j] * contrast[j]
      variance += 2 * contrast[i] * product
    }
    out.means[person] = mean
    out.variances[person] = variance
  }
  return out
}

/**
 * Lower triangle, denominator N - 1. `[column, column]`
 * @param values `[row, column]`
 */
function covarianceOf(values: Float64Array, means: Float64Array): Float64Array {
  const size = means.length
  const out = new Float64Array(size * size)
  const centred = new Float64Array(size)
  for (let start = 0; start < values.length; start += size)
    for (let i = 0; i < size; i++) {
      centred[i] = values[start + i] - means[i]
      for (let j = 0; j <= i; j++) out[i * size + j] += centred[i] * centred[j]
    }
  return out.map((value) => value / (values.length / size - 1))
}

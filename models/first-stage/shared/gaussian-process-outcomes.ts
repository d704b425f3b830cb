/** Expected outcomes under each arm, b(x) - e f(z) and b(x) + (1 - e) f(z), mixed over draws of the hyper-parameters: given each, exactly normal. */
import type { OutcomePredictor } from '../../../src/contract/outcome-predictor.js'
import type { Stream } from '../../../src/contract/stream.js'
import type { TrialDesign } from '../../../src/contract/trial.js'
import type { Draws } from '../../../src/draws/draws.js'
import { valuesOfDraw } from '../../../src/draws/values-of-draw.js'
import { designParts } from '../../../src/effects/design-parts.js'
import { coefficientPosterior } from '../../../src/numeric/basis-effect-function.js'
import { effectFunction } from '../../../src/numeric/effect-function.js'
import { standardNormal } from '../../../src/random/standard-normal.js'
import { basisData, basisOptions, coefficientScales, functionColumns, trialBases } from './gaussian-process-basis.js'
import { gaussianProcessData, hyperParameters, isLarge } from './gaussian-process-data.js'
import type { GaussianProcessOptions } from './gaussian-process-options.js'

/** Draws of the hyper-parameters, each of which costs a factorisation, and draws given each: moments of what is expected need no more. */
const MOST_PARTS = 32
const DRAWS_EACH = 32

/** Writes draws of prognosis and effect of people given one draw of the hyper-parameters to `[row, person]`, `DRAWS_EACH` rows from `first` on. */
type WritePair = (prognosis: Float64Array, effect: Float64Array, first: number, stream: Stream) => void

export function gaussianProcessOutcomes(draws: Draws, trial: TrialDesign, options: GaussianProcessOptions): OutcomePredictor {
  const share =
    options.allocation === 'observed'
      ? trial.treatment.reduce((sum, arm) => sum + arm, 0) / trial.treatment.length
      : options.allocation
  const pairsOf = isLarge(trial.outcome.length, options) ? basisPairs(trial, options) : exactPairs(trial, options)
  const total = draws.chainCount * draws.drawCount
  const mixture = Math.min(total, options.effectMixture, MOST_PARTS)
  return {
    predict(people, count, stream) {
      const { covariates, modifiers } = designParts(people, count, trial.columns)
      const [prognosis, effect] = [0, 1].map(() => new Float64Array(mixture * DRAWS_EACH * count))
      for (let part = 0; part < mixture; part++) {
        const values = valuesOfDraw(draws, Math.floor(((part + 0.5) * total) / mixture))
        pairsOf(values, covariates, modifiers, count)(prognosis, effect, part * DRAWS_EACH, stream)
      }
      return {
        control: prognosis.map((value, at) => value - share * effect[at]),
        treated: prognosis.map((value, at) => value + (1 - share) * effect[at]),
      }
    },
  }
}

type PairsOf = (
  values: Readonly<Record<string, Float64Array>>,
  covariates: Float64Array,
  modifiers: Float64Array,
  count: number,
) => WritePair

/** Each person on their own, since outcomes of two people are never combined. */
function exactPairs(trial: TrialDesign, options: GaussianProcessOptions): PairsOf {
  const data = gaussianProcessData(trial, options)
  return (values, covariates, modifiers, count) => {
    const { means, covariances } = effectFunction(hyperParameters(options, values), data).jointMoments(
      covariates,
      modifiers,
      count,
    )
    return (prognosis, effect, first, stream) => {
      for (let row = first; row < first + DRAWS_EACH; row++)
        for (let person = 0; person < count; person++) {
          const [level, slope, shared] = covariances.subarray(3 * person, 3 * person + 3)
          const z = standardNormal(stream)
          const deviation = Math.sqrt(Math.max(0, level))
          const regression = deviation > 0 ? shared / deviation : 0
          const left = Math.sqrt(Math.max(0, slope - regression * regression))
          prognosis[row * count + person] = means[2 * person] + deviation * z
          effect[row * count + person] = means[2 * person + 1] + regression * z + left * standardNormal(stream)
        }
    }
  }
}

function basisPairs(trial: TrialDesign, given: GaussianProcessOptions): PairsOf {
  const options = basisOptions(given)
  const data = basisData(trial, options)
  const bases = trialBases(data, options)
  const columnCount = data.products.shape[0] - 1
  return (values, covariates, modifiers, count) => {
    const [left, right] = [functionColumns(bases.prognosis, covariates, count), functionColumns(bases.effect, modifiers, count)]
    const scales = coefficientScales(options, bases, values)
    const posterior = coefficientPosterior(scales, values.sigma[0], { products: data.products.values, columnCount })
    return (prognosis, effect, first, stream) => {
      for (let row = first; row < first + DRAWS_EACH; row++) {
        const coefficients = posterior.draw(stream)
        const split = left.length / count
        prognosis.set(products(left, coefficients.subarray(0, split), count), row * count)
        effect.set(products(right, coefficients.subarray(split), count), row * count)
      }
    }
  }
}

/** Row by row, `[row, column]` times `[column]`. */
function products(rows: Float64Array, coefficients: Float64Array, count: number): Float64Array {
  const width = coefficients.length
  return Float64Array.from({ length: count }, (_, row) => {
    let sum = 0
    for (let column = 0; column < width; column++) sum += rows[row * width + column] * coefficients[column]
    return sum
  })
}

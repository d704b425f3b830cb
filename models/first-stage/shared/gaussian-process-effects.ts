import type { EffectPredictor } from '../../../src/contract/first-stage-model.js'
import type { Stream } from '../../../src/contract/stream.js'
import type { TrialDesign } from '../../../src/contract/trial.js'
import type { Draws } from '../../../src/draws/draws.js'
import { coefficientPosterior } from '../../../src/numeric/basis-effect-function.js'
import { choleskyInPlace } from '../../../src/numeric/cholesky.js'
import { effectFunction } from '../../../src/numeric/effect-function.js'
import { fillNormal } from '../../../src/random/fill-normal.js'
import {
  type BasisOptions,
  basisData,
  basisOptions,
  coefficientScales,
  functionColumns,
  trialBases,
} from './gaussian-process-basis.js'
import { gaussianProcessData, hyperParameters, isLarge } from './gaussian-process-data.js'
import type { GaussianProcessOptions } from './gaussian-process-options.js'

type DrawOf = (row: number) => Readonly<Record<string, Float64Array>>

/** Values of one row of `[chain, draw]`. */
function rowReader(draws: Draws): DrawOf {
  const total = draws.chainCount * draws.drawCount
  return (row) =>
    Object.fromEntries(
      draws.variables.map(({ name, values }) => {
        const size = values.length / total
        return [name, values.subarray(row * size, (row + 1) * size)]
      }),
    )
}

/** Rows of `[chain, draw]`, evenly spaced within each chain: `[chain][row]`. */
function spacedRows({ chainCount, drawCount }: Draws, perChain: number): number[][] {
  const count = Math.min(perChain, drawCount)
  return Array.from({ length: chainCount }, (_, chain) =>
    Array.from({ length: count }, (__, index) => chain * drawCount + Math.floor(((index + 0.5) * drawCount) / count)),
  )
}

/** Draws of effects, of all chains together, whatever the chains have: quantiles are smooth, and more would repeat the components. */
const EFFECT_DRAWS = 2000
/** People drawn jointly by the exact form, whose cost grows with the third power of their number; beyond it they have the hyper-parameters in common only. */
const JOINT_PEOPLE = 1024

/** Effects mixed over evenly spaced draws of the hyper-parameters: given each, exactly normal. */
export function gaussianProcessEffects(draws: Draws, trial: TrialDesign, options: GaussianProcessOptions): EffectPredictor {
  return isLarge(trial.outcome.length, options)
    ? effectsInBasis(draws, trial, basisOptions(options))
    : exactEffects(draws, trial, options)
}

/** Everybody's effects are linear in the same coefficients, so that people are drawn jointly however many there are. */
function effectsInBasis(draws: Draws, trial: TrialDesign, options: BasisOptions): EffectPredictor {
  const data = basisData(trial, options)
  const bases = trialBases(data, options)
  const read = rowReader(draws)
  const { chainCount } = draws
  const columnCount = data.products.shape[0] - 1
  const mixture = spacedRows(draws, Math.ceil(options.effectMixture / chainCount)).map((rows) =>
    rows.map((row) => {
      const values = read(row)
      return coefficientPosterior(coefficientScales(options, bases, values), values.sigma[0], {
        products: data.products.values,
        columnCount,
      })
    }),
  )
  const drawCount = Math.ceil(EFFECT_DRAWS / chainCount)
  return {
    chainCount,
    drawCount,
    predict(people, count, stream) {
      const columns = functionColumns(bases.effect, people, count)
      const width = count === 0 ? 0 : columns.length / count
      const out = new Float64Array(chainCount * drawCount * count)
      mixture.forEach((posteriors, chain) => {
        for (let draw = 0; draw < drawCount; draw++) {
          const posterior = posteriors[Math.floor((draw * posteriors.length) / drawCount)]
          const coefficients = posterior.draw(stream).subarray(columnCount - width)
          for (let person = 0; person < count; person++) {
            let sum = 0
            for (let column = 0; column < width; column++) sum += columns[person * width + column] * coefficients[column]
            out[(chain * drawCount + draw) * count + person] = sum
          }
        }
      })
      return out
    },
    mean(people, count) {
      const columns = functionColumns(bases.effect, people, count)
      const width = count === 0 ? 0 : columns.length / count
      const coefficients = meanOver(mixture, (posterior) => posterior.mean.subarray(columnCount - width))
      return Float64Array.from({ length: count }, (_, person) => {
        let sum = 0
        for (let column = 0; column < width; column++) sum += columns[person * width + column] * coefficients[column]
        return sum
      })
    },
  }
}

/** Mean over chains of the means over their components. */
function meanOver<Component>(mixture: readonly Component[][], valuesOf: (one: Component) => Float64Array): Float64Array {
  let mean = new Float64Array(0)
  for (const components of mixture)
    for (const one of components) {
      const values = valuesOf(one)
      if (mean.length === 0) mean = new Float64Array(values.length)
      for (let at = 0; at < mean.length; at++) mean[at] += values[at] / (components.length * mixture.length)
    }
  return mean
}

function exactEffects(draws: Draws, trial: TrialDesign, options: GaussianProcessOptions): EffectPredictor {
  const data = gaussianProcessData(trial, options)
  const read = rowReader(draws)
  const { chainCount } = draws
  const mixture = spacedRows(draws, Math.ceil(options.effectMixture / chainCount)).map((rows) =>
    rows.map((row) => effectFunction(hyperParameters(options, read(row)), data)),
  )
  const drawCount = Math.ceil(EFFECT_DRAWS / chainCount)
  return {
    chainCount,
    drawCount,
    predict(people, count, stream) {
      const width = data.modifier.labels.length
      const out = new Float64Array(chainCount * drawCount * count)
      mixture.forEach((functions, chain) => {
        functions.forEach((one, component) => {
          const [from, to] = [component, component + 1].map((index) => Math.floor((index * drawCount) / functions.length))
          for (let first = 0; first < count; first += JOINT_PEOPLE) {
            const size = Math.min(JOINT_PEOPLE, count - first)
            const { mean: centre, covariance: spread } = one.moments(people.subarray(first * width, (first + size) * width), size)
            const factor = semidefiniteFactor(spread, size)
            for (let draw = from; draw < to; draw++)
              writeNormal(stream, centre, factor, out, (chain * drawCount + draw) * count + first)
          }
        })
      })
      return out
    },
    mean: (people, count) => meanOver(mixture, (one) => one.mean(people, count)),
  }
}

/** Of the largest variance, what is added to all when two people are so alike that rounding makes their covariance indefinite. */
const ROUNDING = 1e-10

function semidefiniteFactor(covariance: Float64Array, size: number): Float64Array {
  let largest = 0
  for (let at = 0; at < covariance.length; at += size + 1) largest = Math.max(largest, covariance[at])
  for (let share = 0; ; share = share === 0 ? ROUNDING : 100 * share) {
    const factor = covariance.slice()
    for (let at = 0; at < factor.length; at += size + 1) factor[at] += share * largest
    if (share >= 1 || choleskyInPlace(factor, size)) return factor
  }
}

/** Writes mean + L z to `out` from `offset` on. */
function writeNormal(stream: Stream, centre: Float64Array, factor: Float64Array, out: Float64Array, offset: number): void {
  const size = centre.length
  const noise = fillNormal(stream, new Float64Array(size))
  for (let row = 0; row < size; row++) {
    let sum = centre[row]
    for (let column = 0; column <= row; column++) sum += factor[row * size + column] * noise[column]
    out[offset + row] = sum
  }
}

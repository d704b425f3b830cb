/**
 * A trial whose two functions are written in a fixed basis, y = F w + error with independent coefficients w: columns of F are 1, the prognostic covariates, the cosines along them, and,
 * multiplied by centred treatment, 1, the modifiers and the cosines along those. All that the likelihood needs of the trial are sums of squares and products.
 */
import type { NumericArray } from '../../../src/contract/model.js'
import type { Stream } from '../../../src/contract/stream.js'
import type { TrialDesign } from '../../../src/contract/trial.js'
import { basisSize, basisValues, type CosineBasis, coefficientVariances, cosineBasis } from '../../../src/numeric/cosine-basis.js'
import type { CovarianceFunction } from '../../../src/numeric/covariance-function.js'
import { fillNormal } from '../../../src/random/fill-normal.js'
import { standardNormal } from '../../../src/random/standard-normal.js'
import { type GaussianProcessData, gaussianProcessData, hyperParameters } from './gaussian-process-data.js'
import type { GaussianProcessOptions } from './gaussian-process-options.js'

/** Options of a trial in a basis: functions of at most two covariates. */
export interface BasisOptions extends GaussianProcessOptions {
  readonly structure: 'pairwise' | 'additive'
}

export function basisOptions(options: GaussianProcessOptions): BasisOptions {
  return { ...options, structure: options.structure === 'additive' ? 'additive' : 'pairwise' }
}

export interface BasisData extends GaussianProcessData {
  /** Of the columns of F and, last, of the outcome: `[column + 1, column + 1]`. */
  readonly products: NumericArray
  /** For cosines along one covariate: which covariate (0 or 1), `[cosine, covariate]`; their frequencies and the mean squares, `[cosine]`. */
  readonly cosines: NumericArray
  readonly frequencies: Float64Array
  readonly meanSquares: Float64Array
  /** Between the values of a covariate with two, otherwise 0: see `Cosine`. */
  readonly distances: Float64Array
  /** For products of two: which cosine is the first and which the second (0 or 1), `[product, cosine]`. */
  readonly first: NumericArray
  readonly second: NumericArray
  /** The same for the effect. */
  readonly effectCosines: NumericArray
  readonly effectFrequencies: Float64Array
  readonly effectMeanSquares: Float64Array
  readonly effectDistances: Float64Array
  readonly effectFirst: NumericArray
  readonly effectSecond: NumericArray
}

export interface TrialBases {
  readonly prognosis: CosineBasis
  readonly effect: CosineBasis
}

export function trialBases(
  { covariate, modifier, covariates, modifiers }: GaussianProcessData,
  options: BasisOptions,
): TrialBases {
  const settings = { ...options.basis, structure: options.structure }
  return {
    prognosis: cosineBasis(covariates.values, covariate.labels.length, settings),
    effect: cosineBasis(modifiers.values, modifier.labels.length, settings),
  }
}

/** @throws DataError when one arm has no patients. */
export function basisData(trial: TrialDesign, options: BasisOptions): BasisData {
  const data = gaussianProcessData(trial, options)
  const bases = trialBases(data, options)
  const prognosis = describedBasis(bases.prognosis)
  const effect = describedBasis(bases.effect)
  return {
    ...data,
    ...prognosis,
    effectCosines: effect.cosines,
    effectFrequencies: effect.frequencies,
    effectMeanSquares: effect.meanSquares,
    effectDistances: effect.distances,
    effectFirst: effect.first,
    effectSecond: effect.second,
    products: crossProducts(data, options),
  }
}

function describedBasis({ single, pairs, covariateCount }: CosineBasis) {
  const indicators = <Item>(items: readonly Item[], indexOf: (item: Item) => number, width: number): NumericArray => {
    const values = new Float64Array(items.length * width)
    items.forEach((item, row) => {
      values[row * width + indexOf(item)] = 1
    })
    return { values, shape: [items.length, width] }
  }
  return {
    cosines: indicators(single, ({ covariate }) => covariate, covariateCount),
    frequencies: Float64Array.from(single, ({ frequency }) => frequency),
    meanSquares: Float64Array.from(single, ({ meanSquare }) => meanSquare),
    distances: Float64Array.from(single, ({ distance }) => distance),
    first: indicators(pairs, ([one]) => single.indexOf(one), single.length),
    second: indicators(pairs, ([, other]) => single.indexOf(other), single.length),
  }
}

export function withBasisOutcome(options: BasisOptions, data: BasisData, outcome: Float64Array): BasisData {
  const changed = { ...data, outcome }
  return { ...changed, products: crossProducts(changed, options) }
}

/** 1, covariates, cosines: the columns of one function, `[row, column]`. */
export function functionColumns(basis: CosineBasis, rows: Float64Array, rowCount: number): Float64Array {
  const linear = basis.covariateCount
  const smooth = basisSize(basis)
  const values = basisValues(basis, rows, rowCount)
  const width = 1 + linear + smooth
  const out = new Float64Array(rowCount * width)
  for (let row = 0; row < rowCount; row++) {
    out[row * width] = 1
    out.set(rows.subarray(row * linear, (row + 1) * linear), row * width + 1)
    out.set(values.subarray(row * smooth, (row + 1) * smooth), row * width + 1 + linear)
  }
  return out
}

/** Prior standard deviations of the coefficients of one function, `[column]`. */
function functionScales(basis: CosineBasis, kernel: CovarianceFunction): number[] {
  const slopes = new Array<number>(basis.covariateCount).fill(kernel.linearScale)
  return [kernel.constantScale, ...slopes, ...coefficientVariances(basis, kernel).map(Math.sqrt)]
}

/** D, the prior standard deviations of all coefficients of a draw, `[column]`. */
export function coefficientScales(
  options: BasisOptions,
  bases: TrialBases,
  values: Readonly<Record<string, Float64Array>>,
): Float64Array {
  const { prognosis, effect } = hyperParameters(options, values)
  return Float64Array.from([...functionScales(bases.prognosis, prognosis), ...functionScales(bases.effect, effect)])
}

/** F, `[patient, column]`. */
function designColumns(data: GaussianProcessData, bases: TrialBases): Float64Array {
  const { patientCount, centredTreatment } = data
  const prognosis = functionColumns(bases.prognosis, data.covariates.values, patientCount)
  const effect = functionColumns(bases.effect, data.modifiers.values, patientCount)
  const [left, right] = [prognosis.length / patientCount, effect.length / patientCount]
  const out = new Float64Array(patientCount * (left + right))
  for (let patient = 0; patient < patientCount; patient++) {
    const at = patient * (left + right)
    out.set(prognosis.subarray(patient * left, (patient + 1) * left), at)
    for (let column = 0; column < right; column++)
      out[at + left + column] = centredTreatment[patient] * effect[patient * right + column]
  }
  return out
}

function crossProducts(data: GaussianProcessData, options: BasisOptions): NumericArray {
  const { patientCount, outcome } = data
  const columns = designColumns(data, trialBases(data, options))
  const width = columns.length / patientCount
  const size = width + 1
  const values = new Float64Array(size * size)
  const row = new Float64Array(size)
  for (let patient = 0; patient < patientCount; patient++) {
    row.set(columns.subarray(patient * width, (patient + 1) * width))
    row[width] = outcome[patient]
    for (let i = 0; i < size; i++) {
      const factor = row[i]
      for (let j = 0; j <= i; j++) values[i * size + j] += factor * row[j]
    }
  }
  for (let i = 0; i < size; i++) for (let j = 0; j < i; j++) values[j * size + i] = values[i * size + j]
  return { values, shape: [size, size] }
}

export function simulateInBasis(
  stream: Stream,
  options: BasisOptions,
  values: Readonly<Record<string, Float64Array>>,
  data: GaussianProcessData,
): Float64Array {
  const bases = trialBases(data, options)
  const columns = designColumns(data, bases)
  const scales = coefficientScales(options, bases, values)
  const coefficients = fillNormal(stream, new Float64Array(scales.length)).map((value, column) => value * scales[column])
  return Float64Array.from({ length: data.patientCount }, (_, patient) => {
    let sum = values.sigma[0] * standardNormal(stream)
    for (let column = 0; column < scales.length; column++) sum += columns[patient * scales.length + column] * coefficients[column]
    return sum
  })
}

/** The columns of a regression on a prognostic and a treatment part, in order: those of `RegressionData.fixed`, then features of each function. */
import * as tf from '@tensorflow/tfjs'
import type { Dimension } from '../../../src/draws/draws.js'
import type { EffectData } from './effect-data.js'
import type { RegressionOptions } from './effect-options.js'
import type { RandomFunction } from './random-function.js'

export interface EffectRegression {
  readonly name: string
  readonly options: RegressionOptions
  readonly prognostic: RandomFunction
  /** Not used by the S-learner. */
  readonly effect: RandomFunction
}

export interface PlacedFunction {
  readonly name: 'prognostic' | 'effect' | 'joint'
  readonly function: RandomFunction
  readonly inputs: Dimension
  readonly rows: 'covariates' | 'modifiers' | 'modifiersAndTreatment'
  readonly featureCount: number
}

/** The functions that a regression has, given what there is of covariates. */
export function functionsOf(
  { options, prognostic, effect }: EffectRegression,
  { covariate, modifier }: Pick<EffectData, 'covariate' | 'modifier'>,
): PlacedFunction[] {
  const placed = (name: PlacedFunction['name'], one: RandomFunction, inputs: Dimension, rows: PlacedFunction['rows']) => ({
    name,
    function: one,
    inputs,
    rows,
    featureCount: one.unitScales.length,
  })
  if (options.form === 's-learner')
    return [placed('joint', prognostic, { name: 'input', labels: [...modifier.labels, 'treatment'] }, 'modifiersAndTreatment')]
  return [
    ...(covariate.labels.length > 0 ? [placed('prognostic', prognostic, covariate, 'covariates')] : []),
    ...(modifier.labels.length > 0 ? [placed('effect', effect, modifier, 'modifiers')] : []),
  ]
}

/** Of prognosis or effect, whichever has more. */
export const mostFeatures = ({ options, prognostic, effect }: EffectRegression): number =>
  options.form === 's-learner' ? prognostic.unitScales.length : Math.max(prognostic.unitScales.length, effect.unitScales.length)

/** Prior standard deviations of intercept, prognostic and treatment coefficients. */
export function knownScales({ linear }: RegressionOptions, { covariate }: Pick<EffectData, 'covariate'>): number[] {
  return [linear.intercept, ...covariate.labels.map(() => linear.prognostic), linear.treatment]
}

type Tensors = Readonly<Record<string, tf.Tensor>>
type Values = Readonly<Record<string, Float64Array>>

/** Prior standard deviations of all coefficients up to their signs, `[fixed + feature]`. */
export function scalesOf(
  regression: EffectRegression,
  values: Tensors,
  data: Pick<EffectData, 'covariate' | 'modifier'>,
): tf.Tensor {
  const { modifier } = data
  const known = tf.tensor1d(knownScales(regression.options, data))
  const gamma = modifier.labels.length > 0 ? [tf.mul(values.gammaSignedScale, tf.ones([modifier.labels.length]))] : []
  const own = functionsOf(regression, data).map(({ name, function: { unitScales } }) =>
    tf.mul(values[`${name}SignedScale`], tf.tensor1d([...unitScales])),
  )
  return tf.concat([known, ...gamma, ...own], 0)
}

/** The same in plain numbers. */
export function plainScalesOf(regression: EffectRegression, values: Values, data: EffectData): Float64Array {
  const own = functionsOf(regression, data).flatMap(({ name, function: { unitScales } }) =>
    Array.from(unitScales, (unit) => unit * values[`${name}SignedScale`][0]),
  )
  return Float64Array.from([
    ...knownScales(regression.options, data),
    ...data.modifier.labels.map(() => values.gammaSignedScale[0]),
    ...own,
  ])
}

/** Features of all functions at the rows of the trial, those of the effect times centred treatment, `[patient, feature]`. */
export function featuresOf(
  regression: EffectRegression,
  values: Tensors,
  data: Readonly<Record<PlacedFunction['rows'] | 'centredTreatment', tf.Tensor>> & Pick<EffectData, 'covariate' | 'modifier'>,
): tf.Tensor | undefined {
  const columns = functionsOf(regression, data).map(({ name, function: f, rows }) => {
    const features = f.features(name, values, data[rows])
    return name === 'effect' ? tf.mul(tf.reshape(data.centredTreatment, [features.shape[0] as number, 1]), features) : features
  })
  return columns.length > 0 ? tf.concat(columns, 1) : undefined
}

/** The same in plain numbers. */
export function plainFeaturesOf(regression: EffectRegression, values: Values, data: EffectData): Float64Array {
  const { patientCount, centredTreatment } = data
  const functions = functionsOf(regression, data)
  const width = functions.reduce((sum, { featureCount }) => sum + featureCount, 0)
  const result = new Float64Array(patientCount * width)
  let first = 0
  for (const { name, function: f, rows, inputs, featureCount } of functions) {
    const features = f.plainFeatures(name, values, inputs.labels.length)(data[rows].values, patientCount)
    for (let patient = 0; patient < patientCount; patient++) {
      const factor = name === 'effect' ? centredTreatment[patient] : 1
      for (let feature = 0; feature < featureCount; feature++)
        result[patient * width + first + feature] = factor * features[patient * featureCount + feature]
    }
    first += featureCount
  }
  return result
}

/** Coefficients in the order of the columns by the names that they have among draws. */
export function namedCoefficients(
  regression: EffectRegression,
  coefficients: Float64Array,
  data: Pick<EffectData, 'covariate' | 'modifier'>,
): Record<string, { readonly value: Float64Array; readonly dimensions: readonly Dimension[] }> {
  const { covariate, modifier } = data
  const named: Record<string, { value: Float64Array; dimensions: Dimension[] }> = {}
  let next = 0
  const take = (name: string, count: number, dimensions: Dimension[]) => {
    if (count > 0) named[name] = { value: coefficients.slice(next, next + count), dimensions }
    next += count
  }
  take('alpha', 1, [])
  take('beta', covariate.labels.length, [covariate])
  take('delta', 1, [])
  take('gamma', modifier.labels.length, [modifier])
  for (const { name, featureCount } of functionsOf(regression, data)) {
    const labels = Array.from({ length: featureCount }, (_, feature) => `${feature + 1}`)
    take(`${name}Coefficients`, featureCount, [{ name: 'feature', labels }])
  }
  return named
}

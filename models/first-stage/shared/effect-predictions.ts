/** Outcomes and effects under posterior draws of a regression on a prognostic and a treatment part, in plain numbers. */
import type { EffectPredictor } from '../../../src/contract/first-stage-model.js'
import type { OutcomePredictor } from '../../../src/contract/outcome-predictor.js'
import type { DesignColumn } from '../../../src/contract/trial.js'
import type { Draws } from '../../../src/draws/draws.js'
import { valuesOfDraw } from '../../../src/draws/values-of-draw.js'
import { designParts } from '../../../src/effects/design-parts.js'
import { appendColumn, type EffectData } from './effect-data.js'
import { type EffectRegression, functionsOf, type PlacedFunction } from './effect-design.js'

export const LOG_LIKELIHOOD = 'log_likelihood'

type Values = Readonly<Record<string, Float64Array>>

/** Of each patient under the parameters and coefficients of one draw, `[patient]`. */
export function meanOutcome(regression: EffectRegression, values: Values, data: EffectData): Float64Array {
  const { covariates, modifiers, centredTreatment, patientCount } = data
  const control = linearPart(values.alpha, values.beta, covariates.values, patientCount)
  const treatment = linearPart(values.delta, values.gamma, modifiers.values, patientCount)
  for (const one of functionsOf(regression, data))
    addTo(one.name === 'effect' ? treatment : control, plainFunction(one, values)(data[one.rows].values, patientCount))
  return control.map((value, patient) => value + centredTreatment[patient] * treatment[patient])
}

/** Of rows of inputs `[row, input]`, `[row]`. */
type PlainFunction = (rows: Float64Array, rowCount: number) => Float64Array

/** The function under the parameters and coefficients of one draw. */
function plainFunction({ name, function: f, inputs, featureCount }: PlacedFunction, values: Values): PlainFunction {
  const features = f.plainFeatures(name, values, inputs.labels.length)
  const coefficients = values[`${name}Coefficients`]
  return (rows, rowCount) => linearPart(ZERO, coefficients, features(rows, rowCount), rowCount, featureCount)
}
const ZERO = Float64Array.of(0)

type TrialSetting = Pick<EffectData, 'treated' | 'control' | 'covariate' | 'modifier'>

/** Effects of people under the parameters and coefficients of one draw: modifiers `[person, modifier]` to `[person]`. */
function effectFunction(regression: EffectRegression, values: Values, setting: TrialSetting): PlainFunction {
  const functions = functionsOf(regression, setting)
  const joint = functions.find(({ name }) => name === 'joint')
  const effect = functions.find(({ name }) => name === 'effect')
  const smooth = joint ? contrast(plainFunction(joint, values), setting) : effect && plainFunction(effect, values)
  return (people, count) => {
    const effects = linearPart(values.delta, values.gamma, people, count)
    if (smooth) addTo(effects, smooth(people, count))
    return effects
  }
}

/** Difference of a function of modifiers and treatment between the arms. */
function contrast(joint: PlainFunction, { treated, control, modifier }: TrialSetting): PlainFunction {
  const width = modifier.labels.length
  const under = (people: Float64Array, count: number, treatment: number) =>
    joint(
      appendColumn(people, width, () => treatment, count),
      count,
    )
  return (people, count) => {
    const without = under(people, count, control)
    return under(people, count, treated).map((value, person) => value - without[person])
  }
}

/** Constant + coefficients' row, `[row]`. */
function linearPart(
  constant: Float64Array,
  coefficients: Float64Array | undefined,
  rows: Float64Array,
  rowCount: number,
  width = coefficients?.length ?? 0,
): Float64Array {
  const result = new Float64Array(rowCount).fill(constant[0])
  if (!coefficients) return result
  for (let row = 0; row < rowCount; row++)
    for (let column = 0; column < width; column++) result[row] += coefficients[column] * rows[row * width + column]
  return result
}

function addTo(target: Float64Array, terms: Float64Array): void {
  for (let index = 0; index < target.length; index++) target[index] += terms[index]
}

/** `[chain, draw, person]` */
function effectsUnderDraws(
  regression: EffectRegression,
  draws: Draws,
  data: TrialSetting,
  people: Float64Array,
  count: number,
): Float64Array {
  const total = draws.chainCount * draws.drawCount
  const result = new Float64Array(total * count)
  for (let draw = 0; draw < total; draw++)
    result.set(effectFunction(regression, valuesOfDraw(draws, draw), data)(people, count), draw * count)
  return result
}

/** Outcomes are a function of the parameters too, under `control` and under `treated` of centred treatment. */
export function regressionOutcomes(
  regression: EffectRegression,
  draws: Draws,
  data: TrialSetting,
  columns: readonly DesignColumn[],
): OutcomePredictor {
  const total = draws.chainCount * draws.drawCount
  const step = Math.max(1, Math.floor(total / MOST_OUTCOME_DRAWS))
  const rows = Array.from({ length: Math.ceil(total / step) }, (_, index) => index * step)
  return {
    predict(people, count) {
      const { covariates, modifiers } = designParts(people, count, columns)
      const [control, treated] = [0, 1].map(() => new Float64Array(rows.length * count))
      rows.forEach((draw, row) => {
        const values = valuesOfDraw(draws, draw)
        const means = armMeans(regression, values, data, covariates, modifiers, count)
        control.set(means.control, row * count)
        treated.set(means.treated, row * count)
      })
      return { control, treated }
    },
  }
}

/** More hardly change moments of what is expected. */
const MOST_OUTCOME_DRAWS = 1000

/** Of people under the parameters and coefficients of one draw, `[person]`. */
function armMeans(
  regression: EffectRegression,
  values: Values,
  setting: TrialSetting,
  covariates: Float64Array,
  modifiers: Float64Array,
  count: number,
) {
  const functions = functionsOf(regression, setting)
  const level = linearPart(values.alpha, values.beta, covariates, count)
  const slope = linearPart(values.delta, values.gamma, modifiers, count)
  for (const one of functions) {
    if (one.name === 'joint') continue
    const smooth = plainFunction(one, values)
    if (one.name === 'effect') addTo(slope, smooth(modifiers, count))
    else addTo(level, smooth(covariates, count))
  }
  const joint = functions.find(({ name }) => name === 'joint')
  const under = (treatment: number) => {
    const mean = level.map((value, person) => value + treatment * slope[person])
    if (joint)
      addTo(
        mean,
        plainFunction(joint, values)(
          appendColumn(modifiers, setting.modifier.labels.length, () => treatment, count),
          count,
        ),
      )
    return mean
  }
  return { control: under(setting.control), treated: under(setting.treated) }
}

/** Effects are a function of the parameters: prediction needs no randomness. */
export function regressionEffects(regression: EffectRegression, draws: Draws, data: TrialSetting): EffectPredictor {
  return {
    chainCount: draws.chainCount,
    drawCount: draws.drawCount,
    predict: (people, count) => effectsUnderDraws(regression, draws, data, people, count),
  }
}

/**
 * Residual standard deviation, log likelihood and effects of people: parameters of networks and trees can be exchanged without a change of the
 * function, and are not identified.
 */
export function identifiedDraws(
  regression: EffectRegression,
  draws: Draws,
  data: TrialSetting,
  people: { readonly names: readonly string[]; readonly modifiers: Float64Array },
): Draws {
  const kept = draws.variables.filter(({ name }) => name === 'sigma' || name === LOG_LIKELIHOOD)
  const values = effectsUnderDraws(regression, draws, data, people.modifiers, people.names.length)
  return {
    ...draws,
    variables: [...kept, { name: 'expected_effect', dimensions: [{ name: 'person', labels: people.names }], values }],
  }
}

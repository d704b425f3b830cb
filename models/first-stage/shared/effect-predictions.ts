/** Outcomes and effects under posterior draws of a regression on a prognostic and a treatment part, in plain numbers. */
import type { EffectPredictor } from '../../../src/contract/first-stage-model.js'
import type { Draws } from '../../../src/draws/draws.js'
import { valuesOfDraw } from '../../../src/draws/values-of-draw.js'
import { appendColumn, type EffectData } from './effect-data.js'
import type { RegressionOptions } from './effect-options.js'
import type { PlainFunction, RandomFunction } from './random-function.js'

export interface EffectRegression {
  readonly name: string
  readonly options: RegressionOptions
  readonly prognostic: RandomFunction
  /** Not used by the S-learner. */
  readonly effect: RandomFunction
}

export const LOG_LIKELIHOOD = 'log_likelihood'

type Values = Readonly<Record<string, Float64Array>>

/** Of each patient under the parameters of one draw, `[patient]`. */
export function meanOutcome({ options, prognostic, effect }: EffectRegression, values: Values, data: EffectData): Float64Array {
  const { covariates, modifiers, centredTreatment, patientCount, covariate, modifier } = data
  const control = linearPart(values.alpha, values.beta, covariates.values, patientCount)
  const treatment = linearPart(values.delta, values.gamma, modifiers.values, patientCount)
  if (options.form === 's-learner') {
    const joint = prognostic.numbers('joint', values, modifier.labels.length + 1)
    addTo(control, joint(data.modifiersAndTreatment.values, patientCount))
  } else {
    if (values.beta)
      addTo(control, prognostic.numbers('prognostic', values, covariate.labels.length)(covariates.values, patientCount))
    if (values.gamma) addTo(treatment, effect.numbers('effect', values, modifier.labels.length)(modifiers.values, patientCount))
  }
  return control.map((value, patient) => value + centredTreatment[patient] * treatment[patient])
}

/** Effects of people under the parameters of one draw: modifiers `[person, modifier]` to `[person]`. */
function effectFunction(
  { options, prognostic, effect }: EffectRegression,
  values: Values,
  { treated, control, modifier }: Pick<EffectData, 'treated' | 'control' | 'modifier'>,
): PlainFunction {
  const width = modifier.labels.length
  if (options.form === 's-learner') {
    const joint = prognostic.numbers('joint', values, width + 1)
    return (people, count) => {
      const under = (treatment: number) =>
        joint(
          appendColumn(people, width, () => treatment, count),
          count,
        )
      const [withTreatment, without] = [under(treated), under(control)]
      return linearPart(values.delta, values.gamma, people, count).map(
        (value, person) => value + withTreatment[person] - without[person],
      )
    }
  }
  const smooth = width > 0 ? effect.numbers('effect', values, width) : undefined
  return (people, count) => {
    const effects = linearPart(values.delta, values.gamma, people, count)
    if (smooth) addTo(effects, smooth(people, count))
    return effects
  }
}

/** Constant + coefficients' row, `[row]`. */
function linearPart(
  constant: Float64Array,
  coefficients: Float64Array | undefined,
  rows: Float64Array,
  rowCount: number,
): Float64Array {
  const result = new Float64Array(rowCount).fill(constant[0])
  if (!coefficients) return result
  const width = coefficients.length
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
  data: Pick<EffectData, 'treated' | 'control' | 'modifier'>,
  people: Float64Array,
  count: number,
): Float64Array {
  const total = draws.chainCount * draws.drawCount
  const result = new Float64Array(total * count)
  for (let draw = 0; draw < total; draw++)
    result.set(effectFunction(regression, valuesOfDraw(draws, draw), data)(people, count), draw * count)
  return result
}

/** Effects are a function of the parameters: prediction needs no randomness. */
export function regressionEffects(
  regression: EffectRegression,
  draws: Draws,
  data: Pick<EffectData, 'treated' | 'control' | 'modifier'>,
): EffectPredictor {
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
  data: Pick<EffectData, 'treated' | 'control' | 'modifier'>,
  people: { readonly names: readonly string[]; readonly modifiers: Float64Array },
): Draws {
  const kept = draws.variables.filter(({ name }) => name === 'sigma' || name === LOG_LIKELIHOOD)
  const values = effectsUnderDraws(regression, draws, data, people.modifiers, people.names.length)
  return {
    ...draws,
    variables: [...kept, { name: 'expected_effect', dimensions: [{ name: 'person', labels: people.names }], values }],
  }
}

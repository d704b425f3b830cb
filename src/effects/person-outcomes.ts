import type { Person } from '../contract/analysis.js'
import type { OutcomePredictor } from '../contract/outcome-predictor.js'
import type { TrialDesign } from '../contract/trial.js'
import { designColumns } from '../data/design-columns.js'
import { designRow } from '../data/design-row.js'
import type { Protocol } from '../data/protocol.js'
import type { Draws } from '../draws/draws.js'
import { stream } from '../random/stream.js'
import { type ArmOutcomes, armOutcomes } from './arm-outcomes.js'
import { coefficientDraws } from './coefficient-draws.js'
import { effectDraws } from './effect-draws.js'
import { settingContrast } from './setting-contrast.js'

/** A first stage as far as it says what outcomes to expect, see `FirstStageModel`. */
interface OutcomeModel {
  outcomes?(draws: Draws, trial: TrialDesign, options: unknown): OutcomePredictor
}

/** One trial with what it expects of outcomes. */
export interface OutcomeTrial {
  readonly trial: TrialDesign
  readonly draws: Draws
  readonly predictor: OutcomePredictor
}

/**
 * The trials as predictors of outcomes; undefined where the model does not give outcomes, or the draws of a trial have stayed at its site.
 */
export function outcomeTrials(
  model: OutcomeModel,
  options: unknown,
  fitted: readonly { readonly trial: TrialDesign; readonly draws: Draws }[],
): OutcomeTrial[] | undefined {
  const { outcomes } = model
  if (!outcomes || fitted.length === 0 || !fitted.every(({ trial, draws }) => isWhole(trial, draws))) return undefined
  return fitted.map(({ trial, draws }) => ({ trial, draws, predictor: outcomes(draws, trial, options) }))
}

/** Draws about the outcome as well as about the effect, of a trial whose patients are here where that is needed. */
const isWhole = ({ summary }: TrialDesign, { variables }: Draws): boolean =>
  summary === undefined && variables.some(({ name }) => name === 'sigma')

/**
 * Outcomes of people under each arm.
 * @param effectsOf draws of the effect of the person of that place, in outcome units
 * @throws DataError when a covariate of a person is not known
 */
export function peopleOutcomes(
  protocol: Protocol,
  trials: readonly OutcomeTrial[],
  people: readonly Person[],
  effectsOf: (place: number) => { readonly average: Float64Array; readonly newSetting: Float64Array },
): ArmOutcomes[] {
  const { seed } = protocol.inference
  const { centre, scale } = protocol.outcome
  const expected = trials.map(({ trial, predictor }) => {
    const rows = Float64Array.from(people.flatMap(({ covariates }) => [...designRow(covariates, trial.columns)]))
    return predictor.predict(rows, people.length, stream(seed, 'outcome', trial.study))
  })
  return people.map(({ id }, place) =>
    armOutcomes({
      trials: expected.map(({ control, treated }, trial) => ({
        control: columnOf(control, people.length, place),
        treated: columnOf(treated, people.length, place),
        parameters: trials[trial].draws,
      })),
      effects: effectsOf(place),
      centre,
      scale,
      stream: stream(seed, 'outcome', id),
    }),
  )
}

/** Outcomes of people from draws that were pooled over coefficients, or over those same people. */
export function pooledOutcomes(
  protocol: Protocol,
  trials: readonly OutcomeTrial[],
  pooled: Draws,
  people: readonly Person[],
): ArmOutcomes[] {
  const columns = designColumns(protocol)
  const [average, newSetting] = (['average', 'new-setting'] as const).map((target) => coefficientDraws(pooled, target))
  return peopleOutcomes(protocol, trials, people, (place) => {
    const contrast = settingContrast(pooled, people[place], columns, protocol.covariates)
    const scaled = contrast.map((element) => element * protocol.outcome.scale)
    return { average: effectDraws(average, scaled), newSetting: effectDraws(newSetting, scaled) }
  })
}

function columnOf(values: Float64Array, width: number, column: number): Float64Array {
  return Float64Array.from({ length: values.length / width }, (_, row) => values[row * width + column])
}

/** What an analysis says about one person, whichever way it pooled: the numbers behind the person's page. */
import type { Person, PersonEffect } from '../contract/analysis.js'
import type { DesignColumn, TrialEstimate } from '../contract/trial.js'
import type { Protocol } from '../data/protocol.js'
import { covariateRangeFlags } from '../data/range-flags.js'
import type { Draws } from '../draws/draws.js'
import type { ArmOutcomes } from '../effects/arm-outcomes.js'
import { coefficientDraws } from '../effects/coefficient-draws.js'
import { effectDraws } from '../effects/effect-draws.js'
import {
  concentrationFlags,
  distanceFlags,
  farDistance,
  mahalanobisDistance,
  modifiersSeenBy,
  type TrialOverlap,
} from '../effects/extrapolation.js'
import { personContrast } from '../effects/person-contrast.js'
import { summariseEffect } from '../effects/summarise-effect.js'
import { meanBetweenCovariance, shrinkage } from '../effects/trial-weights.js'
import type { ForestData } from './figures/forest.js'
import { forestData } from './forest-data.js'
import { directions, effectAxisLabel, outcomeName, treatedName } from './labels.js'

export interface EvidenceInput {
  readonly protocol: Protocol
  readonly columns: readonly DesignColumn[]
  readonly person: Person
  /** With the variables that `PoolingMethod` or `EffectPoolingMethod` names. */
  readonly pooled: Draws
  readonly isConfidence: boolean
  /** From the pooled variables to the person's effect, analysis scale: of coefficients, or 1 at the person's own place. */
  readonly contrast: Float64Array
  /** Of the trials, for the same contrast. */
  readonly estimates: readonly TrialEstimate[]
  /** Share of each trial in the person's average effect, `[trial]`. */
  readonly weights?: Float64Array
  /** Where the patients of each trial lie, `[trial]`. */
  readonly overlaps?: readonly TrialOverlap[]
  /** The person's outcome under each arm, where the first stage gives it. */
  readonly arms?: ArmOutcomes
}

export interface TrialEvidence {
  readonly study: string
  readonly patientCount: number
  readonly weight?: number
  /** How far the trial's own effect is pulled to the average, from 0 to 1. */
  readonly shrinkage: number
  /** Mahalanobis distance of the person from its patients. */
  readonly distance?: number
  readonly isFar?: boolean
  /** Mean of each modifier in original units, the share of a level; NaN for one that the trial did not measure. `[modifier]` */
  readonly modifierMeans?: readonly number[]
}

export interface PersonEvidence extends Pick<EvidenceInput, 'protocol' | 'columns' | 'person' | 'isConfidence'> {
  readonly effect: PersonEffect
  /** Draws of the effect in outcome units. `[draw]` */
  readonly draws: { readonly average: Float64Array; readonly newSetting: Float64Array }
  readonly forest: ForestData
  readonly trials: readonly TrialEvidence[]
  /** 99 of 100 patients of a trial are nearer than this to its mean. */
  readonly farDistance: number
  readonly arms?: ArmOutcomes
}

/** @throws UsageError when a modifier is not given or has a value that the protocol does not know. */
export function personEvidence(input: EvidenceInput): PersonEvidence {
  const { protocol, columns, person, pooled, isConfidence, overlaps, weights, estimates } = input
  const contrast = input.contrast.map((element) => element * protocol.outcome.scale)
  const draws = {
    average: effectDraws(coefficientDraws(pooled, 'average'), contrast),
    newSetting: effectDraws(coefficientDraws(pooled, 'new-setting'), contrast),
  }
  const modifiers = personContrast(person.covariates, columns, protocol.covariates).subarray(1)
  return {
    protocol,
    columns,
    person,
    isConfidence,
    effect: {
      person,
      effects: summaries(input, draws, contrast),
      flags: [
        ...covariateRangeFlags(person, protocol),
        ...(overlaps
          ? distanceFlags(overlaps, (trial) => modifiersSeenBy(overlaps[trial], modifierNames(columns), modifiers))
          : []),
        ...(weights
          ? concentrationFlags(
              weights,
              estimates.map(({ study }) => study),
            )
          : []),
      ],
    },
    draws,
    forest: forestOf(input, contrast),
    trials: trialEvidence(input, modifiers),
    farDistance: farDistance(Math.max(1, modifiers.length)),
    ...(input.arms && { arms: input.arms }),
  }
}

function summaries({ protocol, pooled, estimates }: EvidenceInput, draws: PersonEvidence['draws'], contrast: Float64Array) {
  const { smallestImportantEffect } = protocol
  const shared = { chainCount: pooled.chainCount, better: protocol.outcome.better, smallestImportantEffect }
  return [
    summariseEffect(draws.average, { ...shared, target: 'average' }),
    summariseEffect(draws.newSetting, { ...shared, target: 'new-setting' }),
    ...estimates.map(({ study }) =>
      summariseEffect(effectDraws(coefficientDraws(pooled, 'existing-trial', study), contrast), {
        ...shared,
        target: 'existing-trial',
        study,
      }),
    ),
  ]
}

function forestOf({ protocol, pooled, estimates, person }: EvidenceInput, contrast: Float64Array): ForestData {
  return forestData({ trialFits: estimates.map((estimate) => ({ estimate })), pooled: { draws: pooled } }, contrast, {
    axisLabel: effectAxisLabel(protocol),
    directions: directions(protocol),
    ariaLabel: `Forest plot: effect of ${treatedName(protocol)} on ${outcomeName(protocol)} for ${person.id} in ${estimates.length} trials, in the average setting and in a new setting`,
  })
}

function trialEvidence({ pooled, estimates, weights, overlaps, columns, contrast }: EvidenceInput, modifiers: Float64Array) {
  const between = meanBetweenCovariance(pooled)
  const names = modifierNames(columns)
  const scaled = columns.filter(({ isModifier }) => isModifier)
  return estimates.map((estimate, trial): TrialEvidence => {
    const overlap = overlaps?.[trial]
    const seen = overlap && modifiersSeenBy(overlap, names, modifiers)
    const distance = overlap && mahalanobisDistance(overlap, seen!)
    const placeOf = (name: string) => (overlap?.modifiers ?? names).indexOf(name)
    return {
      study: estimate.study,
      patientCount: estimate.patientCount,
      ...(weights && { weight: weights[trial] }),
      shrinkage: shrinkage(estimate, between, contrast),
      ...(distance !== undefined && { distance, isFar: distance > farDistance(Math.max(1, seen!.length)) }),
      ...(overlap && {
        modifierMeans: scaled.map(({ name, centre, scale }) => centre + scale * (overlap.mean[placeOf(name)] ?? Number.NaN)),
      }),
    }
  })
}

const modifierNames = (columns: readonly DesignColumn[]) => columns.flatMap(({ isModifier, name }) => (isModifier ? [name] : []))

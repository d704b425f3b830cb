import type { Analysis } from '../contract/analysis.js'
import { farDistance, knowsOverlap, mahalanobisDistance, modifiersSeenBy, trialOverlap } from '../effects/extrapolation.js'
import { personContrast } from '../effects/person-contrast.js'
import { isPooledOverPeople, settingContrast } from '../effects/setting-contrast.js'
import { meanBetweenCovariance, shrinkage, trialWeights } from '../effects/trial-weights.js'
import type { ShrinkageData } from './figures/shrinkage.js'
import type { TrialWeightsData } from './figures/trial-weights.js'
import { forestData } from './forest-data.js'
import { effectAxisLabel } from './labels.js'

/** Share of each trial in the average effect of each profile; undefined when the weights cannot be computed. */
export function profileWeights(analysis: Analysis): TrialWeightsData | undefined {
  const { trialFits, profileEffects, effectPooling } = analysis
  if (trialFits.length < 2 || profileEffects.length === 0) return undefined
  const between = effectPooling ? undefined : meanBetweenCovariance(analysis.pooled.draws)
  const people = profileEffects.map(({ person }, index) => {
    const weights = effectPooling
      ? effectPooling.profileWeights.subarray(index * trialFits.length, (index + 1) * trialFits.length)
      : trialWeights(
          trialFits.map(({ estimate }) => estimate),
          between!,
          personContrast(person.covariates, analysis.columns, analysis.protocol.covariates),
        )
    return weights && { label: person.id, weights: Array.from(weights) }
  })
  if (!people.every((person) => person !== undefined)) return undefined
  return {
    studies: trialFits.map(({ trial }) => trial.study),
    people,
    ariaLabel: `Share of each of ${trialFits.length} trials in the average effect of ${people.length} profiles`,
  }
}

/** Of each profile, the number of trials within the distance of whose own patients it lies; undefined when a trial does not say where its patients lie. */
export function likeTrialCounts({ trialFits, profileEffects, columns, protocol }: Analysis): number[] | undefined {
  if (!trialFits.every(({ trial }) => knowsOverlap(trial))) return undefined
  const overlaps = trialFits.map(({ trial }) => trialOverlap(trial))
  const names = columns.flatMap(({ isModifier, name }) => (isModifier ? [name] : []))
  return profileEffects.map(({ person }) => {
    const modifiers = personContrast(person.covariates, columns, protocol.covariates).subarray(1)
    return overlaps.filter((overlap) => {
      const seen = modifiersSeenBy(overlap, names, modifiers)
      return mahalanobisDistance(overlap, seen) <= farDistance(Math.max(1, seen.length))
    }).length
  })
}

/** How far each trial's effect for the reference patient, or another profile, is pulled to the average. */
export function shrinkageData(analysis: Analysis, profile = 0): ShrinkageData | undefined {
  const { trialFits, pooled, protocol, columns, profileEffects } = analysis
  const person = profileEffects[profile]?.person
  if (!person || trialFits.length < 2) return undefined
  const contrast = settingContrast(pooled.draws, person, columns, protocol.covariates)
  const between = meanBetweenCovariance(pooled.draws)
  const forest = forestData(
    analysis,
    contrast.map((element) => element * protocol.outcome.scale),
    { axisLabel: effectAxisLabel(protocol), ariaLabel: '' },
  )
  const trials = trialFits.map(({ estimate }, index) => ({
    study: estimate.study,
    own: forest.rows[index].own.mean,
    shrunken: forest.rows[index].shrunken.mean,
    shrinkage: shrinkage(estimate, between, contrast),
  }))
  if (trials.some(({ shrinkage: share }) => !Number.isFinite(share))) return undefined
  return {
    trials,
    average: forest.average.mean,
    axisLabel: forest.axisLabel,
    ariaLabel: `Effect for the ${person.id} in ${trials.length} trials, alone and in the light of all${isPooledOverPeople(pooled.draws) ? ', by models of the trials' : ''}`,
  }
}

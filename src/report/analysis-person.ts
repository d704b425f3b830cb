import type { Analysis, Person } from '../contract/analysis.js'
import { coefficientOutcomes, hasLinearOutcome } from '../effects/coefficient-outcomes.js'
import { knowsOverlap, trialOverlap } from '../effects/extrapolation.js'
import { pooledOutcomes } from '../effects/person-outcomes.js'
import { isPooledOverPeople, settingContrast } from '../effects/setting-contrast.js'
import { meanBetweenCovariance, trialWeights } from '../effects/trial-weights.js'
import { type EvidenceInput, type PersonEvidence, personEvidence } from './person-evidence.js'
import { renderPersonPage } from './person-page.js'

/**
 * What an analysis says about one person: anybody where coefficients were pooled, one of its profiles where effects of people were.
 * @throws UsageError when a modifier is not given, or the person's effect was not pooled.
 */
export function analysisPerson(analysis: Analysis, person: Person): PersonEvidence {
  const { protocol, columns, pooled, trialFits } = analysis
  const contrast = settingContrast(pooled.draws, person, columns, protocol.covariates)
  const estimates = trialFits.map(({ estimate }) => estimate)
  const weights = weightsOf(analysis, person, contrast)
  return personEvidence({
    protocol,
    columns,
    person,
    pooled: pooled.draws,
    isConfidence: pooled.isConfidence === true,
    contrast,
    estimates,
    ...(weights && { weights }),
    ...(trialFits.every(({ trial }) => knowsOverlap(trial)) && { overlaps: trialFits.map(({ trial }) => trialOverlap(trial)) }),
    ...armsOf(analysis, person),
  })
}

/** Of a profile, those of the analysis; of anybody else where coefficients were pooled and the trials' draws hold the outcome's. */
function armsOf(
  { profileEffects, profileOutcomes, trialFits, protocol, pooled }: Analysis,
  person: Person,
): Pick<EvidenceInput, 'arms'> {
  const place = profileEffects.findIndex((one) => one.person.id === person.id)
  if (!profileOutcomes) return {}
  if (place >= 0 && person.kind === 'profile') return { arms: profileOutcomes[place] }
  if (isPooledOverPeople(pooled.draws) || !trialFits.every(({ fit }) => hasLinearOutcome(fit.draws))) return {}
  const trials = trialFits.map(({ trial, fit: { draws } }) => ({ trial, draws, predictor: coefficientOutcomes(draws, trial) }))
  return { arms: pooledOutcomes(protocol, trials, pooled.draws, [person])[0] }
}

function weightsOf(
  { pooled, trialFits, effectPooling, profileEffects }: Analysis,
  person: Person,
  contrast: Float64Array,
): Float64Array | undefined {
  if (!isPooledOverPeople(pooled.draws))
    return trialWeights(
      trialFits.map(({ estimate }) => estimate),
      meanBetweenCovariance(pooled.draws),
      contrast,
    )
  const place = profileEffects.findIndex(({ person: { id } }) => id === person.id)
  return effectPooling?.profileWeights.subarray(place * trialFits.length, (place + 1) * trialFits.length)
}

/** One person's page from an analysis in memory, as `poolite report` makes it from a run. */
export function personPage(analysis: Analysis, person: Person): string {
  const { pooled, trialFits, warnings, methods, provenance } = analysis
  const fits = [
    { name: 'second stage', fit: pooled },
    ...trialFits.map(({ trial, fit }) => ({ name: `trial ${trial.study}`, fit })),
  ]
  const failed = fits
    .filter(({ fit }) => fit.diagnosis.status === 'failed')
    .map(({ name, fit }) => ({
      name,
      checks: fit.diagnosis.checks.filter(({ status }) => status === 'failed').map((check) => check.name),
    }))
  const status = failed.length > 0 ? 'failed' : 'passed'
  return renderPersonPage(analysisPerson(analysis, person), { status, failed, warnings, methods, provenance })
}

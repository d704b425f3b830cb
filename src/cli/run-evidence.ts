import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { catalog } from '../catalog.js'
import type { Person } from '../contract/analysis.js'
import { designColumns } from '../data/design-columns.js'
import type { Protocol } from '../data/protocol.js'
import type { TrialOverlap } from '../effects/extrapolation.js'
import { personContrast } from '../effects/person-contrast.js'
import { meanBetweenCovariance, trialWeights } from '../effects/trial-weights.js'
import { type PersonEvidence, personEvidence } from '../report/person-evidence.js'
import { poolProfiles, profileEstimate } from '../stages/pool-effects.js'
import { isEffectPooling } from './is-effect-pooling.js'
import { loadEffectPooling } from './load-effect-pooling.js'
import { loadOutcomes } from './load-outcomes.js'
import { loadPooled } from './load-pooled.js'
import type { Manifest } from './manifest.js'
import { overlapFile } from './pooling-files.js'
import { readEstimates } from './read-estimates.js'
import { readText } from './read-file.js'

/** What a run says about people, one after the other. */
export type EvidenceOf = (person: Person) => PersonEvidence

/**
 * @param dataPath the data of the run, for models that predict from the patients of the trials
 * @throws UsageError, DataError as the files of the run and `loadEffectPooling` do.
 */
export async function loadEvidence(
  runPath: string,
  manifest: Manifest,
  protocol: Protocol,
  dataPath: string | undefined,
): Promise<EvidenceOf> {
  const columns = designColumns(protocol)
  const shared = { protocol, columns, isConfidence: await isConfidence(protocol) }
  const outcomesOf = await loadOutcomes(runPath, manifest, protocol, dataPath)
  if (isEffectPooling(runPath)) {
    const job = await loadEffectPooling(runPath, manifest, protocol, dataPath)
    return (person) => {
      const { fit, weights } = poolProfiles(job, [person])
      const estimates = job.trials.map((trial) => profileEstimate(trial, [person], protocol))
      const contrast = Float64Array.of(1)
      const arms = outcomesOf?.(fit.draws, [person])[0]
      const { overlaps } = job
      return personEvidence({
        ...shared,
        ...(arms && { arms }),
        person,
        pooled: fit.draws,
        contrast,
        estimates,
        weights,
        overlaps,
      })
    }
  }
  const pooled = loadPooled(runPath, manifest)
  const estimates = readEstimates(runPath, manifest)
  const between = meanBetweenCovariance(pooled)
  const overlaps = readOverlaps(runPath)
  return (person) => {
    const contrast = personContrast(person.covariates, columns, protocol.covariates)
    const weights = trialWeights(estimates, between, contrast)
    const arms = outcomesOf?.(pooled, [person])[0]
    return personEvidence({
      ...shared,
      ...(arms && { arms }),
      person,
      pooled,
      contrast,
      estimates,
      ...(weights && { weights }),
      ...(overlaps && { overlaps }),
    })
  }
}

/** A second stage that has no model to sample from gives a confidence distribution. */
async function isConfidence({ secondStage }: Protocol): Promise<boolean> {
  return (await catalog.poolingMethod(secondStage.method)).takes === 'estimates'
}

/** Nothing of a run that was written before they were kept. */
function readOverlaps(runPath: string): TrialOverlap[] | undefined {
  const file = join(runPath, overlapFile)
  return existsSync(file) ? (JSON.parse(readText(file)) as { readonly trials: TrialOverlap[] }).trials : undefined
}

import { existsSync } from 'node:fs'
import { catalog } from '../catalog.js'
import type { Person } from '../contract/analysis.js'
import type { Protocol } from '../data/protocol.js'
import type { Draws } from '../draws/draws.js'
import type { ArmOutcomes } from '../effects/arm-outcomes.js'
import { outcomeTrials, pooledOutcomes } from '../effects/person-outcomes.js'
import { runDesigns } from './load-effect-pooling.js'
import type { Manifest } from './manifest.js'
import { drawsFile, readDraws } from './read-draws.js'
import { safeFileNames } from './safe-file-names.js'

/** Outcomes of people under each arm, from draws that were pooled over coefficients or over these people. */
export type OutcomesOf = (pooled: Draws, people: readonly Person[]) => ArmOutcomes[]

/**
 * Undefined where the first stage does not give outcomes, the draws of the trials have stayed at their sites, or the model needs the data and they are not given.
 * @throws DataError when a file of the run is damaged, or the data are not those of the run.
 */
export async function loadOutcomes(
  runPath: string,
  manifest: Manifest,
  protocol: Protocol,
  dataPath: string | undefined,
): Promise<OutcomesOf | undefined> {
  const model = await catalog.firstStageModel(protocol.firstStage.model)
  if (!model.outcomes || (model.predictsFromPatients && dataPath === undefined)) return undefined
  const names = safeFileNames(
    manifest.trials.map(({ study }) => study),
    ['pooled'],
  )
  const paths = names.map((name) => `draws/${name}`)
  if (!paths.every((path) => existsSync(drawsFile(runPath, path)))) return undefined
  const draws = paths.map((path) => readDraws(runPath, path))
  const designs = runDesigns(runPath, protocol, model, manifest, dataPath)
  const options = model.parseOptions(protocol.firstStage)
  const trials =
    designs &&
    outcomeTrials(
      model,
      options,
      designs.map((trial, index) => ({ trial, draws: draws[index] })),
    )
  return trials && ((pooled, people) => pooledOutcomes(protocol, trials, pooled, people))
}

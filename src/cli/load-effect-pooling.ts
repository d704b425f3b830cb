import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { catalog } from '../catalog.js'
import type { FirstStageModel } from '../contract/first-stage-model.js'
import type { TrialDesign } from '../contract/trial.js'
import { designColumns } from '../data/design-columns.js'
import { designTrials } from '../data/design-trials.js'
import { profilePeople, referencePerson } from '../data/people.js'
import type { Protocol } from '../data/protocol.js'
import { readAnalysedTrials } from '../data/unmeasured-covariates.js'
import type { Draws } from '../draws/draws.js'
import { fromTable } from '../draws/from-table.js'
import { DataError } from '../errors/data-error.js'
import { UsageError } from '../errors/usage-error.js'
import { profilePredictor } from '../site/profile-predictor.js'
import { effectPoolingJob, type FittedStage } from '../stages/open-effect-pooling.js'
import { type EffectPoolingJob, modifiersOf } from '../stages/pool-effects.js'
import { loadTable } from './load-inputs.js'
import type { Manifest } from './manifest.js'
import { overlapFile, type PoolingRecord, poolingFile, refitsFile } from './pooling-files.js'
import { readDraws } from './read-draws.js'
import { readText } from './read-file.js'
import { safeFileNames } from './safe-file-names.js'

/**
 * Ready to pool the effects of new patients as the run did.
 * @param dataPath the data of the run, for models that predict from the patients of the trials
 * @throws UsageError when such a model is not given the data; DataError when they are not those of the run, or a file of the run is damaged.
 */
export async function loadEffectPooling(
  runPath: string,
  manifest: Manifest,
  protocol: Protocol,
  dataPath: string | undefined,
): Promise<EffectPoolingJob> {
  const model = await catalog.firstStageModel(protocol.firstStage.model)
  const method = await catalog.poolingMethod(protocol.secondStage.method)
  if (method.takes !== 'effects') throw damaged(runPath, `the second stage "${method.name}" pools coefficients`)
  const record = parseRecord(runPath)
  const designs = trialDesigns(record, protocol, model, manifest, dataPath)
  const names = safeFileNames(
    manifest.trials.map(({ study }) => study),
    ['pooled'],
  )
  const readRefits = (path: string): Draws => fromTable(readText(join(runPath, path)), join(runPath, path))
  const options = method.parseOptions(protocol.secondStage)
  const refits = method.needs?.(options).refits === undefined ? undefined : names.map((name) => readRefits(refitsFile(name)))
  const trials = designs.map((trial, index) => withPredictor(trial, readDraws(runPath, `draws/${names[index]}`), protocol))
  return effectPoolingJob(
    { protocol, model, modelOptions: model.parseOptions(protocol.firstStage), method, options, trials },
    { preparation: record.preparation, ...(refits ? { refits } : {}) },
    record.trials,
  )
}

/** Where the parameters of a trial have stayed at its site, there are effects of the protocol's people in place of them. */
function withPredictor(trial: TrialDesign, draws: Draws, protocol: Protocol): FittedStage {
  if (!draws.variables.every(({ name }) => name === 'effect')) return { trial, draws }
  const profiles = [referencePerson(protocol), ...profilePeople(protocol)]
  return { trial, draws, predictor: profilePredictor(draws, modifiersOf(profiles, trial.columns, protocol), trial.study) }
}

function parseRecord(runPath: string): PoolingRecord {
  const text = readText(join(runPath, poolingFile))
  try {
    const record = JSON.parse(text) as PoolingRecord
    if (Array.isArray(record.trials)) return record
  } catch {
    // said below
  }
  throw damaged(runPath, 'it is not what poolite run wrote')
}

function damaged(runPath: string, reason: string): DataError {
  const remedy = 'Run the analysis again.'
  return new DataError({
    file: join(runPath, poolingFile),
    problem: 'the record of how effects were pooled is of no use',
    reason,
    remedy,
  })
}

/** The trials of a run, whichever way it pooled; undefined of one that was written before their columns were kept. */
export function runDesigns(
  runPath: string,
  protocol: Protocol,
  model: FirstStageModel,
  manifest: Manifest,
  dataPath: string | undefined,
): TrialDesign[] | undefined {
  const file = [poolingFile, overlapFile].map((name) => join(runPath, name)).find((path) => existsSync(path))
  if (file === undefined) return undefined
  const { trials } = JSON.parse(readText(file)) as Pick<PoolingRecord, 'trials'>
  if (!trials.every(({ treatedCount }) => treatedCount !== undefined)) return undefined
  return trialDesigns({ trials }, protocol, model, manifest, dataPath)
}

/** The trials themselves, from the data of the run, or their outlines where draws are enough. */
function trialDesigns(
  { trials }: Pick<PoolingRecord, 'trials'>,
  protocol: Protocol,
  model: FirstStageModel,
  manifest: Manifest,
  dataPath: string | undefined,
): TrialDesign[] {
  if (dataPath !== undefined) return designsFromData(dataPath, protocol, manifest)
  if (model.predictsFromPatients)
    throw new UsageError({
      problem: `the first stage "${model.name}" predicts from the patients of the trials, and a run does not keep them`,
      reason: 'the folder of a run holds draws and summaries, which may be passed on',
      remedy: `Add --data with the file that was analysed${manifest.dataFile === undefined ? '' : `, ${manifest.dataFile}`}.`,
    })
  const all = designColumns(protocol)
  return trials.map(({ study, patientCount, treatedCount, columns: names }) => {
    const columns = all.filter(({ name }) => names?.includes(name) ?? true)
    return {
      study,
      columns,
      outcome: Float64Array.from({ length: patientCount }, (_, patient) => patient % 3),
      treatment: Float64Array.from({ length: patientCount }, (_, patient) => (patient < treatedCount ? 1 : 0)),
      covariates: new Float64Array(patientCount * columns.length),
      patientIds: Array.from({ length: patientCount }, (_, patient) => String(patient + 1)),
    }
  })
}

function designsFromData(dataPath: string, protocol: Protocol, manifest: Manifest): TrialDesign[] {
  const { table, hash } = loadTable(dataPath)
  if (manifest.dataHash !== undefined && hash !== manifest.dataHash)
    throw new DataError({
      file: dataPath,
      problem: `${basename(dataPath)} is not the file that was analysed`,
      reason: 'its SHA-256 differs from the one in the manifest of the run',
      remedy: 'Give the file as it was, or run the analysis again.',
    })
  const { designs } = designTrials(readAnalysedTrials(table, protocol).reading, protocol)
  const studies = designs.map(({ study }) => study)
  if (studies.join() === manifest.trials.map(({ study }) => study).join()) return [...designs]
  throw new DataError({
    file: dataPath,
    problem: `the data have the trials ${studies.join(', ')}`,
    reason: `and the run analysed ${manifest.trials.map(({ study }) => study).join(', ')}`,
    remedy: 'Give the file that was analysed.',
  })
}

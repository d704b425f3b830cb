import { existsSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { ApproximationRecord, ChainAdaptation } from '../contract/analysis.js'
import { didYouMean } from '../data/nearest-name.js'
import type { Draws } from '../draws/draws.js'
import { fromTable } from '../draws/from-table.js'
import { DataError } from '../errors/data-error.js'
import { UsageError } from '../errors/usage-error.js'
import { loadDrawsFiles } from './load-draws.js'
import { loadProtocol } from './load-inputs.js'
import { loadPooled } from './load-pooled.js'
import type { LoadedFit, SourceOptions } from './loaded-fit.js'
import { type FitRecord, type Manifest, readManifest } from './manifest.js'
import { pooledPriorFile } from './pooling-files.js'
import { drawsFile, readDraws } from './read-draws.js'
import { readText } from './read-file.js'
import { safeFileNames } from './safe-file-names.js'

/**
 * The fits of a source: the folder of a run, of which `stage` and `study` say which fits, or files of draws.
 * @throws UsageError, DataError when something cannot be read, there is no such trial, or an option does not go with the source.
 */
export async function loadFits(sources: readonly string[], options: SourceOptions): Promise<LoadedFit[]> {
  const folder = sources.find(isFolder)
  if (folder === undefined) {
    refuse(options, ['stage', 'study'], 'files of draws', 'Leave it out, or name the folder of a run.')
    return [await loadDrawsFiles(sources, options)]
  }
  refuse(options, ['sampler', 'unfinished'], 'the folder of a run', 'Leave it out: a run has its own.')
  if (sources.length > 1)
    throw new UsageError({
      file: folder,
      problem: 'a folder was given among other sources',
      remedy: 'Name one run, or files of draws.',
    })
  return loadRun(folder, options)
}

/** As `loadFits`, where only one fit can be meant. */
export async function loadFit(sources: readonly string[], options: SourceOptions): Promise<LoadedFit> {
  const fits = await loadFits(sources, options)
  if (fits.length === 1) return fits[0]
  const names = fits.map(({ name }) => name).join(', ')
  throw new UsageError({ problem: 'no trial was named', remedy: `Name one of them with --study: ${names}.` })
}

function loadRun(path: string, { stage = 'second', study }: SourceOptions): LoadedFit[] {
  if (stage === 'second' && study !== undefined)
    throw new UsageError({ problem: '--study goes with the first stage', remedy: 'Add --stage first, or leave out --study.' })
  const manifest = readManifest(path)
  const { inference } = loadProtocol(join(path, 'protocol.yaml')).protocol
  const settings = {
    seed: inference.seed,
    ...(inference.warmup !== undefined && { warmup: inference.warmup }),
    maximumTreeDepth: inference.maximumTreeDepth,
    ...(inference.targetAcceptance !== undefined && { targetAcceptance: inference.targetAcceptance }),
  }
  const load = (name: string, draws: Draws, record: FitRecord | undefined): LoadedFit => {
    return { name, draws, sampler: readDraws(path, `sampler/${name}`), ...settings, ...loadRecord(path, name, record) }
  }
  if (stage === 'second') {
    const file = join(path, pooledPriorFile)
    const prior = existsSync(file) ? { prior: fromTable(readText(file), file) } : {}
    return [{ ...load('pooled', loadPooled(path, manifest), manifest.pooled), ...prior }]
  }
  return trialsOf(manifest, study).map(({ name, record }) => {
    requireDrawsHere(drawsFile(path, `draws/${name}`))
    return load(name, readDraws(path, `draws/${name}`), record)
  })
}

/** Of a run that pooled the files of sites. */
function requireDrawsHere(file: string): void {
  if (existsSync(file)) return
  throw new UsageError({
    file,
    problem: 'there are no draws of this trial',
    reason: 'where sites send coefficients, their draws stay with them',
    remedy: 'Leave out --stage first, or ask the site for what it has seen of its own fit.',
  })
}

function loadRecord(path: string, name: string, record: FitRecord = {}): Partial<LoadedFit> {
  const { approximation, chainSeconds } = record
  const file = join(path, 'adaptation', `${name}.json`)
  return {
    ...(approximation && { approximation: readable(approximation) }),
    ...(chainSeconds && { chainSeconds }),
    ...(existsSync(file) && { adaptation: parseAdaptation(readText(file), file) }),
  }
}

/** @throws DataError when the file is not what `poolite run` wrote. */
function parseAdaptation(text: string, file: string): ChainAdaptation[] {
  try {
    const { chains } = JSON.parse(text) as { chains: readonly ChainAdaptation[] }
    return chains.map((chain) => ({ ...chain, inverseMetric: Float64Array.from(chain.inverseMetric) }))
  } catch (error) {
    throw new DataError({
      file,
      problem: `these are not step sizes and metrics of chains: ${(error as Error).message}`,
      remedy: 'Run `poolite run` again, or delete the file to go on without them.',
    })
  }
}

/** With a k-hat that JSON could not hold as NaN. */
function readable(record: ApproximationRecord): ApproximationRecord {
  return { ...record, paretoK: (record.paretoK as number | null) ?? Number.NaN }
}

interface ListedTrial {
  /** Of its files. */
  readonly name: string
  readonly record: FitRecord
}

/** The trials asked for. */
function trialsOf({ trials }: Manifest, study: string | undefined): ListedTrial[] {
  const studies = trials.map((trial) => trial.study)
  const names = safeFileNames(studies, ['pooled'])
  const listed = names.map((name, index) => ({ name, record: trials[index] }))
  if (study === undefined) return listed
  const index = studies.indexOf(study)
  if (index !== -1) return [listed[index]]
  throw new UsageError({
    problem: `no trial "${study}" in this run`,
    remedy: `Ask for one of: ${studies.join(', ')}.${didYouMean(study, studies)}`,
  })
}

function isFolder(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
}

function refuse(options: SourceOptions, names: readonly (keyof SourceOptions)[], source: string, remedy: string): void {
  const given = names.find((name) => options[name] !== undefined)
  if (given !== undefined) throw new UsageError({ problem: `--${given} does not go with ${source}`, remedy })
}

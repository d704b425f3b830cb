import type { Person, PersonEffect, Target } from '../contract/analysis.js'
import { designColumns } from '../data/design-columns.js'
import type { Protocol } from '../data/protocol.js'
import { readNewPatients } from '../data/read-new-patients.js'
import { effectsCsv, effectsTable } from '../effects/effects-table.js'
import { withOutcomes } from '../effects/outcome-draws.js'
import type { EffectTarget } from '../effects/person-effects.js'
import { protocolEffects } from '../effects/protocol-effects.js'
import { UsageError } from '../errors/usage-error.js'
import { isEffectPooling } from './is-effect-pooling.js'
import { loadTable } from './load-inputs.js'
import type { OutcomesOf } from './load-outcomes.js'
import { loadPooled } from './load-pooled.js'
import { type Manifest, readManifest } from './manifest.js'
import { protocolOfRun } from './protocol-of-run.js'
import type { Terminal } from './terminal.js'
import { createNewFile, requireFree } from './write-file.js'

export interface PredictOptions {
  readonly target: Target
  readonly study?: string
  /** The data of the run, for models that predict from the patients of the trials. */
  readonly data?: string
  /** Also the outcome under each arm. */
  readonly outcomes?: boolean
  readonly out?: string
  readonly json?: boolean
}

/** People whose effects are held in memory at a time when coefficients were pooled. */
const BLOCK = 1000
/** The same with outcomes, of which each trial has two for every draw. */
const BLOCK_WITH_OUTCOMES = 100

/**
 * `poolite predict`: effects of new patients from the pooled draws of a run, as CSV on stdout or in a new file. Rows are written block by block, so that
 * memory does not grow with the number of patients times draws.
 */
export async function predict(runPath: string, patientsPath: string, options: PredictOptions, terminal: Terminal): Promise<void> {
  const target = requestedTarget(options)
  const { out, json } = options
  if (out !== undefined) requireFree(out)
  const manifest = readManifest(runPath)
  const protocol = await protocolOfRun(runPath, manifest)
  const people = readNewPatients(loadTable(patientsPath).table, protocol)
  const columns = designColumns(protocol)
  const blocks = await effectBlocks(runPath, manifest, protocol, people, target, options)
  const csv = out === undefined ? undefined : createNewFile(out)
  let flagged = 0
  let isFirst = true
  if (json) terminal.data(`${JSON.stringify({ run: runPath, ...target, unit: protocol.outcome.unit }).slice(0, -1)},"effects":[`)
  try {
    for (const effects of blocks) {
      flagged += effects.filter((effect) => effect.flags.length > 0).length
      const text = effectsCsv(effectsTable(effects, columns))
      const rows = isFirst ? text : text.slice(text.indexOf('\n') + 1)
      csv?.append(rows)
      if (json) terminal.data(`${isFirst ? '' : ','}${effects.map((effect) => JSON.stringify(effect)).join(',')}`)
      else if (!csv) terminal.data(rows)
      isFirst = false
    }
  } catch (error) {
    csv?.discard()
    throw error
  }
  if (json) terminal.data(']}\n')
  if (flagged > 0)
    terminal.talk(
      `poolite: ${flagged} of ${people.length} patients lie outside the protocol's ranges, or are unlike the trials' patients; see the column flags.\n`,
    )
  csv?.close()
  if (csv) terminal.talk(`poolite: wrote ${out}\n`)
}

/** At least one block, so that there is a header. */
async function effectBlocks(
  runPath: string,
  manifest: Manifest,
  protocol: Protocol,
  people: readonly Person[],
  target: EffectTarget,
  { data: dataPath, outcomes }: PredictOptions,
): Promise<Iterable<PersonEffect[]>> {
  const outcomesOf = outcomes ? await requiredOutcomes(runPath, manifest, protocol, dataPath) : undefined
  if (isEffectPooling(runPath)) {
    const { loadEffectPooling } = await import('./load-effect-pooling.js')
    const { pooledEffectBlocks } = await import('../stages/pool-effects.js')
    const job = await loadEffectPooling(runPath, manifest, protocol, dataPath)
    requireKnownTrial(target, manifest)
    return pooledEffectBlocks(job, people, () => [target], outcomesOf)
  }
  const pooled = loadPooled(runPath, manifest)
  return inBlocks(people, outcomesOf ? BLOCK_WITH_OUTCOMES : BLOCK, (block) =>
    withOutcomes(
      protocolEffects(protocol, pooled, block, () => [target]),
      outcomesOf?.(pooled, block),
    ),
  )
}

async function requiredOutcomes(
  runPath: string,
  manifest: Manifest,
  protocol: Protocol,
  dataPath: string | undefined,
): Promise<OutcomesOf> {
  const { loadOutcomes } = await import('./load-outcomes.js')
  const outcomesOf = await loadOutcomes(runPath, manifest, protocol, dataPath)
  if (outcomesOf) return outcomesOf
  throw new UsageError({
    problem: 'this run does not say what outcomes people have under each treatment',
    reason: `the draws that say it have stayed at the sites, or the first stage "${protocol.firstStage.model}" needs the data of the trials for it`,
    remedy: 'Add --data with the file that was analysed, or leave out --outcomes.',
  })
}

function* inBlocks(
  people: readonly Person[],
  size: number,
  effectsOf: (block: readonly Person[]) => PersonEffect[],
): Generator<PersonEffect[]> {
  for (let first = 0; first === 0 || first < people.length; first += size) yield effectsOf(people.slice(first, first + size))
}

/** Before any effect is computed. */
function requireKnownTrial({ study }: EffectTarget, { trials }: Manifest): void {
  const known = trials.map((trial) => trial.study)
  if (study === undefined || known.includes(study)) return
  throw new UsageError({
    problem: `trial "${study}" is not among those pooled`,
    remedy: `Ask for one of: ${known.join(', ')}; or for the average or a new setting.`,
  })
}

function requestedTarget({ target, study }: PredictOptions): EffectTarget {
  if (target === 'existing-trial' && study === undefined) {
    throw new UsageError({ problem: 'no trial was named', remedy: 'Name it with --study, or leave out --target existing-trial.' })
  }
  if (target !== 'existing-trial' && study !== undefined) {
    throw new UsageError({
      problem: `--study does not go with --target ${target}`,
      remedy: 'Add --target existing-trial, or leave out --study.',
    })
  }
  return { target, ...(study === undefined ? {} : { study }) }
}

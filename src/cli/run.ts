import { rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Analysis } from '../contract/analysis.js'
import type { LargeDraws } from '../draws/stored/growing-bytes.js'
import { DiagnosticsError } from '../errors/diagnostics-error.js'
import type { Workers } from '../fitting/chain-pool.js'
import { resultText } from '../report/text/effects-text.js'
import { failedChecks, failedTitles, verdictOf } from '../report/text/verdict.js'
import type { TwoStageInput } from '../two-stage.js'
import { columnFiles } from './column-files.js'
import { interruptible } from './interruption.js'
import { type LoadedProtocol, type LoadedTable, loadProtocol, loadTable } from './load-inputs.js'
import { openCheckpoints, requireOneWish } from './open-checkpoints.js'
import { manifestName, type OutputFolder, openOutputFolder, requireReplaceable } from './output-folder.js'
import { type ProgressKind, progressWriter } from './progress.js'
import { largeFiles, manifestText, runFiles } from './run-files.js'
import type { Terminal } from './terminal.js'
import type { UnfinishedRun } from './unfinished-run.js'
import { writeLargeDraws } from './write-large-draws.js'
import { writing } from './write-output.js'

export interface RunOptions {
  readonly protocol: string
  readonly out: string
  readonly overwrite?: boolean
  readonly resume?: boolean
  readonly discardPartial?: boolean
  /** Seconds; 0 for no checkpoints. */
  readonly checkpointEvery: number
  /** MiB: larger draws of one fit stay on disk. */
  readonly drawsInMemory?: number
  readonly seed?: number
  readonly chains?: number
  readonly warmup?: number
  readonly draws?: number
  readonly thin?: number
  readonly workers?: Workers
  readonly strict?: boolean
  readonly quiet?: boolean
  readonly progress: ProgressKind
  readonly json?: boolean
}

/** `poolite run`: both stages, diagnostics and effects, written to a folder that appears when it is complete. */
export async function run(dataPath: string, options: RunOptions, terminal: Terminal): Promise<void> {
  const { seed, chains, warmup, draws, thin, out, overwrite } = options
  requireOneWish(options)
  const data = loadTable(dataPath)
  const loaded = loadProtocol(options.protocol, { seed, chains, warmup, draws, thin })
  requireReplaceable(out, overwrite === true)
  const unfinished = await openCheckpoints(dataPath, data, loaded, options)
  try {
    const folder = openOutputFolder(out, overwrite === true, unfinished && join(unfinished.path, 'output'))
    try {
      const columns = columnFiles(join(folder.path, 'columns'), 2 ** 20 * (options.drawsInMemory ?? 64))
      const analysis = await analyse(dataPath, data, loaded, { unfinished, columns }, options, terminal)
      writeRun(analysis, loaded.text, folder, out)
      unfinished?.remove()
      tell(analysis, options, terminal)
    } finally {
      folder.discard()
    }
  } finally {
    unfinished?.release()
  }
}

async function analyse(
  dataPath: string,
  { table, hash }: LoadedTable,
  { protocol }: LoadedProtocol,
  { unfinished, columns }: { readonly unfinished: UnfinishedRun | undefined; readonly columns: LargeDraws },
  { workers, quiet, progress, resume, checkpointEvery }: RunOptions,
  terminal: Terminal,
): Promise<Analysis> {
  const writer = progressWriter(quiet ? 'none' : progress, terminal)
  if (resume && unfinished) writer.note('note', resumption(unfinished))
  const provenance = { dataFile: basename(dataPath), dataHash: hash }
  const { twoStage } = await import('../two-stage.js')
  const input: TwoStageInput = {
    protocol,
    table,
    provenance,
    onProgress: writer.report,
    onEvent: writer.event,
    largeDraws: columns,
    ...(workers === undefined ? {} : { workers }),
    ...(unfinished ? { checkpoint: { store: unfinished.store, seconds: checkpointEvery } } : {}),
  }
  try {
    return await interruptible((signal) => twoStage({ ...input, signal }), {
      saved:
        unfinished &&
        `interrupted; all chains are saved in ${unfinished.path}. The same command with --resume goes on from there`,
      onSaving: () =>
        writer.note('note', 'saving all chains; Ctrl-C again ends at once and loses what was drawn since the last checkpoint'),
    })
  } finally {
    writer.finish()
  }
}

function resumption({ isResumed, path }: UnfinishedRun): string {
  return isResumed
    ? `going on with the unfinished run in ${path}`
    : `there is no unfinished run in ${path}; this one starts from the beginning`
}

/** @throws RunError naming the file that the disk refused. */
export function writeRun(analysis: Analysis, protocolText: string, folder: OutputFolder, out: string): void {
  const files = runFiles(analysis, protocolText)
  for (const { path, text } of files) writing(join(out, path), () => folder.write(path, text))
  const large = largeFiles(analysis).map(({ path, draws }) => ({ path, bytes: writeLargeDraws(folder.path, path, draws) }))
  rmSync(join(folder.path, 'columns'), { recursive: true, force: true })
  writing(join(out, manifestName), () => folder.write(manifestName, manifestText(analysis, files, large)))
  writing(out, () => folder.complete())
}

/** Says how it went, and what was found. */
export function tell(
  analysis: Analysis,
  { out, strict, json }: Pick<RunOptions, 'out' | 'strict' | 'json'>,
  terminal: Terminal,
): void {
  const verdict = verdictOf(analysis)
  const report = join(out, 'report.html')
  for (const { severity, message } of analysis.warnings)
    terminal.talk(`poolite: ${severity === 'important' ? 'warning' : 'note'}: ${message}\n`)
  if (json) {
    const { warnings, exclusions, profileEffects, provenance } = analysis
    const diagnosis = {
      status: verdict.status,
      failed: verdict.failed.map(({ name, diagnosis }) => ({ name, checks: failedTitles(diagnosis) })),
    }
    terminal.data(`${JSON.stringify({ out, report, diagnosis, warnings, exclusions, profileEffects, provenance })}\n`)
  } else {
    terminal.data(`${verdict.text}\n\n${resultText(analysis)}\nReport: ${report}\n`)
  }
  if (strict && verdict.status === 'failed') {
    const remedy = 'Read the top of the report; longer chains or a simpler model may help. Without --strict this is a warning.'
    const failure = new DiagnosticsError({ problem: `diagnostics failed: ${failedChecks(verdict.failed)}`, remedy })
    terminal.talk(`poolite: ${failure.message}\n`)
    terminal.exitStatus = failure.exitStatus
  }
}

import { basename, join } from 'node:path'
import type { Analysis } from '../contract/analysis.js'
import { DiagnosticsError } from '../errors/diagnostics-error.js'
import { interruptible } from './interruption.js'
import { type LoadedProtocol, type LoadedTable, loadProtocol, loadTable } from './load-inputs.js'
import { manifestName, type OutputFolder, openOutputFolder } from './output-folder.js'
import { type ProgressKind, progressWriter } from './progress.js'
import { resultText } from './result-text.js'
import { manifestText, runFiles } from './run-files.js'
import type { Terminal } from './terminal.js'
import { failedChecks, failedTitles, verdictOf } from './verdict.js'

export interface RunOptions {
  readonly protocol: string
  readonly out: string
  readonly overwrite?: boolean
  readonly seed?: number
  readonly chains?: number
  readonly warmup?: number
  readonly draws?: number
  readonly workers?: number
  readonly strict?: boolean
  readonly quiet?: boolean
  readonly progress: ProgressKind
  readonly json?: boolean
}

/** `poolite run`: both stages, diagnostics and effects, written to a folder that appears when it is complete. */
export async function run(dataPath: string, options: RunOptions, terminal: Terminal): Promise<void> {
  const { seed, chains, warmup, draws } = options
  const data = loadTable(dataPath)
  const loaded = loadProtocol(options.protocol, { seed, chains, warmup, draws })
  const folder = openOutputFolder(options.out, options.overwrite === true)
  try {
    const analysis = await analyse(dataPath, data, loaded, options, terminal)
    writeRun(analysis, loaded.text, folder)
    tell(analysis, options, terminal)
  } finally {
    folder.discard()
  }
}

async function analyse(
  dataPath: string,
  { table, hash }: LoadedTable,
  { protocol }: LoadedProtocol,
  { workers, quiet, progress }: RunOptions,
  terminal: Terminal,
): Promise<Analysis> {
  const writer = progressWriter(quiet ? 'none' : progress, terminal)
  const provenance = { dataFile: basename(dataPath), dataHash: hash }
  const { twoStage } = await import('../two-stage.js')
  try {
    const input = { protocol, table, provenance, onProgress: writer.report, ...(workers === undefined ? {} : { workers }) }
    return await interruptible((signal) => twoStage({ ...input, signal }))
  } finally {
    writer.finish()
  }
}

function writeRun(analysis: Analysis, protocolText: string, folder: OutputFolder): void {
  const files = runFiles(analysis, protocolText)
  for (const { path, text } of files) folder.write(path, text)
  folder.write(manifestName, manifestText(analysis, files))
  folder.complete()
}

function tell(analysis: Analysis, { out, strict, json }: RunOptions, terminal: Terminal): void {
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

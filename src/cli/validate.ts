import { basename, join } from 'node:path'
import { csvFormatRows } from 'd3-dsv'
import type { Workers } from '../fitting/chain-pool.js'
import { renderValidation } from '../report/render-validation.js'
import { validationText } from '../report/text/validation-text.js'
import type { Validation } from '../validation/validation.js'
import { interruptible } from './interruption.js'
import { type LoadedProtocol, type LoadedTable, loadProtocol, loadTable } from './load-inputs.js'
import { openCheckpoints, requireOneWish } from './open-checkpoints.js'
import { manifestName, openOutputFolder, requireReplaceable, validationFormat } from './output-folder.js'
import type { ProgressKind } from './progress.js'
import type { Terminal } from './terminal.js'
import type { UnfinishedRun } from './unfinished-run.js'
import { validationProgress } from './validation-progress.js'
import { writing } from './write-output.js'

export interface ValidateOptions {
  readonly protocol: string
  readonly out: string
  readonly overwrite?: boolean
  readonly resume?: boolean
  readonly discardPartial?: boolean
  /** Seconds; 0 for no checkpoints. */
  readonly checkpointEvery: number
  readonly seed?: number
  readonly chains?: number
  readonly warmup?: number
  readonly draws?: number
  readonly workers?: Workers
  readonly progress: ProgressKind
  readonly quiet?: boolean
  readonly json?: boolean
}

/** `poolite validate`: predicts every trial from the others by several methods, and says which to believe. */
export async function validateMethods(dataPath: string, options: ValidateOptions, terminal: Terminal): Promise<void> {
  const { seed, chains, warmup, draws, out, overwrite = false } = options
  requireOneWish(options)
  const data = loadTable(dataPath)
  const loaded = loadProtocol(options.protocol, { seed, chains, warmup, draws })
  requireReplaceable(out, overwrite)
  const unfinished = await openCheckpoints(dataPath, data, loaded, options)
  try {
    const folder = openOutputFolder(out, overwrite, unfinished && join(unfinished.path, 'output'))
    try {
      const validation = await work(dataPath, data, loaded, unfinished, options, terminal)
      for (const { path, text } of validationFiles(validation, loaded.text))
        writing(join(out, path), () => folder.write(path, text))
      writing(out, () => folder.complete())
      unfinished?.remove()
      tell(validation, options, terminal)
    } finally {
      folder.discard()
    }
  } finally {
    unfinished?.release()
  }
}

async function work(
  dataPath: string,
  { table, hash }: LoadedTable,
  { protocol }: LoadedProtocol,
  unfinished: UnfinishedRun | undefined,
  { workers, quiet, progress, checkpointEvery }: ValidateOptions,
  terminal: Terminal,
): Promise<Validation> {
  const { validate } = await import('../cross-validation/validate.js')
  const writer = validationProgress(quiet ? 'none' : progress, terminal)
  const input = {
    protocol,
    table,
    provenance: { dataFile: basename(dataPath), dataHash: hash },
    onValidation: writer.event,
    onProgress: writer.chain,
    ...(workers === undefined ? {} : { workers }),
    ...(unfinished ? { checkpoint: { store: unfinished.store, seconds: checkpointEvery } } : {}),
  }
  try {
    return await interruptible((signal) => validate({ ...input, signal }), {
      saved:
        unfinished &&
        `interrupted; the fits of trials are saved in ${unfinished.path}. The same command with --resume goes on from there`,
      onSaving: () => writer.note('saving the fits of trials; Ctrl-C again ends at once'),
    })
  } finally {
    writer.finish()
  }
}

function validationFiles(validation: Validation, protocolText: string): { path: string; text: string }[] {
  const { provenance, recommendation, warnings, candidates } = validation
  const files = [
    { path: 'validation.html', text: renderValidation(validation) },
    { path: 'validation.json', text: `${JSON.stringify(record(validation), null, 2)}\n` },
    { path: 'scores.csv', text: scoresCsv(validation) },
    { path: 'protocol.yaml', text: protocolText },
  ]
  const manifest = {
    format: validationFormat,
    ...provenance,
    recommendation: { ...recommendation, candidate: candidates[recommendation.candidate].name },
    warnings,
    files: files.map(({ path, text }) => ({ path, bytes: new TextEncoder().encode(text).length })),
  }
  return [...files, { path: manifestName, text: `${JSON.stringify(manifest, null, 2)}\n` }]
}

/** Everything but the protocol; numbers that are not finite are null. */
function record({ protocol: _, ...validation }: Validation): object {
  return validation
}

/** One row for each method and held-out trial. */
function scoresCsv({ candidates, trials }: Validation): string {
  const header = [
    'method',
    'study',
    'patients',
    'gain',
    'gain_se',
    'r_loss',
    'mean_bias',
    'calibration_intercept',
    'calibration_slope',
    'autoc',
    'benefit_over_none',
    'benefit_over_all',
    'right_decisions',
    'c_for_benefit',
    'dispersion',
    'place_in_prediction',
    'failure',
  ]
  const rows = candidates.flatMap(({ name, trials: own, failures }) =>
    trials.map(({ study, patientCount }, trial) => {
      const score = own[trial]
      if (!score) {
        const failure = failures.find((one) => one.study === study || one.study === undefined)
        return [name, study, String(patientCount), ...new Array<string>(header.length - 4).fill(''), failure?.reason ?? '']
      }
      const { gain, rLoss, meanBias, calibration, targeting, decision, concordance, dispersion, place } = score
      const numbers = [
        gain.estimate,
        gain.standardError,
        rLoss,
        meanBias.estimate,
        calibration.intercept.estimate,
        calibration.slope.estimate,
        targeting.autoc.estimate,
        decision.overNone.estimate,
        decision.overAll.estimate,
        decision.agreement.estimate,
        concordance,
        dispersion,
        place,
      ]
      return [name, study, String(patientCount), ...numbers.map((value) => (Number.isFinite(value) ? String(value) : '')), '']
    }),
  )
  return `${csvFormatRows([header, ...rows])}\n`
}

function tell(validation: Validation, { out, json }: ValidateOptions, terminal: Terminal): void {
  const report = join(out, 'validation.html')
  for (const { severity, message } of validation.warnings)
    terminal.talk(`poolite: ${severity === 'important' ? 'warning' : 'note'}: ${message}\n`)
  if (json) {
    terminal.data(`${JSON.stringify({ out, report, ...record(validation) })}\n`)
    return
  }
  terminal.data(`${validationText(validation)}\nReport: ${report}\n`)
}

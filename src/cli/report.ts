import type { PersonEvidence } from '../report/person-evidence.js'
import { renderPersonPage } from '../report/person-page.js'
import { readManifest } from './manifest.js'
import { type PersonOptions, personAsked } from './person-asked.js'
import { personText } from './person-text.js'
import { protocolOfRun } from './protocol-of-run.js'
import { loadEvidence } from './run-evidence.js'
import { readStanding } from './run-standing.js'
import type { Terminal } from './terminal.js'
import { requireFree } from './write-file.js'
import { writeWholeFile } from './write-output.js'

export interface ReportOptions extends PersonOptions {
  readonly out: string
  /** The data of the run, for models that predict from the patients of the trials. */
  readonly data?: string
  readonly json?: boolean
}

/** `poolite report`: one person's page from the draws of a run. */
export async function report(runPath: string, options: ReportOptions, terminal: Terminal): Promise<void> {
  const { out, data, json } = options
  requireFree(out)
  const manifest = readManifest(runPath)
  const protocol = await protocolOfRun(runPath, manifest)
  const person = personAsked(options, protocol)
  const evidence = (await loadEvidence(runPath, manifest, protocol, data))(person)
  const standing = readStanding(runPath)
  writeWholeFile(out, renderPersonPage(evidence, standing))
  if (standing.status === 'failed')
    terminal.talk('poolite: warning: diagnostics of this run failed; its effects are not to be relied on yet.\n')
  for (const flag of evidence.effect.flags) terminal.talk(`poolite: warning: extrapolation: ${flag}\n`)
  terminal.data(json ? `${JSON.stringify(summary(evidence, out, standing.status))}\n` : `${personText(evidence)}\nPage: ${out}\n`)
}

function summary({ person, effect, trials, protocol }: PersonEvidence, out: string, diagnosis: 'passed' | 'failed'): object {
  const { effects, flags } = effect
  const kept = trials.map(({ modifierMeans: _, ...trial }) => trial)
  return { out, diagnosis, person, unit: protocol.outcome.unit, effects, flags, trials: kept }
}

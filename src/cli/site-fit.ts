import { basename } from 'node:path'
import type { TrialDesign } from '../contract/trial.js'
import type { Protocol } from '../data/protocol.js'
import { protocolHash } from '../data/protocol-hash.js'
import { readTable } from '../data/read-table.js'
import type { Table } from '../data/table.js'
import { DataError } from '../errors/data-error.js'
import { PooliteError } from '../errors/poolite-error.js'
import { ProtocolError } from '../errors/protocol-error.js'
import { RunError } from '../errors/run-error.js'
import { UsageError } from '../errors/usage-error.js'
import type { Workers } from '../fitting/chain-pool.js'
import { type DisclosureRules, disclosureRules } from '../site/disclosure-rules.js'
import type { SiteArtefact } from '../site/site-artefact.js'
import { Interruption, interruptible } from './interruption.js'
import { loadProtocol } from './load-inputs.js'
import { readBytes, requireUtf8 } from './read-file.js'
import { artefactText } from './site-inspect.js'
import { type LedgerEntry, openLedger } from './site-ledger.js'
import { signArtefact } from './site-signature.js'
import type { Terminal } from './terminal.js'
import { requireFree } from './write-file.js'
import { writeWholeFile } from './write-output.js'

export interface SiteFitOptions {
  readonly protocol: string
  readonly study: string
  readonly out: string
  readonly leastCount?: number
  readonly parameterShare?: number
  readonly mostLevels?: number
  readonly release?: 'profiles' | 'model'
  /** PEM file with a private key. */
  readonly sign?: string
  readonly ledger?: string
  readonly workers?: Workers
  readonly json?: boolean
}

/** `poolite site fit`: the first stage of one trial into the one file that leaves the site. Says nothing about any patient, whatever happens. */
export async function siteFit(dataPath: string, options: SiteFitOptions, terminal: Terminal): Promise<void> {
  const { out, json } = options
  requireFree(out)
  const { protocol } = loadProtocol(options.protocol)
  const { artefact, record } = await makeSiteFile(dataPath, protocol, options)
  const text = `${JSON.stringify(artefact)}\n`
  record()
  writeWholeFile(out, text)
  if (json)
    terminal.data(`${JSON.stringify({ out, study: artefact.study, digest: artefact.digest, bytes: Buffer.byteLength(text) })}\n`)
  else terminal.data(artefactText(artefact))
  terminal.talk(
    `poolite: wrote ${out}. Nothing has been sent: read it, or \`poolite site inspect ${out}\`, before you pass it on. Keep the record of releases beside the data.\n`,
  )
}

/** The artefact, and what is to be called once it has been let go. */
export async function makeSiteFile(
  dataPath: string,
  protocol: Protocol,
  options: Omit<SiteFitOptions, 'protocol' | 'out' | 'json'>,
): Promise<{ artefact: SiteArtefact; record: () => void }> {
  const { study, sign, ledger, workers } = options
  const rules = stricterRules(options)
  const { leastCount } = disclosureRules(protocol, rules)
  return discreetly(dataPath, async () => {
    const table = loadSiteTable(dataPath)
    const { fitSite } = await import('../stages/fit-site.js')
    const settings = { protocol, protocolHash: await protocolHash(protocol), leastCount }
    let entry: LedgerEntry | undefined
    const onTrial = (trial: TrialDesign) => {
      entry = openLedger(ledger, dataPath, trial, settings)
    }
    const { artefact } = await interruptible((signal) =>
      fitSite({ protocol, table, study, rules, onTrial, signal, ...(workers === undefined ? {} : { workers }) }),
    )
    return { artefact: sign === undefined ? artefact : signArtefact(artefact, sign), record: () => entry?.record() }
  })
}

function stricterRules({ leastCount, parameterShare, mostLevels, release }: Partial<DisclosureRules>): Partial<DisclosureRules> {
  return {
    ...(leastCount !== undefined && { leastCount }),
    ...(parameterShare !== undefined && { parameterShare }),
    ...(mostLevels !== undefined && { mostLevels }),
    ...(release !== undefined && { release }),
  }
}

/** @throws DataError that quotes nothing of the file */
export function loadSiteTable(path: string): Table {
  const bytes = readBytes(path)
  try {
    const table = readTable(new TextDecoder().decode(bytes), basename(path))
    requireUtf8(bytes, path)
    return table
  } catch (error) {
    const row = error instanceof PooliteError ? error.details.row : undefined
    throw new DataError({
      file: basename(path),
      ...(row === undefined ? {} : { row }),
      problem: 'this is no table of comma-separated UTF-8 text',
      remedy: 'Run `poolite check` here, which says more.',
    })
  }
}

/** Messages of ours that say nothing of data pass; what went wrong in the numbers of a fit, or is a bug, is named by its kind. */
export async function discreetly<Result>(path: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work()
  } catch (error) {
    if (
      error instanceof DataError ||
      error instanceof UsageError ||
      error instanceof ProtocolError ||
      error instanceof Interruption
    )
      throw error
    const kind = error instanceof PooliteError ? error.code : error instanceof Error ? error.name : 'unknown'
    throw new RunError({
      file: basename(path),
      problem: `the trial could not be fitted (${kind})`,
      reason: 'the message may hold values of the data and is not shown',
      remedy: 'Run `poolite check` here; what it prints should not leave this site.',
    })
  }
}

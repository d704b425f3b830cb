import { createHmac, randomBytes } from 'node:crypto'
import { existsSync, renameSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { TrialDesign } from '../contract/trial.js'
import type { Protocol } from '../data/protocol.js'
import { DataError } from '../errors/data-error.js'
import { type Release, requireUnlikeEarlier } from '../site/release-ledger.js'
import { readText } from './read-file.js'
import { writing } from './write-output.js'

export const ledgerName = '.poolite-releases.json'
const ledgerFormat = 'poolite-releases-1'

interface Ledger {
  readonly format: typeof ledgerFormat
  /** Never leaves the site, as the whole file: without it nobody can tell whose a fingerprint is. */
  readonly key: string
  readonly releases: readonly Release[]
}

export interface LedgerEntry {
  /** To be called before the file is written: a release that did not happen does no harm here, one that is forgotten does. */
  record(): void
}

/**
 * Compares a trial with what was let go before.
 * @throws DataError when they differ in a few patients only, or the ledger cannot be read.
 */
export function openLedger(
  path: string | undefined,
  dataPath: string,
  trial: TrialDesign,
  {
    protocol,
    protocolHash,
    leastCount,
  }: { readonly protocol: Protocol; readonly protocolHash: string; readonly leastCount: number },
): LedgerEntry {
  const file = path ?? join(dirname(dataPath), ledgerName)
  const ledger = existsSync(file) ? parseLedger(readText(file), file) : emptyLedger()
  const patients = fingerprints(trial, protocol, ledger.key)
  requireUnlikeEarlier(ledger.releases, patients, leastCount)
  const release: Release = { study: trial.study, protocolHash, patients }
  const isKnown = ledger.releases.some((one) => one.protocolHash === protocolHash && one.patients.join() === patients.join())
  return {
    record() {
      if (isKnown) return
      const text = `${JSON.stringify({ ...ledger, releases: [...ledger.releases, release] })}\n`
      writing(file, () => {
        writeFileSync(`${file}.new`, text, { mode: 0o600 })
        renameSync(`${file}.new`, file)
      })
    },
  }
}

const emptyLedger = (): Ledger => ({ format: ledgerFormat, key: randomBytes(32).toString('hex'), releases: [] })

function parseLedger(text: string, file: string): Ledger {
  try {
    const ledger = JSON.parse(text) as Ledger
    if (ledger.format === ledgerFormat && typeof ledger.key === 'string' && Array.isArray(ledger.releases)) return ledger
  } catch {
    // said below
  }
  throw new DataError({
    file,
    problem: 'this is no record of earlier releases',
    reason: 'without it nobody knows whether a file would tell about single patients when compared with earlier ones',
    remedy: 'Restore it, or name another with --ledger.',
  })
}

/** Of identifier, arm and outcome; two alike patients are told apart by number. */
function fingerprints(
  { patientIds, outcome, treatment }: TrialDesign,
  { data, outcome: { centre, scale } }: Protocol,
  key: string,
): string[] {
  const seen = new Map<string, number>()
  return patientIds.map((id, patient) => {
    const value = (centre + scale * outcome[patient]).toPrecision(10)
    const content = JSON.stringify([data.patient === undefined ? '' : id, treatment[patient], value])
    const number = seen.get(content) ?? 0
    seen.set(content, number + 1)
    return createHmac('sha256', key).update(`${content} ${number}`).digest('base64').slice(0, 22)
  })
}

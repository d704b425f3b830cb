import { join } from 'node:path'
import type { Target } from '../contract/analysis.js'
import { designColumns } from '../data/design-columns.js'
import type { Protocol } from '../data/protocol.js'
import { protocolHash } from '../data/protocol-hash.js'
import { readNewPatients } from '../data/read-new-patients.js'
import { effectsCsv, effectsTable } from '../effects/effects-table.js'
import type { EffectTarget } from '../effects/person-effects.js'
import { protocolEffects } from '../effects/protocol-effects.js'
import { ProtocolError } from '../errors/protocol-error.js'
import { UsageError } from '../errors/usage-error.js'
import { loadProtocol, loadTable } from './load-inputs.js'
import { loadPooled } from './load-pooled.js'
import { type Manifest, readManifest } from './manifest.js'
import type { Terminal } from './terminal.js'
import { requireFree, writeNewFile } from './write-file.js'

export interface PredictOptions {
  readonly target: Target
  readonly study?: string
  readonly out?: string
  readonly json?: boolean
}

/** `poolite predict`: effects of new patients from the pooled draws of a run, as CSV on stdout or in a new file. */
export async function predict(runPath: string, patientsPath: string, options: PredictOptions, terminal: Terminal): Promise<void> {
  const target = requestedTarget(options)
  if (options.out !== undefined) requireFree(options.out)
  const manifest = readManifest(runPath)
  const protocol = await protocolOfRun(runPath, manifest)
  const people = readNewPatients(loadTable(patientsPath).table, protocol)
  const columns = designColumns(protocol)
  const pooled = loadPooled(runPath, manifest)
  const effects = protocolEffects(protocol, pooled, people, () => [target])
  const csv = effectsCsv(effectsTable(effects, columns))
  if (options.out !== undefined) writeNewFile(options.out, csv)
  if (options.json) terminal.data(`${JSON.stringify({ run: runPath, ...target, unit: protocol.outcome.unit, effects })}\n`)
  else if (options.out === undefined) terminal.data(csv)
  const flagged = effects.filter((effect) => effect.flags.length > 0).length
  if (flagged > 0)
    terminal.talk(`poolite: ${flagged} of ${people.length} patients lie outside the protocol's ranges; see the column flags.\n`)
  if (options.out !== undefined) terminal.talk(`poolite: wrote ${options.out}\n`)
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

async function protocolOfRun(runPath: string, manifest: Manifest): Promise<Protocol> {
  const path = join(runPath, 'protocol.yaml')
  const { protocol } = loadProtocol(path)
  if ((await protocolHash(protocol)) === manifest.protocolHash) return protocol
  throw new ProtocolError({
    file: path,
    problem: 'this is not the protocol that the draws were made with',
    reason: 'its hash differs from the one in the manifest',
    remedy: 'Restore the file, or run the analysis again with the protocol as it is now.',
  })
}

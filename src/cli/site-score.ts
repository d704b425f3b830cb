import { createHash } from 'node:crypto'
import type { Person } from '../contract/analysis.js'
import type { Protocol } from '../data/protocol.js'
import { protocolEffects } from '../effects/protocol-effects.js'
import { UsageError } from '../errors/usage-error.js'
import { applyRules, disclosureRules, requireDisclosable } from '../site/disclosure-rules.js'
import { effectScores, type SiteScore, scoreFormat } from '../site/effect-scores.js'
import { pooledEffectBlocks } from '../stages/pool-effects.js'
import { isEffectPooling } from './is-effect-pooling.js'
import { loadEffectPooling } from './load-effect-pooling.js'
import { loadPooled } from './load-pooled.js'
import { type Manifest, readManifest } from './manifest.js'
import { protocolOfRun } from './protocol-of-run.js'
import { drawsFile } from './read-draws.js'
import { readBytes } from './read-file.js'
import { discreetly, loadSiteTable } from './site-fit.js'
import { openLedger } from './site-ledger.js'
import type { Terminal } from './terminal.js'
import { requireFree } from './write-file.js'
import { writeWholeFile } from './write-output.js'

export interface SiteScoreOptions {
  readonly study: string
  readonly out: string
  readonly ledger?: string
  readonly json?: boolean
}

/** `poolite site score`: sums from which the centre computes the R-loss of pooled effects in a trial that was held out. */
export async function siteScore(runPath: string, dataPath: string, options: SiteScoreOptions, terminal: Terminal): Promise<void> {
  requireFree(options.out)
  const { score, record } = await makeScore(runPath, dataPath, options)
  record()
  writeWholeFile(options.out, `${JSON.stringify(score)}\n`)
  const { study, patientCount, terms } = score
  terminal.data(
    options.json
      ? `${JSON.stringify({ out: options.out, study, patientCount, terms })}\n`
      : `Means over ${patientCount} patients of ${terms.join(', ')}, and their covariances: nothing about one patient.\n`,
  )
  terminal.talk(`poolite: wrote ${options.out}. Nothing has been sent.\n`)
}

export async function makeScore(
  runPath: string,
  dataPath: string,
  { study, ledger }: Omit<SiteScoreOptions, 'out' | 'json'>,
): Promise<{ score: SiteScore; record: () => void }> {
  const manifest = readManifest(runPath)
  const protocol = await protocolOfRun(runPath, manifest)
  requireHeldOut(manifest, study)
  return discreetly(dataPath, async () => {
    const { siteTrial } = await import('../stages/site-trial.js')
    const { trial, people } = siteTrial({ protocol, table: loadSiteTable(dataPath), study })
    const rules = disclosureRules(protocol)
    requireDisclosable(applyRules(trial, protocol, rules), study)
    const { protocolHash } = manifest
    const entry = openLedger(ledger, dataPath, trial, { protocol, protocolHash, leastCount: rules.leastCount })
    const effects = await averageEffects(runPath, manifest, protocol, people)
    const pooledHash = createHash('sha256')
      .update(readBytes(drawsFile(runPath, 'draws/pooled')))
      .digest('hex')
    const score: SiteScore = { format: scoreFormat, protocolHash, study, pooledHash, ...effectScores(trial, effects) }
    return { score, record: () => entry.record() }
  })
}

function requireHeldOut({ trials }: Manifest, study: string): void {
  if (!trials.some((trial) => trial.study === study)) return
  throw new UsageError({
    problem: `trial "${study}" is among those that were pooled`,
    reason: 'a score of effects in the trial that they come from says too much good of them',
    remedy: 'Let the centre pool the other trials and score their result.',
  })
}

/** In the average setting, analysis scale. `[patient]` */
async function averageEffects(
  runPath: string,
  manifest: Manifest,
  protocol: Protocol,
  people: readonly Person[],
): Promise<Float64Array> {
  const average = () => [{ target: 'average' as const }]
  const found = isEffectPooling(runPath)
    ? [...pooledEffectBlocks(await loadEffectPooling(runPath, manifest, protocol, undefined), people, average)].flat()
    : protocolEffects(protocol, loadPooled(runPath, manifest), people, average)
  return Float64Array.from(found, ({ effects }) => effects[0].mean / protocol.outcome.scale)
}

import { statSync } from 'node:fs'
import { basename } from 'node:path'
import { protocolHash } from '../data/protocol-hash.js'
import { textTable } from '../report/text/text-table.js'
import type { SiteScore } from '../site/effect-scores.js'
import { poolSiteScores, type SiteGains } from '../site/pool-site-scores.js'
import { requireSize } from '../site/read-artefact.js'
import { parseScore, requireDistinctScores } from '../site/read-score.js'
import { loadProtocol } from './load-inputs.js'
import { readText } from './read-file.js'
import type { Terminal } from './terminal.js'

/** `poolite scores`: how well effects did that were pooled without the trials which scored them. */
export async function scores(
  paths: readonly string[],
  { protocol: protocolPath, json }: { readonly protocol: string; readonly json?: boolean },
  terminal: Terminal,
): Promise<void> {
  const { protocol } = loadProtocol(protocolPath)
  const hash = await protocolHash(protocol)
  const read: SiteScore[] = paths.map((path) => {
    requireSize(statSync(path, { throwIfNoEntry: false })?.size ?? 0, basename(path))
    return parseScore(readText(path), basename(path), hash)
  })
  requireDistinctScores(read)
  const gains = poolSiteScores(read, protocol.outcome.scale)
  terminal.data(json ? `${JSON.stringify(gains)}\n` : gainsText(gains))
}

const number = (value: number) => (Number.isFinite(value) ? String(Number(value.toPrecision(3))) : '')

function gainsText({ trials, pooled }: SiteGains): string {
  const rows = trials.map(({ study, patientCount, rLoss, estimate, standardError }) => [
    study,
    String(patientCount),
    ...[rLoss, estimate, standardError].map(number),
  ])
  const { estimate, lower, upper, heterogeneity } = pooled
  const verdict =
    lower > 0
      ? 'The effects tell persons apart better than one effect for all.'
      : upper < 0
        ? 'One effect for all does better than these effects.'
        : 'It is not decided whether these effects do better than one effect for all.'
  return `Gain of the pooled effects over their mean, in trials that took no part in them: mean squared error of the effect, squared unit of the outcome

${textTable(['trial', 'patients', 'R-loss', 'gain', 'standard error'], rows).trimEnd()}

All trials: ${number(estimate)} (95% ${number(lower)} to ${number(upper)})${Number.isFinite(heterogeneity) ? `, standard deviation between trials ${number(heterogeneity)}` : ''}. ${verdict}
`
}

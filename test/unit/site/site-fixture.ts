import { parseProtocol } from '../../../src/data/parse-protocol.js'
import type { Protocol } from '../../../src/data/protocol.js'
import { readTable } from '../../../src/data/read-table.js'
import { artefactDigest } from '../../../src/site/artefact-digest.js'
import type { SiteFile } from '../../../src/site/check-sites.js'
import type { SiteArtefact } from '../../../src/site/site-artefact.js'
import { fitSite, type SiteInput } from '../../../src/stages/fit-site.js'
import { type SiteRow, siteCsv, siteProtocol, siteRows } from '../../end-to-end/site-trials.js'

export const quick = { inference: '{ seed: 3, chains: 2, warmup: 100, draws: 100 }' }

/** Three sites of 60 patients, two covariates: `x1` binary, `x2` continuous. */
export const rows: readonly SiteRow[] = siteRows({ trialCount: 3, patientCount: 60, covariateCount: 2 })

export const protocolOf = (parts: Readonly<Record<string, string>> = {}): Protocol =>
  parseProtocol(siteProtocol(2, 3, { ...quick, ...parts }), 'protocol.yaml')

export const tableOf = (chosen: readonly SiteRow[]) => readTable(siteCsv(chosen), 'data.csv')

export const rowsOf = (study: string): SiteRow[] => rows.filter((row) => row.study === study)

export async function siteFileOf(
  study: string,
  {
    chosen = rowsOf(study),
    protocol = protocolOf(),
    ...rest
  }: Partial<Omit<SiteInput, 'study' | 'table'>> & { chosen?: readonly SiteRow[] } = {},
): Promise<SiteFile> {
  const { artefact } = await fitSite({ protocol, table: tableOf(chosen), study, workers: 0, ...rest })
  return { file: `${study}.json`, artefact }
}

/** The artefact with parts replaced and a digest that fits: what a careless or hostile sender could make. */
export async function forged(artefact: SiteArtefact, parts: object): Promise<SiteArtefact> {
  const changed = { ...artefact, ...parts } as SiteArtefact
  return { ...changed, digest: await artefactDigest(changed) }
}

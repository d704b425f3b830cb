/** `poolite simulate merge` and `summary`: the parts of a study gathered, summarised and judged. */

import { textTable } from '../report/text/text-table.js'
import { judgeFindings } from '../study/findings.js'
import { studyPage } from '../study/study-page.js'
import { findingsText, ratioTable, studyTables } from '../study/study-tables.js'
import { summariseStudy } from '../study/summarise-study.js'
import { type MergedStudy, mergeStudy, readIdentity, writeStudyFile } from './study-folder.js'
import type { Terminal } from './terminal.js'

export interface SummaryOptions {
  readonly json?: boolean
  /** Findings only. */
  readonly brief?: boolean
}

/** Writes `records.jsonl` and `timings.jsonl` and nothing else. */
export function mergeFolder(folder: string, { json }: SummaryOptions, terminal: Terminal): void {
  const { records, damagedCount } = gather(folder, terminal)
  const failures = records.filter(({ failure }) => failure !== undefined).length
  terminal.data(
    json
      ? `${JSON.stringify({ folder, records: records.length, failures, damagedCount })}\n`
      : `${records.length} records of which ${failures} are failures, in ${folder}/records.jsonl\n`,
  )
}

/** Merges, and writes the summary as `summary.txt`, `summary.json`, `findings.json` and `figures.html`. */
export function summariseFolder(folder: string, { json, brief }: SummaryOptions, terminal: Terminal): void {
  const { records, timings } = gather(folder, terminal)
  const identity = readIdentity(folder)
  const cells = summariseStudy(records, timings)
  const findings = identity.design === 'mainetti' ? judgeFindings(records) : []
  const ratios = ratioTable(records, cells, ['ols/reml', 'ols/fixed'])
  const tables = [...studyTables(cells), ...(ratios ? [ratios] : [])].map(
    ({ title, header, rows }) => `${title}\n\n${textTable(header, rows)}`,
  )
  const note = 'Means over data sets, Monte Carlo standard errors in brackets.\n\n'
  writeStudyFile(folder, 'summary.txt', `${note}${tables.join('\n')}\n${findingsText(findings, true)}\n`)
  writeStudyFile(folder, 'summary.json', `${JSON.stringify({ ...identity, cells })}\n`)
  writeStudyFile(folder, 'findings.json', `${JSON.stringify(findings, undefined, 2)}\n`)
  writeStudyFile(folder, 'figures.html', studyPage(identity.design, cells))
  if (json) {
    terminal.data(`${JSON.stringify({ ...identity, cells, findings })}\n`)
    return
  }
  if (!brief) terminal.data(`${note}${tables.join('\n')}\n`)
  if (findings.length > 0) terminal.data(`${findingsText(findings, false)}\n\n`)
  terminal.data(`Tables, findings and figures are in ${folder}\n`)
}

function gather(folder: string, terminal: Terminal): MergedStudy {
  const merged = mergeStudy(folder)
  if (merged.damagedCount > 0)
    terminal.talk(`poolite: warning: ${merged.damagedCount} damaged lines are left out; --resume does them again\n`)
  return merged
}

/**
 * One task of a vantage6 node (https://docs.vantage6.ai), version 4 or 5. What the node sets in the environment is base32 with `!` for `=`.
 *
 * - `INPUT_FILE`: JSON `{ "method": "check" | "fit" | "score", "args": [], "kwargs": { ... } }`; `OUTPUT_FILE`: JSON, or Parquet of an extraction.
 * - Version 4: `USER_REQUESTED_DATABASE_LABELS` is `a,b`; `A_DATABASE_URI` a path.
 * - Version 5: `FUNCTION_ACTION` is `data extraction` (reads `DATABASE_URI`, writes Parquet) or `compute` (reads
 *   `SESSION_FOLDER/<handle>.parquet` of the first of `USER_REQUESTED_DATAFRAME_HANDLES`).
 *
 * What is written to stdout and stderr leaves the site as a log: it says nothing of data.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { checkTrials } from '../data/check-trials.js'
import { parseProtocol } from '../data/parse-protocol.js'
import type { Protocol } from '../data/protocol.js'
import { readTrials } from '../data/read-trials.js'
import type { Table } from '../data/table.js'
import { UsageError } from '../errors/usage-error.js'
import { disclosureRules } from '../site/disclosure-rules.js'
import { decodeEnvironment } from './base32.js'
import { tableFromParquet, tableToParquet } from './parquet-table.js'
import { readBytes, readText } from './read-file.js'
import { discreetly, loadSiteTable, makeSiteFile } from './site-fit.js'
import { ledgerName } from './site-ledger.js'
import { makeScore } from './site-score.js'
import type { Terminal } from './terminal.js'
import { nodeRules, strictest, taskRules } from './vantage6-rules.js'

type Environment = Readonly<Record<string, string | undefined>>

const inputSchema = z.object({
  method: z.enum(['check', 'fit', 'score']),
  args: z.array(z.unknown()).max(0).default([]),
  kwargs: z.strictObject({
    /** A protocol as text (YAML or JSON) or as an object. */
    protocol: z.union([z.string(), z.record(z.string(), z.unknown())]).optional(),
    study: z.string(),
    least_count: z.int().positive().optional(),
    parameter_share: z.number().positive().optional(),
    most_levels: z.int().positive().optional(),
    release: z.enum(['profiles', 'model']).optional(),
    /** Of `score`: files of the folder of the run. */
    run: z.strictObject({ 'manifest.json': z.string(), 'protocol.yaml': z.string(), 'draws/pooled.csv': z.string() }).optional(),
  }),
})
type Kwargs = z.infer<typeof inputSchema>['kwargs']

export async function vantage6(environment: Environment, terminal: Terminal): Promise<void> {
  const node = nodeOf(environment)
  const output = node.required('OUTPUT_FILE')
  if (node.action.includes('extract')) {
    const path = node.required('DATABASE_URI')
    writeFileSync(output, tableToParquet(loadSiteTable(path)))
    terminal.talk('poolite: extracted the table\n')
    return
  }
  const { method, kwargs } = parseInput(readText(node.required('INPUT_FILE')))
  const result = await perform(method, kwargs, node)
  writeFileSync(output, JSON.stringify(result))
  terminal.talk(`poolite: ${method} done\n`)
}

interface NodeEnvironment {
  /** Of version 5, lower case; empty in version 4. */
  readonly action: string
  read(name: string): string | undefined
  required(name: string): string
}

function nodeOf(environment: Environment): NodeEnvironment {
  const read = (name: string) => {
    const value = environment[name]
    return value === undefined || value === '' ? undefined : decodeEnvironment(value)
  }
  return {
    action: (read('FUNCTION_ACTION') ?? '').toLowerCase(),
    read,
    required: (name) => {
      const value = read(name)
      if (value !== undefined) return value
      throw new UsageError({
        problem: `the environment has no ${name}`,
        reason: '`poolite vantage6` is run by a vantage6 node, which sets it',
        remedy: 'Outside of a node use `poolite site fit`.',
      })
    },
  }
}

/** Field names of what was sent are named, values are not. */
function parseInput(text: string): z.infer<typeof inputSchema> {
  let raw: unknown
  try {
    raw = JSON.parse(text)
  } catch {
    raw = undefined
  }
  const result = inputSchema.safeParse(raw)
  if (result.success) return result.data
  const { path } = result.error.issues[0]
  throw new UsageError({
    problem: `the input of the task cannot be used${path.length > 0 ? `: ${path.map(String).join('.')}` : ''}`,
    reason: 'it is not what this algorithm takes',
    remedy: 'Send { "method": "check", "fit" or "score", "kwargs": { "protocol": ..., "study": ... } }.',
  })
}

async function perform(method: 'check' | 'fit' | 'score', kwargs: Kwargs, node: NodeEnvironment): Promise<object> {
  const folder = mkdtempSync(join(tmpdir(), 'poolite-'))
  try {
    const data = await tablePath(node, folder)
    if (method === 'score') return await score(kwargs, data, folder, ledgerOf(node))
    const protocol = protocolOf(kwargs)
    const { study } = kwargs
    if (method === 'check') return await discreetly(data, () => checkedGroups(loadSiteTable(data), protocol))
    const { artefact, record } = await makeSiteFile(data, protocol, {
      study,
      ledger: ledgerOf(node),
      ...strictest(taskRules(kwargs), nodeRules(node.read)),
    })
    record()
    return artefact
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Where the record of releases outlives the task: what the node says, otherwise the session (version 5) or the folder of the task (version 4). */
function ledgerOf(node: NodeEnvironment): string {
  const named = node.read('POOLITE_LEDGER')
  if (named !== undefined) return named
  const folder = node.read('SESSION_FOLDER') ?? node.read('TEMPORARY_FOLDER')
  if (folder !== undefined) return join(folder, ledgerName)
  throw new UsageError({
    problem: 'there is no folder for the record of releases',
    reason: 'without it files about almost the same patients could be made one after the other',
    remedy: 'Set POOLITE_LEDGER at the node to a file that stays.',
  })
}

function protocolOf({ protocol }: Kwargs): Protocol {
  if (protocol === undefined)
    throw new UsageError({
      problem: 'the task has no protocol',
      remedy: 'Send it as the keyword argument `protocol`, as text or as an object.',
    })
  return parseProtocol(typeof protocol === 'string' ? protocol : JSON.stringify(protocol), 'protocol')
}

/** A CSV file with the data of the task. */
async function tablePath(node: NodeEnvironment, folder: string): Promise<string> {
  const handles = node.read('USER_REQUESTED_DATAFRAME_HANDLES')
  if (handles !== undefined) {
    const file = `${basename(handles.split(',')[0].trim())}.parquet`
    return asCsv(await tableFromParquet(readBytes(join(node.required('SESSION_FOLDER'), file)), file), folder)
  }
  const [label] = node.required('USER_REQUESTED_DATABASE_LABELS').split(',')
  const path = node.required(`${label.trim().toUpperCase()}_DATABASE_URI`)
  if (!path.endsWith('.parquet')) return path
  return asCsv(await tableFromParquet(readBytes(path), basename(path)), folder)
}

function asCsv({ columns, rows }: Table, folder: string): string {
  const path = join(folder, 'table.csv')
  const cell = (text: string) => (/[",\n\r]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text)
  writeFileSync(path, [columns, ...rows.map(({ cells }) => cells)].map((cells) => `${cells.map(cell).join(',')}\n`).join(''))
  return path
}

/** Kinds of fault and sizes of groups: what another site may know. */
async function checkedGroups(table: Table, protocol: Protocol): Promise<object> {
  const { leastCount } = disclosureRules(protocol)
  const { withoutValues } = await import('../stages/site-trial.js')
  const { faults, trials } = withoutValues(table, () => checkTrials(readTrials(table, protocol), protocol))
  const shown = (count: number) => (count > 0 && count < leastCount ? null : count)
  const kinds = [...new Set(faults.map(({ severity, code }) => `${severity} ${code}`))]
  return {
    leastCount,
    faults: kinds.map((kind) => {
      const [severity, code] = kind.split(' ')
      return { severity, code }
    }),
    trials: trials.map(({ study, complete, isAnalysed }) => ({
      study,
      control: shown(complete.control),
      treated: shown(complete.treated),
      isAnalysed,
    })),
  }
}

async function score({ run, study }: Kwargs, data: string, folder: string, ledger: string): Promise<object> {
  if (run === undefined)
    throw new UsageError({ problem: 'the task has no run to score', remedy: 'Send its files as the keyword argument `run`.' })
  for (const [name, text] of Object.entries(run)) {
    const path = join(folder, 'run', name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text)
  }
  const { score: result, record } = await makeScore(join(folder, 'run'), data, { study, ledger })
  record()
  return result
}

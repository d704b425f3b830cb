/**
 * Coverage of the 95% intervals of individualised effects in single trials, averaged over their patients:
 *
 *     npm run coverage:first-stage -- --models gaussian-process,neural-network --replicates 50 --out out/coverage --json out/coverage.json
 *
 * Models are fitted with their defaults unless `--options` (JSON) says otherwise, to data sets with linear, curved, constant and no effects in turn.
 * With `--out` every data set is on record in that folder, and a run that was killed goes on; `--task k/n` fits every n-th data set from the k-th
 * on, after which a run without it reports all. Exit status 1 when a model's coverage is outside the band of `summary.ts`, 2 when it cannot run.
 */
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { FirstStageModel } from '../../../src/contract/first-stage-model.js'
import { version } from '../../../src/version.js'
import { type CoverageRecord, type CoverageSettings, coverageReplicate } from './replicate.js'
import { coverageText, summariseCoverage } from './summary.js'

const DEFAULT_MODELS = 'linear,gaussian-process,neural-network,tree-ensemble'

function parse() {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    options: {
      models: { ...text, default: DEFAULT_MODELS },
      replicates: { ...text, default: '50' },
      patients: { ...text, default: '200' },
      covariates: { ...text, default: '6' },
      seed: { ...text, default: '1' },
      options: { ...text, default: '{}' },
      warmup: text,
      draws: text,
      out: text,
      json: text,
      task: { ...text, default: '1/1' },
    },
  })
  const [index, count] = values.task.split('/').map((part) => whole('task', part))
  if (!(index >= 1 && index <= count)) throw new Error('--task is k/n with k from 1 to n')
  const settings: CoverageSettings = {
    seed: whole('seed', values.seed),
    patientCount: whole('patients', values.patients),
    covariateCount: whole('covariates', values.covariates),
    options: JSON.parse(values.options) as Record<string, unknown>,
    warmup: values.warmup === undefined ? undefined : whole('warmup', values.warmup),
    draws: values.draws === undefined ? undefined : whole('draws', values.draws),
  }
  if (settings.covariateCount < 3) throw new Error('--covariates: the truths need at least 3')
  const { out, json } = values
  return {
    models: values.models.split(','),
    replicates: whole('replicates', values.replicates),
    settings,
    out,
    json,
    task: { index, count },
  }
}

function whole(name: string, given: string): number {
  if (!/^\d+$/.test(given)) throw new Error(`--${name}: "${given}" is not a whole number`)
  return Number(given)
}

/** Records of earlier runs with the same settings, and where to add to them. A line that was cut off is passed over. */
function openRecords(folder: string | undefined, model: string, settings: CoverageSettings, task: string) {
  if (!folder) return { earlier: [] as CoverageRecord[], append: (_: CoverageRecord) => {} }
  mkdirSync(folder, { recursive: true })
  const header = JSON.stringify({ model, version, ...settings })
  const earlier = readdirSync(folder)
    .filter((file) => file.startsWith(`${model}.`) && file.endsWith('.jsonl'))
    .flatMap((file) => readRecords(join(folder, file), header))
  const own = join(folder, `${model}.${task}.jsonl`)
  if (!existsSync(own)) appendFileSync(own, `${header}\n`)
  else if (!readFileSync(own, 'utf8').endsWith('\n')) appendFileSync(own, '\n')
  return { earlier, append: (record: CoverageRecord) => appendFileSync(own, `${JSON.stringify(record)}\n`) }
}

function readRecords(path: string, header: string): CoverageRecord[] {
  const [first, ...lines] = readFileSync(path, 'utf8').split('\n')
  if (first !== header) throw new Error(`${path} holds another study: ${first}. Give another folder, or remove the file.`)
  return lines.flatMap((line) => {
    try {
      const record = JSON.parse(line) as CoverageRecord
      return typeof record.replicate === 'number' ? [record] : []
    } catch {
      return []
    }
  })
}

async function collect(name: string, { settings, replicates, out, task }: ReturnType<typeof parse>): Promise<CoverageRecord[]> {
  const file = new URL(`../../../models/first-stage/${name}.ts`, import.meta.url)
  if (!existsSync(file)) throw new Error(`there is no first-stage model "${name}"`)
  const { firstStageModel: model } = (await import(file.href)) as { readonly firstStageModel: FirstStageModel }
  const { earlier, append } = openRecords(out, name, settings, `${task.index}-${task.count}`)
  const records = new Map(earlier.map((record) => [record.replicate, record]))
  for (let replicate = task.index - 1; replicate < replicates; replicate += task.count) {
    if (records.has(replicate)) continue
    const record = await coverageReplicate(model, replicate, settings)
    append(record)
    records.set(replicate, record)
    if (process.stderr.isTTY) process.stderr.write(`\r${name}: ${records.size} data sets `)
  }
  if (process.stderr.isTTY) process.stderr.write('\n')
  return [...records.values()].filter(({ replicate }) => replicate < replicates).sort((a, b) => a.replicate - b.replicate)
}

async function main(): Promise<number> {
  const study = parse()
  const results: Record<string, unknown> = {}
  let isOutside = false
  for (const name of study.models) {
    const records = await collect(name, study)
    const summary = summariseCoverage(records)
    isOutside ||= summary.verdict === 'outside the band'
    results[name] = { summary, records }
    console.log(coverageText(name, records))
  }
  if (study.json) writeFileSync(study.json, `${JSON.stringify(results, undefined, 1)}\n`)
  return isOutside ? 1 : 0
}

main().then(
  (status) => {
    process.exitCode = status
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 2
  },
)

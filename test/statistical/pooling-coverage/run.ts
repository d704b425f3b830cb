/**
 * Coverage of the 95% intervals of second stages over data sets of the linear design of Mainetti et al. 2026, small and large trials, between-trial variance
 * 0.2 and 0.5, for the average setting (A) and a new setting (B):
 *
 *     npm run coverage -- --replicates 200 --records out/coverage --json out/coverage.json
 *
 * `--methods` and `--scenarios` choose by name or a part of it, several separated by semicolons. With `--records` every data set is on record in that folder
 * and a run that was killed goes on; `--task k/n` carries out every n-th replicate from the k-th on. A data set is the unit of the Monte Carlo errors.
 */
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { mainettiScenarios } from '../../../src/simulation/mainetti/scenarios.js'
import { methods } from './methods.js'
import { type CoverageRecord, coverageReplicate } from './replicate.js'

const text = { type: 'string' } as const

function chosen(names: readonly string[], parts: string | undefined, option: string): string[] {
  const wanted = parts?.split(';').map((part) => part.trim())
  const isWanted = (name: string) => wanted?.some((part) => (names.includes(part) ? name === part : name.includes(part))) ?? true
  const found = names.filter(isWanted)
  if (found.length > 0) return found
  throw new Error(`${option} ${parts}: there is none of that name. There are: ${names.join('; ')}`)
}

function wholeNumber(value: string, option: string): number {
  if (/^\d+$/.test(value)) return Number(value)
  throw new Error(`${option} ${value}: give a whole number`)
}

function options() {
  const { values } = parseArgs({
    options: {
      replicates: { ...text, default: '20' },
      seed: { ...text, default: '1' },
      task: { ...text, default: '1/1' },
      methods: text,
      scenarios: text,
      records: text,
      json: text,
    },
  })
  const task = /^(\d+)\/(\d+)$/.exec(values.task)
  if (!task) throw new Error(`--task ${values.task}: give k/n`)
  const linear = mainettiScenarios.filter(({ factors }) => factors.interactions === 'linear' && factors.modification === 'small')
  const ids = chosen(
    linear.map(({ id }) => id),
    values.scenarios,
    '--scenarios',
  )
  return {
    replicates: wholeNumber(values.replicates, '--replicates'),
    seed: wholeNumber(values.seed, '--seed'),
    task: { index: Number(task[1]), count: Number(task[2]) },
    methods: chosen(Object.keys(methods), values.methods, '--methods'),
    scenarios: linear.filter(({ id }) => ids.includes(id)),
    records: values.records,
    json: values.json,
  }
}

type Options = ReturnType<typeof options>

function earlierRecords({ records, seed }: Options): CoverageRecord[] {
  if (records === undefined || !existsSync(records)) return []
  return readdirSync(records)
    .filter((name) => name.startsWith(`seed-${seed}-`))
    .flatMap((name) => readFileSync(join(records, name), 'utf8').split('\n'))
    .flatMap((line) => parseLine(line))
}

/** A killed run may leave half a line. */
function parseLine(line: string): CoverageRecord[] {
  try {
    return line === '' ? [] : [JSON.parse(line) as CoverageRecord]
  } catch {
    return []
  }
}

async function collect(given: Options): Promise<CoverageRecord[]> {
  const { replicates, seed, task, scenarios, records: folder } = given
  const records = earlierRecords(given)
  if (folder !== undefined) mkdirSync(folder, { recursive: true })
  const keyOf = ({ scenario, replicate, method }: Pick<CoverageRecord, 'scenario' | 'replicate' | 'method'>) =>
    JSON.stringify([scenario, replicate, method])
  const known = new Set(records.map(keyOf))
  for (const scenario of scenarios)
    for (let replicate = task.index - 1; replicate < replicates; replicate += task.count) {
      const missing = given.methods.filter((method) => !known.has(keyOf({ scenario: scenario.id, replicate, method })))
      if (missing.length === 0) continue
      const found = await coverageReplicate(scenario, replicate, seed, missing)
      records.push(...found)
      if (folder !== undefined)
        appendFileSync(
          join(folder, `seed-${seed}-task-${task.index}-${task.count}.jsonl`),
          `${found.map((record) => JSON.stringify(record)).join('\n')}\n`,
        )
    }
  return records.filter(({ replicate }) => replicate < replicates)
}

interface Cell {
  readonly scenario: string
  readonly method: string
  readonly replicates: number
  /** Mean over data sets, its Monte Carlo standard error, and mean width. */
  readonly average: readonly [number, number, number]
  readonly newSetting: readonly [number, number, number]
}

function summarise(records: readonly CoverageRecord[], given: Options): Cell[] {
  return given.scenarios.flatMap(({ id }) =>
    given.methods.map((method): Cell => {
      const own = records.filter((record) => record.scenario === id && record.method === method)
      const cell = (of: 'average' | 'newSetting') => {
        const shares = own.map((record) => record[of].coverage)
        const mean = shares.reduce((sum, share) => sum + share, 0) / own.length
        const variance = shares.reduce((sum, share) => sum + (share - mean) ** 2, 0) / (own.length - 1)
        const width = own.reduce((sum, record) => sum + record[of].width, 0) / own.length
        return [mean, Math.sqrt(variance / own.length), width] as const
      }
      return { scenario: id, method, replicates: own.length, average: cell('average'), newSetting: cell('newSetting') }
    }),
  )
}

function table(cells: readonly Cell[]): string {
  const figure = ([coverage, error, width]: readonly [number, number, number]) =>
    `${(100 * coverage).toFixed(1)}% (${(100 * error).toFixed(1)}) width ${width.toFixed(2)}`
  return [...new Set(cells.map(({ scenario }) => scenario))]
    .map((scenario) => {
      const own = cells.filter((cell) => cell.scenario === scenario)
      const lines = own.map(
        ({ method, average, newSetting }) => `  ${method.padEnd(40)} A ${figure(average).padEnd(30)} B ${figure(newSetting)}`,
      )
      return [`${scenario}, ${own[0].replicates} data sets: coverage (Monte Carlo error), width`, ...lines].join('\n')
    })
    .join('\n')
}

try {
  const given = options()
  const cells = summarise(await collect(given), given)
  console.log(table(cells))
  if (given.json) writeFileSync(given.json, `${JSON.stringify(cells, undefined, 1)}\n`)
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 2
}

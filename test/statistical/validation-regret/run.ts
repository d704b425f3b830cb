/**
 * Regret of the choice by validation over data sets of Mainetti et al. 2026: how much larger the mean absolute error of the recommended candidate is than that of the
 * best one, in new trials whose effects are known, as a share of the latter.
 *
 *     tsx test/statistical/validation-regret/run.ts --replicates 20 --candidates "least squares;ridge;process" --scenarios small-trials --records out/regret.jsonl
 *
 * `--candidates` and `--scenarios` choose by a part of the name, several separated by semicolons; `--task k/n` carries out every n-th data set from the k-th
 * on. With `--records` every data set is a line of that file, and those that stand there are not done again.
 */
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { Protocol } from '../../../src/data/protocol.js'
import { stream } from '../../../src/random/stream.js'
import { mainettiFamily } from '../../../src/simulation/mainetti/family.js'
import { type RegretRecord, regretOf } from './regret.js'

const text = { type: 'string' } as const

type Candidates = NonNullable<NonNullable<Protocol['validation']>['candidates']>

const candidates: Candidates = [
  {
    name: 'least squares',
    firstStage: { model: 'ordinary-least-squares' },
    secondStage: { method: 'multivariate', structure: 'random-effect' },
  },
  { name: 'ridge', firstStage: { model: 'ridge' }, secondStage: { method: 'weighted-average' } },
  { name: 'horseshoe', firstStage: { model: 'linear', prior: 'regularised-horseshoe' }, secondStage: { method: 'hierarchical' } },
  { name: 'gaussian process', firstStage: { model: 'gaussian-process' }, secondStage: { method: 'weighted-average' } },
]

function chosen<Item>(items: readonly Item[], nameOf: (item: Item) => string, parts: string | undefined): Item[] {
  const wanted = parts?.split(';').map((part) => part.trim())
  return items.filter((item) => wanted?.some((part) => nameOf(item).includes(part)) ?? true)
}

const { values } = parseArgs({
  options: {
    replicates: { ...text, default: '5' },
    seed: { ...text, default: '1' },
    task: { ...text, default: '1/1' },
    candidates: text,
    scenarios: text,
    records: text,
    draws: { ...text, default: '300' },
  },
})

const [index, count] = values.task.split('/').map(Number)
const scenarios = chosen(mainettiFamily.scenarios, ({ id }) => id, values.scenarios)
const listed = chosen(candidates, ({ name = '' }) => name, values.candidates)
const jobs = Array.from({ length: Number(values.replicates) }, (_, replicate) =>
  scenarios.map((scenario) => ({ scenario, replicate })),
).flat()

const records: RegretRecord[] =
  values.records && existsSync(values.records)
    ? readFileSync(values.records, 'utf8')
        .trim()
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line))
    : []

for (const [place, { scenario, replicate }] of jobs.entries()) {
  if (place % count !== index - 1) continue
  if (records.some((record) => record.scenario === scenario.id && record.replicate === replicate)) continue
  const source = stream(Number(values.seed), 'simulation', mainettiFamily.name, scenario.id, replicate)
  const data = mainettiFamily.simulate(source, scenario)
  const record = { scenario: scenario.id, replicate, ...(await regretOf(data, listed, Number(values.draws))) }
  records.push(record)
  if (values.records) appendFileSync(values.records, `${JSON.stringify(record)}\n`)
  process.stderr.write(
    `${scenario.id} ${replicate}: chose ${record.chosen}, best ${record.best}, regret ${(100 * record.regret).toFixed(1)}%, ${record.seconds.toFixed(0)} s\n`,
  )
}

for (const scenario of new Set(records.map((record) => record.scenario))) {
  const own = records.filter((record) => record.scenario === scenario)
  process.stdout.write(`${summary(own)}  ${scenario}\n`)
}
process.stdout.write(`${summary(records)}  all (the bar of METHOD 4.5, T8, is 10%)\n`)

/** Mean regret with its Monte Carlo standard error, and how often the best one was chosen. */
function summary(own: readonly RegretRecord[]): string {
  const mean = own.reduce((sum, { regret }) => sum + regret, 0) / own.length
  const variance = own.reduce((sum, { regret }) => sum + (regret - mean) ** 2, 0) / Math.max(1, own.length - 1)
  const right = own.filter((record) => record.chosen === record.best).length
  return `regret ${(100 * mean).toFixed(1)}% (${(100 * Math.sqrt(variance / own.length)).toFixed(1)}), best chosen ${right} of ${own.length}`
}

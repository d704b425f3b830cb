/**
 * What each first-stage model costs with its defaults on one trial of 500 patients with 9 covariates, a row a model:
 *
 *     npm run bench:first-stage -- [--models linear,gaussian-process] [--patients 500] [--covariates 9] [--repeats 3] [--json out.json]
 *
 * Seconds are by the clock, from data to draws, and those of a machine of its own; gradients are in processor time. Figures are medians over
 * repeats, each with other data and in a process of its own, so that all pay for their compilation.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { median } from 'd3-array'
import type { FirstStageJob, FirstStageMeasure } from './first-stage-job.js'
import { describeMachine } from './machine.js'
import { aligned, number } from './table.js'
import { withWorkplace } from './workplace.js'

const linear = (prior: string) => ({ model: 'linear', prior })
const rows: Readonly<Record<string, FirstStageJob['firstStage']>> = {
  'linear:flat': { model: 'linear' },
  'linear:normal': { model: 'linear', prior: { name: 'normal', scale: 0.5 } },
  'linear:ridge': { model: 'linear', prior: { name: 'normal', isLearned: true } },
  ...Object.fromEntries(
    ['laplace', 'elastic-net', 'regularised-horseshoe', 'r2d2', 'spike-and-slab'].map((prior) => [
      `linear:${prior}`,
      linear(prior),
    ]),
  ),
  'linear:student': { model: 'linear', errors: { family: 'student-t' } },
  'gaussian-process': { model: 'gaussian-process' },
  'neural-network': { model: 'neural-network' },
  'tree-ensemble': { model: 'tree-ensemble' },
}

function parse() {
  const text = { type: 'string' } as const
  const { values } = parseArgs({
    options: {
      models: text,
      patients: { ...text, default: '500' },
      covariates: { ...text, default: '9' },
      repeats: { ...text, default: '3' },
      json: text,
    },
  })
  const whole = (name: 'patients' | 'covariates' | 'repeats') => {
    const value = Number(values[name])
    if (!Number.isSafeInteger(value) || value < 1) throw new Error(`--${name} is a positive integer`)
    return value
  }
  const names = (values.models?.split(',') ?? Object.keys(rows)).flatMap((wanted) => {
    const found = Object.keys(rows).filter((name) => name === wanted || name.startsWith(`${wanted}:`))
    if (found.length === 0) throw new Error(`no model "${wanted}"; there are ${Object.keys(rows).join(', ')}`)
    return found
  })
  const size = { patientCount: whole('patients'), covariateCount: whole('covariates') }
  return { names, size, repeats: whole('repeats'), json: values.json }
}

function measure(program: string, job: FirstStageJob): FirstStageMeasure {
  const jobFile = `${job.result}.job`
  writeFileSync(jobFile, JSON.stringify(job))
  const run = spawnSync(process.execPath, ['--expose-gc', program, jobFile], { encoding: 'utf8' })
  if (run.status !== 0) throw new Error(`measuring ${job.firstStage.model} failed:\n${run.stderr}`)
  return JSON.parse(readFileSync(job.result, 'utf8')) as FirstStageMeasure
}

type Row = { readonly name: string; readonly measures: readonly FirstStageMeasure[] }

function table(measured: readonly Row[]): string {
  const cells = measured.map(({ name, measures }) => {
    const typical = (of: (measure: FirstStageMeasure) => number | undefined) =>
      number(median(measures.flatMap((one) => of(one) ?? [])))
    return [
      name,
      [...new Set(measures.map(({ algorithm, isFallback }) => `${algorithm}${isFallback ? ' (fallback)' : ''}`))].join(', '),
      typical(({ dimension }) => dimension),
      typical(({ gradientMicroseconds }) => gradientMicroseconds && gradientMicroseconds / 1000),
      typical(({ gradientCount }) => gradientCount),
      typical(({ seconds }) => seconds),
      typical(({ effectiveDraws }) => effectiveDraws),
      typical(({ effectiveDraws, seconds }) => effectiveDraws / seconds),
      typical(({ rhat }) => rhat),
      typical(({ paretoK }) => paretoK),
      [...new Set(measures.flatMap(({ failed }) => failed))].join(', ') || 'none',
      typical(({ medianAbsoluteError }) => medianAbsoluteError),
    ]
  })
  const header = ['model', 'algorithm', 'dimension', 'gradient ms', 'gradients', 'seconds', 'ESS', 'ESS/s', 'R-hat', 'k-hat']
  return aligned([[...header, 'checks failed', 'medAE'], ...cells])
}

async function main(): Promise<void> {
  const { names, size, repeats, json } = parse()
  const measured: Row[] = []
  await withWorkplace(async ({ folder, program }) => {
    const child = join(dirname(program), 'first-stage-job.js')
    for (const name of names) {
      const measures = Array.from({ length: repeats }, (_, repeat) => {
        console.error(`${name}, repeat ${repeat + 1} of ${repeats}`)
        return measure(child, { ...size, firstStage: rows[name], seed: repeat + 1, result: join(folder, 'first-stage.json') })
      })
      measured.push({ name, measures })
    }
  })
  const { node, processor, load } = describeMachine([])
  console.log(`node ${node}, ${processor}, load ${load.toFixed(1)}; medians of ${repeats}`)
  console.log(`one trial of ${size.patientCount} patients with ${size.covariateCount} covariates\n\n${table(measured)}`)
  if (json !== undefined) writeFileSync(json, JSON.stringify({ size, measured }, null, 2))
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 2
})

/**
 * Measures adaptation: our default warmup, our Stan-like warmup (`adaptation: 'stan'`) and rstan's own, in one run on one machine:
 *
 *     npm run bench:adaptation -- [--cases m1,mvma,posteriordb/nes1976-nes] [--repeats 3] [--warmup 1000] [--draws 1000] [--kit folder]
 *                                 [--ours-only] [--json out.json]
 *
 * Each runs 4 chains on 2 cores with the same target acceptance. Bulk-ESS and R-hat are from our own estimators for all three, worst over the
 * monitored quantities. Time by the clock: ours from the first chain's start to the last chain's end, warmup, start of threads and
 * just-in-time compilation included; once without and once with the compilation of the model. Stan's: its own report of each chain, of the
 * busier core; it excludes compilation by a C++ compiler (about a minute a program) and all that R does, and in Stan 2.21 it is processor time,
 * so that on a busy machine the clock is unfair to ours. Gradients do not depend on the machine; Stan's lack those of the search for first
 * step sizes. The three take turns; figures are medians over repeats, each with another seed, divergences are means.
 *
 * A case is named, or a whole group by what stands before the slash. Without the kit of reference cases its groups are left out.
 */
import { existsSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { adaptationTable, type MeasuredAdaptation } from './adaptation-table.js'
import { caseNames, kitCaseNames, loadCase } from './cases.js'
import { describeMachine } from './machine.js'
import type { ChainLengths } from './measure-sampling.js'
import type { OursResult } from './ours-job.js'
import { isPeerInstalled, type PeerResult, runPeer } from './peer.js'
import { comparisonTable } from './table.js'
import { compareWithPeer, runOurs, type Workplace, withWorkplace } from './workplace.js'

const KIT = fileURLToPath(new URL('../../../shared/acceptance', import.meta.url))

interface Options extends ChainLengths {
  readonly names: readonly string[]
  readonly kit: string
  readonly isPeerRun: boolean
  readonly repeats: number
  readonly json?: string
}

async function measureCase(name: string, options: Options, { folder, program }: Workplace): Promise<MeasuredAdaptation> {
  const { kit, isPeerRun, repeats, warmup, draws } = options
  const benchmarkCase = await loadCase(name, kit)
  const comparison = isPeerRun ? compareWithPeer({ name, benchmarkCase, kit }, { folder, program }) : undefined
  const [gradient, stan]: [OursResult[], OursResult[]] = [[], []]
  const peers: PeerResult[] = []
  const job = { task: 'sampling', name, kit, warmup, draws, result: join(folder, 'ours.json') } as const
  for (let seed = 1; seed <= repeats; seed++) {
    console.error(`${name}, repeat ${seed} of ${repeats}`)
    gradient.push(runOurs(program, { ...job, seed, adaptation: 'gradient' }))
    stan.push(runOurs(program, { ...job, seed, adaptation: 'stan' }))
    if (isPeerRun) peers.push(runPeer(benchmarkCase, folder, { lengths: { warmup, draws }, seed }))
  }
  return { name, title: benchmarkCase.title, gradient, stan, peers, ...(comparison ? { comparison } : {}) }
}

/** Names of models that are sampled, then of cases from the kit. */
async function knownCases(kit: string): Promise<string[]> {
  const models = await Promise.all(caseNames().map(async (name) => ((await loadCase(name)).sampling ? [name] : [])))
  return [...models.flat(), ...kitCaseNames(kit)]
}

function chosenCases(known: readonly string[], wanted: string | undefined): readonly string[] {
  if (wanted === undefined) return known
  return wanted.split(',').flatMap((name) => {
    const found = known.filter((candidate) => candidate === name || candidate.startsWith(`${name}/`))
    if (found.length === 0) throw new Error(`no case "${name}"; there are ${known.join(', ')}`)
    return found
  })
}

async function parseOptions(): Promise<Options> {
  const { values } = parseArgs({
    options: {
      cases: { type: 'string' },
      kit: { type: 'string', default: KIT },
      'ours-only': { type: 'boolean', default: false },
      repeats: { type: 'string', default: '3' },
      warmup: { type: 'string', default: '1000' },
      draws: { type: 'string', default: '1000' },
      json: { type: 'string' },
    },
  })
  const kit = resolve(values.kit)
  if (!existsSync(kit)) console.error(`no kit of reference cases in ${kit}: the cases mvma/* and posteriordb/* are left out`)
  const isPeerRun = !values['ours-only'] && isPeerInstalled()
  if (!isPeerRun) console.error(values['ours-only'] ? 'ours only' : 'R with rstan and jsonlite was not found: rstan is left out')
  return {
    names: chosenCases(await knownCases(kit), values.cases),
    kit,
    isPeerRun,
    repeats: positiveInteger('repeats', values.repeats),
    warmup: positiveInteger('warmup', values.warmup),
    draws: positiveInteger('draws', values.draws),
    ...(values.json === undefined ? {} : { json: values.json }),
  }
}

function positiveInteger(name: string, text: string): number {
  const value = Number(text)
  if (Number.isSafeInteger(value) && value >= 1) return value
  throw new Error(`--${name} ${text}: give a positive integer`)
}

async function main(): Promise<void> {
  const options = await parseOptions()
  const { repeats, warmup, draws, json } = options
  const measured: MeasuredAdaptation[] = []
  await withWorkplace(async (workplace) => {
    for (const name of options.names) {
      measured.push(await measureCase(name, options, workplace))
      if (json !== undefined) writeFileSync(json, JSON.stringify({ machine: machine(), warmup, draws, measured }, null, 2))
    }
  })
  const { node, processor, load, peer } = machine()
  console.log(`node ${node}, ${processor}, load ${load.toFixed(1)}; peer: ${peer}, default compiler flags`)
  console.log(`4 chains of ${warmup} + ${draws} on 2 cores; medians of ${repeats}, divergences are means\n`)
  if (options.isPeerRun) console.log(`${comparisonTable(measured)}\n`)
  console.log(adaptationTable(measured))
  if (measured.some(({ comparison }) => comparison && !comparison.isSame)) process.exitCode = 1

  function machine() {
    return describeMachine(measured.flatMap(({ peers }) => peers))
  }
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 2
})

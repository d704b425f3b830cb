/**
 * Measures our engine and sampler against Stan's, in one run on one machine:
 *
 *     npm run bench -- [--models m1,m2] [--ours-only] [--repeats 3] [--json out.json]
 *
 * Time per gradient: ours is the processor time of one value and gradient; Stan's is the sampling phase of one chain divided by its leapfrog
 * steps, so it contains Stan's own bookkeeping. Effective draws: the smallest bulk-ESS of 4 chains of 1000 draws on 2 cores, after each program's
 * default warmup (ours 500 transitions, Stan's 1000), over the seconds
 * that the chains took, warmup included, compilation excluded on both sides; ours include the start of worker threads and just-in-time
 * compilation, Stan's exclude everything that R does. Ours and Stan's alternate; figures are medians over repeats.
 *
 * Processor time is what to read on a busy machine. Stan 2.21 knows no other, so its seconds by the clock are those of a machine of its own.
 */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { usualLengths } from '../../src/fitting/chain-lengths.js'
import { caseNames, loadCase } from './cases.js'
import { describeMachine } from './machine.js'
import { STANDARD_LENGTHS } from './measure-sampling.js'
import type { Measured } from './measured.js'
import type { OursResult } from './ours-job.js'
import { isPeerInstalled, type PeerResult, runPeer } from './peer.js'
import { isMetaforInstalled, remlTable } from './reml.js'
import { comparisonTable, gradientTable, samplingTable } from './table.js'
import { compareWithPeer, runOurs, type Workplace, withWorkplace } from './workplace.js'

/** Of the second stage, which is no model to sample from. */
const REML = 'reml'

interface Options {
  readonly isReml: boolean
  readonly names: readonly string[]
  readonly isPeerRun: boolean
  readonly repeats: number
}

async function measureCase(name: string, { isPeerRun, repeats }: Options, { folder, program }: Workplace): Promise<Measured> {
  const benchmarkCase = await loadCase(name)
  const [gradients, samplings]: [OursResult[], OursResult[]] = [[], []]
  const peers: PeerResult[] = []
  const comparison = isPeerRun ? compareWithPeer({ name, benchmarkCase }, { folder, program }) : undefined
  for (let repeat = 1; repeat <= repeats; repeat++) {
    console.error(`${name}, repeat ${repeat} of ${repeats}`)
    gradients.push(runOurs(program, { task: 'gradient', name, result: join(folder, 'ours.json') }))
    if (benchmarkCase.sampling)
      samplings.push(
        runOurs(program, {
          task: 'sampling',
          name,
          result: join(folder, 'ours.json'),
          seed: repeat,
          ...usualLengths('gradient'),
        }),
      )
    if (isPeerRun) peers.push(runPeer(benchmarkCase, folder, { isTimed: true, lengths: STANDARD_LENGTHS, seed: repeat }))
  }
  return { name, title: benchmarkCase.title, gradients, samplings, peers, ...(comparison ? { comparison } : {}) }
}

function parseOptions(): Options & { readonly json?: string } {
  const { values } = parseArgs({
    options: {
      models: { type: 'string' },
      'ours-only': { type: 'boolean', default: false },
      repeats: { type: 'string', default: '3' },
      json: { type: 'string' },
    },
  })
  const known = caseNames()
  const wanted = values.models?.split(',') ?? [...known, REML]
  const names = wanted.filter((name) => name !== REML)
  const unknown = names.find((name) => !known.includes(name))
  if (unknown !== undefined) throw new Error(`no model "${unknown}"; there are ${[...known, REML].join(', ')}`)
  const repeats = Number(values.repeats)
  if (!Number.isSafeInteger(repeats) || repeats < 1) throw new Error('--repeats is a positive integer')
  const isPeerRun = !values['ours-only'] && isPeerInstalled()
  if (!isPeerRun)
    console.error(values['ours-only'] ? 'ours only' : 'R with rstan and jsonlite was not found: the peer is not run')
  return { names, isReml: wanted.includes(REML), isPeerRun, repeats, ...(values.json === undefined ? {} : { json: values.json }) }
}

async function main(): Promise<void> {
  const options = parseOptions()
  const measured: Measured[] = []
  await withWorkplace(async (workplace) => {
    for (const name of options.names) measured.push(await measureCase(name, options, workplace))
  })
  const machine = describeMachine(measured.flatMap(({ peers }) => peers))
  console.log(
    `node ${machine.node}, ${machine.processor}, load ${machine.load.toFixed(1)}; peer: ${machine.peer}, default compiler flags`,
  )
  console.log(`medians of ${options.repeats}; ratios above 1 are in our favour, under 1.3 either way a tie\n`)
  if (measured.length > 0) console.log(`${comparisonTable(measured)}\n\n${gradientTable(measured)}\n\n${samplingTable(measured)}`)
  if (options.isReml)
    await withWorkplace(async ({ folder }) => console.log(`\n${remlTable(folder, options.isPeerRun && isMetaforInstalled())}`))
  if (options.json !== undefined) writeFileSync(options.json, JSON.stringify({ machine, measured }, null, 2))
  if (measured.some(({ comparison }) => comparison && !comparison.isSame)) process.exitCode = 1
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 2
})

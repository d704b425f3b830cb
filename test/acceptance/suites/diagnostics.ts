/** Every diagnostic on every array of draws of the kit: `diagnostics/draws_<name>.csv`, iterations in rows, chains in columns. */
import { join } from 'node:path'
import { essBasic } from '../../../diagnostics/convergence/ess-basic.js'
import { essBulk } from '../../../diagnostics/convergence/ess-bulk.js'
import { essMean } from '../../../diagnostics/convergence/ess-mean.js'
import { essMedian } from '../../../diagnostics/convergence/ess-median.js'
import { essQuantile } from '../../../diagnostics/convergence/ess-quantile.js'
import { essSd } from '../../../diagnostics/convergence/ess-sd.js'
import { essTail } from '../../../diagnostics/convergence/ess-tail.js'
import { mcseMean } from '../../../diagnostics/convergence/mcse-mean.js'
import { mcseMedian } from '../../../diagnostics/convergence/mcse-median.js'
import { mcseQuantile } from '../../../diagnostics/convergence/mcse-quantile.js'
import { mcseSd } from '../../../diagnostics/convergence/mcse-sd.js'
import { paretoK } from '../../../diagnostics/convergence/pareto-k.js'
import { quantile } from '../../../diagnostics/convergence/quantile.js'
import { rhat } from '../../../diagnostics/convergence/rhat.js'
import { rhatBasic } from '../../../diagnostics/convergence/rhat-basic.js'
import { rhatNested } from '../../../diagnostics/convergence/rhat-nested.js'
import { names, readCsv } from '../kit.js'
import type { Suite } from '../suite.js'

type Chains = readonly Float64Array[]

const QUANTILES = [0.025, 0.05, 0.25, 0.5, 0.75, 0.95, 0.975]

/** The kit has one NA for a vector without values. */
const wholeOrNone = (values: number[]): number[] | number => (values.some(Number.isNaN) ? Number.NaN : values)
/** First half of the chains against the second. */
const twoSuperchains = (chains: Chains) => chains.map((_, chain) => Math.floor((2 * chain) / chains.length))

const DIAGNOSTICS: Record<string, (chains: Chains) => number | number[]> = {
  rhat,
  rhat_basic: rhatBasic,
  rhat_nested_2superchains: (chains) => rhatNested(chains, twoSuperchains(chains)),
  ess_bulk: essBulk,
  ess_tail: essTail,
  ess_mean: essMean,
  ess_sd: essSd,
  ess_basic: essBasic,
  ess_median: essMedian,
  ess_quantile_05: (chains) => essQuantile(chains, 0.05),
  ess_quantile_95: (chains) => essQuantile(chains, 0.95),
  mcse_mean: mcseMean,
  mcse_sd: mcseSd,
  mcse_median: mcseMedian,
  mcse_quantile_05: (chains) => mcseQuantile(chains, 0.05),
  mcse_quantile_95: (chains) => mcseQuantile(chains, 0.95),
  quantile_type7: (chains) => wholeOrNone(QUANTILES.map((probability) => quantile(chains, probability))),
  pareto_khat_both: (chains) => paretoK(chains, 'both'),
  pareto_khat_right: (chains) => paretoK(chains, 'right'),
  pareto_khat_left: (chains) => paretoK(chains, 'left'),
}

/** All diagnostics of one array of draws, under the kit's keys; NaN becomes null in JSON. */
export function allDiagnostics(chains: Chains): Record<string, number | number[]> {
  return Object.fromEntries(Object.entries(DIAGNOSTICS).map(([key, diagnostic]) => [key, diagnostic(chains)]))
}

export function readChains(path: string): Float64Array[] {
  const rows = readCsv(path)
  return Object.keys(rows[0]).map((chain) => Float64Array.from(rows, (row) => cell(row[chain])))
}

const SPECIAL: Record<string, number> = {
  Inf: Number.POSITIVE_INFINITY,
  '-Inf': Number.NEGATIVE_INFINITY,
  NaN: Number.NaN,
  NA: Number.NaN,
}
const cell = (text: string | undefined): number => (text === undefined ? Number.NaN : (SPECIAL[text] ?? Number(text)))

export const suite: Suite = {
  name: 'diagnostics',
  async run({ kit, write, attempt }) {
    const folder = join(kit, 'diagnostics')
    const files = names(folder, /^draws_.*\.csv$/)
    if (files.length === 0) return
    await attempt('all', () => {
      const named = files.map((file) => [file.replace(/^draws_|\.csv$/g, ''), allDiagnostics(readChains(join(folder, file)))])
      write('diagnostics.json', Object.fromEntries(named))
      return `${files.length} arrays of draws`
    })
  },
}

import type { Draws } from '../../src/draws/draws.js'
import { eachScalar } from '../../src/draws/scalars.js'
import type { Check, Evidence, Finding } from './check.js'
import { checkDivergences } from './checks/divergences.js'
import { checkEffectiveSampleSize } from './checks/effective-sample-size.js'
import { checkEnergy } from './checks/energy.js'
import { checkFinite } from './checks/finite.js'
import { checkRhat } from './checks/rhat.js'
import { checkTreeDepth } from './checks/tree-depth.js'
import { checkVariation } from './checks/variation.js'
import { isConstant } from './is-constant.js'
import { requireUnweighted, type SummaryRow, summaryRow } from './summarise.js'

export type { Check, Finding } from './check.js'

/** Whether draws can be relied on, and why not. */
export interface Diagnosis {
  /** `failed` when one check failed. */
  readonly status: 'passed' | 'failed'
  readonly checks: readonly Check[]
  /** Every quantity, constant ones included. */
  readonly summary: readonly SummaryRow[]
}

export interface DiagnoseOptions {
  /** The tree depth at which the sampler stops doubling; without it, saturation is not assessed. */
  readonly maximumTreeDepth?: number
  /** Draws that no chain made: what fails is then chance, and is said to be. */
  readonly areIndependent?: boolean
}

const checks = [
  checkFinite,
  checkVariation,
  checkRhat,
  checkEffectiveSampleSize('bulk'),
  checkEffectiveSampleSize('tail'),
  checkDivergences,
  checkTreeDepth,
  checkEnergy,
]

/**
 * Checks the draws of one fit against `cutOffs`. `sampler` holds the scalars of the sampler for the same chains and draws (see `Fit`); checks
 * for which it lacks the variable are not assessed. Quantities that are constant over all chains are left out and listed by name.
 * @throws UsageError for weighted draws.
 */
export function diagnose(draws: Draws, sampler: Draws, options: DiagnoseOptions = {}): Diagnosis {
  const evidence = gather(draws, sampler, options)
  const outcomes = checks.map((check) => check(evidence))
  return {
    status: outcomes.some((check) => check.status === 'failed') ? 'failed' : 'passed',
    checks: outcomes,
    summary: evidence.summary,
  }
}

/** Quantity after quantity, so that large draws need not be in memory together. */
function gather(draws: Draws, sampler: Draws, options: DiagnoseOptions): Evidence & Pick<Diagnosis, 'summary'> {
  requireUnweighted(draws)
  const nonFinite: Finding[] = []
  const constant: string[] = []
  const summary: SummaryRow[] = []
  for (const quantity of eachScalar(draws)) {
    const { name, chains } = quantity
    const value = chains.reduce((count, chain) => count + countNonFinite(chain), 0)
    if (value > 0) nonFinite.push({ name, value })
    if (isConstant(chains)) constant.push(name)
    summary.push(summaryRow(quantity))
  }
  const leftOut = new Set([...constant, ...nonFinite.map(({ name }) => name)])
  const { chainCount, drawCount } = draws
  const rows = summary.filter(({ name }) => !leftOut.has(name))
  return { chainCount, drawCount, nonFinite, constant, rows, summary, sampler, ...options }
}

function countNonFinite(values: Float64Array): number {
  return values.reduce((count, value) => count + (Number.isFinite(value) ? 0 : 1), 0)
}

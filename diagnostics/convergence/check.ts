import type { Draws } from '../../src/draws/draws.js'
import type { SummaryRow } from './summarise.js'

/** A quantity or chain with the value that was judged. */
export interface Finding {
  /** `gamma[age]`, or `chain 2`. */
  readonly name: string
  readonly value: number
}

/** The outcome of one check of the draws. */
export interface Check {
  /** Identifier for programs, such as `rhat`. */
  readonly name: string
  /** What was checked, for readers. */
  readonly title: string
  readonly status: 'passed' | 'failed' | 'not-assessed'
  /** The quantity or chain closest to failing, or furthest past the cut-off. */
  readonly worst?: Finding
  readonly cutOff?: number
  /** How many quantities or chains fail. */
  readonly failureCount: number
  /** All that fail, worst first. */
  readonly failures: readonly Finding[]
  /** Quantities that this check had to leave out: constant ones, or those for which the diagnostic is not defined. */
  readonly leftOut: readonly string[]
  /** What was found, what it means and what to do. */
  readonly message: string
}

/** What the checks judge by. */
export interface Evidence {
  readonly chainCount: number
  /** Draws per chain. */
  readonly drawCount: number
  /** Quantities with draws that are not finite, and how many. */
  readonly nonFinite: readonly Finding[]
  /** Quantities that do not vary over any chain. */
  readonly constant: readonly string[]
  /** Summaries of all other quantities. */
  readonly rows: readonly SummaryRow[]
  /** Scalars of the sampler; see `Fit`. */
  readonly sampler: Draws
  readonly maximumTreeDepth?: number
  /** Whether the draws are independent, made by no chain. */
  readonly areIndependent?: boolean
}

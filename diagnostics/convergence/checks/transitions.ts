import { descending } from 'd3-array'
import type { Check } from '../check.js'

/** A cut-off on the number of transitions of some kind. */
export interface TransitionCheck {
  readonly name: string
  readonly title: string
  readonly cutOff: number
  readonly isBad: (value: number) => boolean
  /** `divergent`, or `stopped at the maximum tree depth of 10`. */
  readonly participle: string
  readonly advice: string
}

/** Counts transitions of the kind in each chain, `[chain][draw]`; fails when there are more than the cut-off over all chains. */
export function checkTransitions(chains: readonly Float64Array[], check: TransitionCheck): Check {
  const counts = chains.map((chain, index) => ({ name: `chain ${index + 1}`, value: chain.filter(check.isBad).length }))
  const total = counts.reduce((sum, { value }) => sum + value, 0)
  const drawCount = chains.reduce((sum, chain) => sum + chain.length, 0)
  const failures =
    total > check.cutOff ? counts.filter(({ value }) => value > 0).sort((a, b) => descending(a.value, b.value)) : []
  const worst = failures[0]
  return {
    name: check.name,
    title: check.title,
    status: worst ? 'failed' : 'passed',
    ...(worst && { worst }),
    cutOff: check.cutOff,
    failureCount: failures.length,
    failures,
    leftOut: [],
    message: worst
      ? `${total} of ${drawCount} transitions ${check.participle}, most in ${worst.name} (${worst.value}). ${check.advice}`
      : `None of ${drawCount} transitions ${check.participle}.`,
  }
}

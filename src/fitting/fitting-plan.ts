import type { ApproximateFit } from '../contract/first-stage-model.js'
import type { Protocol } from '../data/protocol.js'
import { ProtocolError } from '../errors/protocol-error.js'
import { chainLengths } from './chain-lengths.js'

/** How the trials of a first stage are fitted. */
export type FittingPlan = { readonly algorithm: 'nuts' | 'hmc' } | ApproximateFit

/**
 * What the protocol says; where it says nothing, what the model suggests; otherwise NUTS. An approximation that the protocol asks for takes the numbers of draws
 * that the model suggests, which knows what its evaluations cost, or the protocol's draws of one chain; it stays when it fails unless `fallback` says otherwise.
 * @throws ProtocolError for a fallback when there is nothing to fall back from.
 */
export function planFit({ algorithm, fallback, ...inference }: Protocol['inference'], suggested?: ApproximateFit): FittingPlan {
  if (algorithm === 'nuts' || algorithm === 'hmc') return { algorithm }
  const { fallback: suggestedFallback, ...size } = suggested ?? { draws: chainLengths(inference).draws }
  const wanted = algorithm ?? suggested?.algorithm
  if (wanted === undefined) {
    if (fallback === undefined) return { algorithm: 'nuts' }
    throw new ProtocolError({
      problem: 'inference.fallback is given, but the first stage is not approximated',
      reason: 'a fallback is for trials whose approximation fails; the model suggests none and the protocol asks for none',
      remedy: 'Leave inference.fallback out, or choose an approximation as inference.algorithm.',
    })
  }
  const used = fallback ?? (algorithm === undefined ? suggestedFallback : undefined)
  return { ...size, algorithm: wanted, ...(used === 'nuts' && { fallback: used }) }
}

export function isApproximate(plan: FittingPlan): plan is ApproximateFit {
  return 'draws' in plan
}

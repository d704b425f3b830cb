import { UsageError } from '../errors/usage-error.js'
import { givenProposal, type Proposal, zeroProposal } from '../inference/initial-proposals.js'
import type { ConditionedModel } from '../language/condition.js'

/**
 * Where chains start on the unconstrained scale: uniform on (-2, 2), at 0, at draws from the prior, or at these points `[dimension]` in turn.
 * Starts from a prior are dispersed as it is: good where it is informative, poor where it is vague.
 */
export type ChainStart = 'uniform' | 'zero' | 'prior' | readonly Float64Array[]

/**
 * @throws UsageError when a given start has another length than the log density's dimension, or parameters without a proper prior are to be drawn from it.
 */
export function proposalOf(
  { logDensity: { dimension }, propose, priorProposal }: ConditionedModel,
  start: ChainStart = 'uniform',
): Proposal {
  if (start === 'uniform') return propose
  if (start === 'zero') return zeroProposal(dimension)
  if (start === 'prior') return priorProposal()
  const wrong = start.find((position) => position.length !== dimension)
  if (start.length > 0 && !wrong) return givenProposal(start)
  throw new UsageError({
    problem: wrong ? `a start has ${wrong.length} coordinates instead of ${dimension}` : 'no start is given',
    reason: 'a start has one coordinate for each unconstrained parameter',
    remedy: 'Give at least one array of that length, or leave `start` out.',
  })
}

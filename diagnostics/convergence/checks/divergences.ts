import type { Check, Evidence } from '../check.js'
import { cutOffs } from '../cut-offs.js'
import { notAssessed, samplerScalar } from './sampler.js'
import { checkTransitions } from './transitions.js'

/** No divergent transition after warmup. */
export function checkDivergences({ sampler }: Evidence): Check {
  const divergent = samplerScalar(sampler, 'divergent')
  if (!divergent) return notAssessed('divergences', 'Divergences', 'the sampler recorded none of them')
  return checkTransitions(divergent, {
    name: 'divergences',
    title: 'Divergences',
    cutOff: cutOffs.divergences,
    isBad: (value) => value !== 0,
    participle: 'diverged',
    advice:
      'The sampler met a curvature that its step size cannot follow, and the draws may miss that part of the posterior. Raise ' +
      'targetAcceptance (0.9, then 0.99); if they persist, reparameterise (a non-centred form) or use tighter priors on scales.',
  })
}

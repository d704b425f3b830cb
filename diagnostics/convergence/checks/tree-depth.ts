import type { Check, Evidence } from '../check.js'
import { cutOffs } from '../cut-offs.js'
import { notAssessed, samplerScalar } from './sampler.js'
import { checkTransitions } from './transitions.js'

/** No transition stopped by the maximum tree depth. */
export function checkTreeDepth({ sampler, maximumTreeDepth }: Evidence): Check {
  const depth = samplerScalar(sampler, 'tree_depth')
  if (!depth) return notAssessed('tree-depth', 'Tree depth', 'the sampler grew no trees')
  if (maximumTreeDepth === undefined) return notAssessed('tree-depth', 'Tree depth', 'the maximum was not given')
  return checkTransitions(depth, {
    name: 'tree-depth',
    title: 'Tree depth',
    cutOff: cutOffs.saturatedTransitions,
    isBad: (value) => !(value < maximumTreeDepth),
    participle: `stopped at the maximum tree depth of ${maximumTreeDepth}`,
    advice:
      'Trajectories were cut before they turned back: the draws are valid but more correlated than they need be. Raise maximumTreeDepth by one ' +
      'or two, or reparameterise so that the parameters have similar scales.',
  })
}

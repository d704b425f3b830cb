import type { SamplerOptions } from '../contract/analysis.js'
import type { SuggestedSampling } from '../contract/first-stage-model.js'
import type { Protocol } from '../data/protocol.js'

/** Of one chain. */
export interface ChainLengths {
  readonly warmup: number
  readonly draws: number
}

/** Stan's. */
const USUAL_DRAWS = 1000

/** Half of Stan's, which learning from gradients needs no more of (decision 0012); Stan's own scheme gets Stan's 1000. */
export function usualLengths(adaptation: SamplerOptions['adaptation']): ChainLengths {
  return { warmup: adaptation === 'stan' ? 1000 : 500, draws: USUAL_DRAWS }
}

/** What the protocol says; where it says nothing, what the model suggests; otherwise the usual lengths. */
export function chainLengths(
  { warmup, draws, adaptation }: Pick<Protocol['inference'], 'warmup' | 'draws' | 'adaptation'>,
  suggested: SuggestedSampling = {},
): ChainLengths {
  const usual = usualLengths(adaptation)
  return { warmup: warmup ?? suggested.warmup ?? usual.warmup, draws: draws ?? suggested.draws ?? usual.draws }
}

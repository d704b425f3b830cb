import type { Prior, PriorOptions } from '../contract/distribution.js'
import { identity } from '../transforms/identity.js'
import { improperPrior } from './shared/improper.js'

/** Improper prior with constant density on the real line; it cannot be drawn from. */
export function flat(options?: PriorOptions): Prior {
  return improperPrior('flat', identity, options)
}

/** For documentation and contract tests. */
export const examples: readonly Prior[] = [flat()]

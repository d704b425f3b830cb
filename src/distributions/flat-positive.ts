import type { Prior, PriorOptions } from '../contract/distribution.js'
import { positive } from '../transforms/positive.js'
import { improperPrior } from './shared/improper.js'

/** Improper prior with constant density on the positive numbers; it cannot be drawn from. */
export function flatPositive(options?: PriorOptions): Prior {
  return improperPrior('flatPositive', positive, options)
}

/** For documentation and contract tests. */
export const examples: readonly Prior[] = [flatPositive()]

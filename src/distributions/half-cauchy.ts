import type { Prior, PriorArgument, PriorOptions } from '../contract/distribution.js'
import { drawCauchy } from '../random/cauchy.js'
import { positive } from '../transforms/positive.js'
import { cauchyLogProbability } from './cauchy.js'
import { univariatePrior } from './shared/prior.js'
import { drawPositive, logPositiveHalf, truncated } from './shared/truncated-at-zero.js'

/**
 * Cauchy prior truncated to the positive numbers. With location 0 the scale may depend on parameters.
 * @throws UsageError unless numbers are finite, the scale positive, and location is 0 or both are plain numbers.
 */
export function halfCauchy(location: PriorArgument, scale: PriorArgument, options?: PriorOptions): Prior {
  const logHalf = logPositiveHalf('halfCauchy', location, { scale }, (standardised) => 0.5 + Math.atan(standardised) / Math.PI)
  return univariatePrior(
    {
      name: 'halfCauchy',
      argumentNames: ['location', 'scale'],
      domains: ['real', 'positive'],
      support: positive,
      logProbability: (value, centre, width) => truncated(cauchyLogProbability(value, centre, width), logHalf),
      draw: (stream, centre, width) => drawPositive(stream, centre, (source) => drawCauchy(source, centre, width)),
    },
    [location, scale],
    options,
  )
}

/** For documentation and contract tests. */
export const examples: readonly Prior[] = [halfCauchy(0, 1), halfCauchy(2, 0.5), halfCauchy(-1, 1)]

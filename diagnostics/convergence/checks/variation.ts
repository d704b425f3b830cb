import type { Check, Evidence } from '../check.js'
import { listed } from './listed.js'

/** At least one quantity must vary; constant ones, such as the diagonal of a correlation matrix, are listed and judged no further. */
export function checkVariation({ constant, rows, nonFinite }: Evidence): Check {
  const isStuck = rows.length === 0 && nonFinite.length === 0
  const common = { name: 'variation', title: 'Varying quantities', failures: [], leftOut: constant }
  if (isStuck)
    return {
      ...common,
      status: 'failed',
      failureCount: constant.length,
      message:
        'No quantity varies over the draws: the sampler did not move, or nothing was left to estimate. Check the starting values, the step ' +
        'size and that the model has a free parameter.',
    }
  return {
    ...common,
    status: 'passed',
    failureCount: 0,
    message:
      constant.length === 0
        ? 'Every quantity varies.'
        : `${constant.length} constant ${constant.length === 1 ? 'quantity is' : 'quantities are'} left out of the other checks: ${listed(constant)}.`,
  }
}

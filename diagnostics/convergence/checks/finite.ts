import { descending } from 'd3-array'
import type { Check, Evidence } from '../check.js'
import { cutOffs } from '../cut-offs.js'

/** No quantity may have a draw that is NaN or infinite. */
export function checkFinite({ nonFinite, chainCount, drawCount }: Evidence): Check {
  const failures = [...nonFinite].sort((a, b) => descending(a.value, b.value))
  const worst = failures[0]
  return {
    name: 'finite',
    title: 'Finite draws',
    status: worst ? 'failed' : 'passed',
    ...(worst && { worst }),
    cutOff: cutOffs.nonFiniteDraws,
    failureCount: failures.length,
    failures,
    leftOut: [],
    message: worst
      ? `${failures.length} ${failures.length === 1 ? 'quantity has' : 'quantities have'} draws that are not finite, worst ${worst.name} with ` +
        `${worst.value} of ${chainCount * drawCount}. Its summaries mean nothing. Look for overflow, a logarithm of zero or a division by ` +
        'zero in how it is computed; bound the parameters it depends on.'
      : 'All draws are finite.',
  }
}

import type { Check, Evidence } from '../check.js'
import { cutOffs } from '../cut-offs.js'
import { checkQuantities } from './quantities.js'
import { CHANCE } from './rhat.js'

const suffers = {
  bulk: 'Means and medians carry more Monte Carlo error than can be relied on, and R-hat itself is unreliable.',
  tail: 'The ends of intervals carry more Monte Carlo error than can be relied on.',
}

/** Bulk or tail effective sample size of every varying quantity above its cut-off. */
export function checkEffectiveSampleSize(part: 'bulk' | 'tail'): (evidence: Evidence) => Check {
  return (evidence) =>
    checkQuantities(evidence, {
      name: `ess-${part}`,
      title: `${part === 'bulk' ? 'Bulk' : 'Tail'} effective sample size`,
      value: (row) => (part === 'bulk' ? row.essBulk : row.essTail),
      cutOff: cutOffs.effectiveSampleSize,
      passes: 'above',
      format: (value) => value.toFixed(0),
      advice: evidence.areIndependent
        ? CHANCE
        : `${suffers[part]} Take more draws; if that helps little, reparameterise so that the parameters are less correlated.`,
    })
}

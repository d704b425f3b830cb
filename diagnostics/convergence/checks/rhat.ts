import type { Check, Evidence } from '../check.js'
import { cutOffs } from '../cut-offs.js'
import { checkQuantities } from './quantities.js'

export const CHANCE = 'The draws are independent, so this is chance: too few of them to be relied on. Take more draws.'

/** R-hat of every varying quantity below its cut-off. */
export function checkRhat(evidence: Evidence): Check {
  return checkQuantities(evidence, {
    name: 'rhat',
    title: 'R-hat',
    value: (row) => row.rhat,
    cutOff: cutOffs.rhat,
    passes: 'below',
    format: (value) => value.toFixed(3),
    advice: evidence.areIndependent
      ? CHANCE
      : 'The chains, or halves of a chain, do not agree on the posterior, so the draws do not represent it. Run a longer warmup and more ' +
        'draws; if it stays high, reparameterise (a non-centred form for effects with a scale of their own), use tighter priors, or look for ' +
        'several modes.',
    ...(evidence.chainCount === 1 && {
      caveat: 'One chain only: agreement between different starting points could not be seen. Run four.',
    }),
  })
}

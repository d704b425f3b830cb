import type { Analysis } from '../../contract/analysis.js'
import type { Variable } from '../../draws/draws.js'
import { type Html, html } from '../html.js'
import { formatNumber } from '../number-format.js'
import { table } from '../table.js'

/** Name of the derived quantity of spike-and-slab priors on interactions. */
const INCLUSION = 'gammaInclusion'

/** Posterior probability, in each trial, that an interaction comes from the slab and not from the spike at 0; nothing without spike-and-slab priors. */
export function inclusionSection({ trialFits }: Analysis): Html {
  const rows = trialFits.flatMap(({ trial, fit }) => {
    const inclusion = fit.draws.variables.find(({ name }) => name === INCLUSION)
    return inclusion ? [{ study: trial.study, labels: inclusion.dimensions[0].labels, probabilities: means(inclusion) }] : []
  })
  if (rows.length === 0) return html``
  return html`<section aria-labelledby="inclusion"><h2 id="inclusion">Which covariates modify the effect, trial by trial</h2>
<p>Posterior probability that an interaction is larger than the prior's spike around 0, in each trial on its own. Around the prior probability, the trial does not say.</p>
${table(
  'Inclusion probabilities of interactions',
  [{ title: 'Trial' }, ...rows[0].labels.map((label) => ({ title: label, numeric: true }))],
  rows.map(({ study, probabilities }) => [study, ...probabilities.map((value) => formatNumber(value, 2))]),
)}</section>`
}

/** `[modifier]` */
function means({ values, dimensions }: Variable): number[] {
  const width = dimensions[0].labels.length
  const sums = dimensions[0].labels.map((_, at) =>
    values.reduce((sum, value, index) => (index % width === at ? sum + value : sum), 0),
  )
  return sums.map((sum) => (sum * width) / values.length)
}

import type { Analysis } from '../../contract/analysis.js'
import { eachScalar, type Scalar, scalars } from '../../draws/scalars.js'
import { figureElement } from '../figure-element.js'
import { figureSvg } from '../figure-svg.js'
import { priorPosteriorData, priorPosteriorFigure, priorPosteriorTable } from '../figures/prior-posterior.js'
import { type Html, html, trusted } from '../html.js'
import { formatSignificant } from '../number-format.js'

/** Panels at most: the treatment's own first. */
const mostPanels = 6

/** Prior against posterior of what the trials share: the between-trial standard deviations first, of which few trials say little. Analysis scale. */
export function priorPosteriorSection({ pooledPrior, pooled }: Analysis): Html {
  if (!pooledPrior) return html``
  const prior = new Map(scalars(pooledPrior).map((quantity) => [quantity.name, quantity]))
  const isWanted = (name: string) =>
    prior.has(name) && name.startsWith('tau[') && isRandom(prior.get(name)!) && hasFinite(prior.get(name)!)
  const wanted = [...eachScalar(pooled.draws, isWanted)]
  const shown = wanted.filter(isRandom).slice(0, mostPanels)
  if (shown.length === 0) return html``
  const panels = shown.map((quantity) => {
    const data = priorPosteriorData(prior.get(quantity.name)!, quantity)
    return figureElement(trusted(figureSvg(priorPosteriorFigure(data, 400))), {
      caption: `Median: prior ${formatSignificant(data.quantiles.prior.q50)}, posterior ${formatSignificant(data.quantiles.posterior.q50)}.`,
      data: priorPosteriorTable(data),
    })
  })
  return html`<section aria-labelledby="prior-posterior"><h2 id="prior-posterior">What the data add to the prior</h2>
<p>Between-trial standard deviations, in reference standard deviations of the outcome. Where posterior and prior coincide, the trials say little about how much they differ.${wanted.length > shown.length && ` The first ${shown.length} of ${wanted.length} are drawn.`}</p>
<div class="panels">${panels}</div></section>`
}

const isRandom = ({ chains }: Scalar) => chains.some((chain) => chain.some((value) => value !== chains[0][0]))
const hasFinite = ({ chains }: Scalar) => chains.every((chain) => chain.every(Number.isFinite))

import type { Analysis } from '../../contract/analysis.js'
import { effectiveTrialCount } from '../../effects/extrapolation.js'
import { responsiveFigure } from '../figure-element.js'
import { shrinkageFigure } from '../figures/shrinkage.js'
import { trialWeightsFigure } from '../figures/trial-weights.js'
import { type Html, html } from '../html.js'
import { key } from '../key.js'
import { decimalsFor, formatNumber, formatShare } from '../number-format.js'
import { likeTrialCounts, profileWeights, shrinkageData } from '../weights-data.js'

/** People whose bars fit beside each other. */
const mostDrawn = 4

/** Which trials speak for whom: weights by profile with the effective number of trials, and how many trials had such patients. */
export function weightsSection(analysis: Analysis): Html {
  const data = profileWeights(analysis)
  if (!data) return html``
  const { studies, people } = data
  const drawn = { ...data, people: people.slice(0, mostDrawn) }
  const counts = likeTrialCounts(analysis)
  const effective = people.map(({ weights }) => effectiveTrialCount(weights))
  const least = effective.indexOf(Math.min(...effective))
  const [fewest, most] = [Math.min(...effective), Math.max(...effective)].map((count) => formatNumber(count, 1))
  const range = fewest === most ? fewest : `${fewest} to ${most}`
  const unlike = people.filter((_, index) => counts?.[index] === 0).map(({ label }) => label)
  return html`<section aria-labelledby="weights"><h2 id="weights">Which trials speak for whom</h2>
<p>The effect in the average setting rests on ${range} of ${studies.length} trials in effect${people.length > 1 && `, fewest for ${people[least].label}`}.${unlike.length > 0 && html` <span class="bad">! No trial had patients like ${unlike.join(', ')}</span>: extrapolations by the model.`}</p>
${responsiveFigure((width) => trialWeightsFigure(drawn, width), {
  caption: html`Share of each trial in the effect of ${people.length > mostDrawn ? `the first ${mostDrawn} of ${people.length} profiles; the table has all` : 'each profile'}.${!analysis.effectPooling && html` Shares of the variance of the pooled effect, between-trial variances at their posterior mean (<a href="https://doi.org/10.1177/0962280216688033">Riley, Ensor, Jackson and Burke 2018</a>).`}`,
  data: {
    caption:
      'Share of each trial, trials in effect (1 over the sum of squared shares), and trials with patients like the profile (within the Mahalanobis distance of 99 of 100 of their patients)',
    columns: [{ title: 'Trial' }, ...people.map(({ label }) => ({ title: label, numeric: true }))],
    rows: [
      ...studies.map((study, trial) => [study, ...people.map(({ weights }) => formatShare(weights[trial]))]),
      ['Trials in effect', ...effective.map((count) => formatNumber(count, 1))],
      ...(counts ? [['Trials with such patients', ...counts.map((count) => `${count} of ${studies.length}`)]] : []),
    ],
  },
})}
${shrinkagePart(analysis)}</section>`
}

function shrinkagePart(analysis: Analysis): Html | undefined {
  const data = shrinkageData(analysis)
  if (!data) return undefined
  const spread = data.trials.map(({ own }) => Math.abs(own - data.average))
  const decimals = decimalsFor(Math.max(...spread) / 10)
  return html`<h3>What each trial says alone, and in the light of all</h3>
${responsiveFigure((width) => shrinkageFigure(data, width), {
  lead: key([
    ['own trial', 'trial alone'],
    ['shrunken', 'in the light of all trials'],
    ['dashed line', 'average setting'],
  ]),
  caption: `Effect for the ${analysis.profileEffects[0].person.id}. Pulled: from 0% (the trial speaks for itself) to 100% (it is taken as average), v / (v + τ²) with the variance v of the trial's own effect. The other coefficients of a trial are pulled as well, so that its effect may move past the average or away from it.`,
  data: {
    caption: "Trials' effects before and after",
    columns: [{ title: 'Trial' }, ...['Alone', 'In the light of all', 'Pulled'].map((title) => ({ title, numeric: true }))],
    rows: data.trials.map(({ study, own, shrunken, shrinkage }) => [
      study,
      formatNumber(own, decimals),
      formatNumber(shrunken, decimals),
      formatShare(shrinkage),
    ]),
  },
})}`
}

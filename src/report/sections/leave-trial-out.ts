import type { Analysis } from '../../contract/analysis.js'
import { leaveTrialOut } from '../../effects/leave-trial-out.js'
import { isPooledOverPeople, settingContrast } from '../../effects/setting-contrast.js'
import { meanBetweenCovariance } from '../../effects/trial-weights.js'
import { responsiveFigure } from '../figure-element.js'
import { intervalRowsFigure } from '../figures/interval-rows.js'
import { type Html, html } from '../html.js'
import { effectAxisLabel } from '../labels.js'
import { decimalsFor, formatInterval, formatNumber } from '../number-format.js'

/** 97.5% quantile of the standard normal distribution. */
const normalQuantile = 1.959963984540054

/** The effect for the reference patient without each of the trials; nothing where trials' weights were learnt, or effects of people were pooled. */
export function leaveTrialOutSection(analysis: Analysis): Html {
  const { pooled, profileEffects, columns, protocol, trialFits } = analysis
  const person = profileEffects[0]?.person
  const isRobust = pooled.draws.variables.some(({ name }) => name === 'aberrant' || name === 'trialWeight')
  if (!person || isRobust || isPooledOverPeople(pooled.draws)) return html``
  const contrast = settingContrast(pooled.draws, person, columns, protocol.covariates).map(
    (element) => element * protocol.outcome.scale,
  )
  const estimates = trialFits.map(({ estimate }) => estimate)
  const found = leaveTrialOut(estimates, meanBetweenCovariance(pooled.draws), contrast)
  if (found.length === 0) return html``
  const rows = found.map(({ study, mean, sd }) => ({
    label: study === undefined ? 'All trials' : `without ${study}`,
    isMain: study === undefined,
    mean,
    lower: mean - normalQuantile * sd,
    upper: mean + normalQuantile * sd,
  }))
  const [all, ...others] = rows
  const most = others.reduce((best, row) => (Math.abs(row.mean - all.mean) > Math.abs(best.mean - all.mean) ? row : best))
  const decimals = decimalsFor(found[0].sd)
  const share = Math.abs(most.mean - all.mean) / found[0].sd
  const data = {
    rows,
    axisLabel: effectAxisLabel(protocol),
    ariaLabel: `Effect for the ${person.id} in the average setting, with all trials and without each of ${others.length}`,
  }
  return html`<section aria-labelledby="leave-out"><h2 id="leave-out">Does it hang on one trial?</h2>
<p>${share > 1 && html`<strong>Partly.</strong> `}${share > 1 ? 'The' : 'No. The'} effect for the ${person.id} changes most ${most.label}, from ${formatNumber(all.mean, decimals)} to ${formatNumber(most.mean, decimals)}: ${formatNumber(share, 1)} of its standard deviations.</p>
${responsiveFigure((width) => intervalRowsFigure(data, width), {
  caption:
    'Average setting, 95% intervals of a normal approximation with the differences between trials held at what all trials say of them; the band is that of all trials.',
  data: {
    caption: `Effect for the ${person.id} without each trial`,
    columns: [{ title: 'Trials' }, { title: 'Mean', numeric: true }, { title: '95% interval', numeric: true }],
    rows: rows.map((row) => [row.label, formatNumber(row.mean, decimals), formatInterval(row, decimals)]),
  },
})}</section>`
}

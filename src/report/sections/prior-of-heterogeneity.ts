import type { Analysis, HeterogeneityAlternative } from '../../contract/analysis.js'
import { type Html, html } from '../html.js'
import { unitSuffix } from '../labels.js'
import { decimalsFor, formatInterval, formatNumber } from '../number-format.js'
import { table } from '../table.js'

/** A shift of a bound by more than this share of the interval's width is worth words. Arbitrary. */
const NOTABLE_SHIFT = 0.1

/** The effect for the reference patient under the prior of the between-trial standard deviations that was used, and under others. */
export function heterogeneitySensitivitySection({ heterogeneitySensitivity: rows, protocol }: Analysis): Html {
  if (!rows || rows.length < 2) return html``
  const unit = unitSuffix(protocol)
  return html`<section aria-labelledby="tau-prior"><h2 id="tau-prior">Does the prior of the differences between trials matter?</h2>
<p>${conclusion(rows)}</p>
${table(
  `Effect for the ${protocol.referencePatient.name}${unit && `,${unit}`}, under several priors of the between-trial standard deviations`,
  [
    { title: 'Prior' },
    { title: 'Average setting', numeric: true },
    { title: '95% interval', numeric: true },
    { title: 'New setting, 95% interval', numeric: true },
    { title: 'τ, median', numeric: true },
    { title: '95% interval', numeric: true },
  ],
  rows.map(cells),
)}</section>`
}

function cells({ label, isMain, effects, heterogeneity, diagnosis }: HeterogeneityAlternative) {
  const [average, newSetting] = effects
  const decimals = decimalsFor(average.sd)
  return [
    `${label}${isMain ? ' (used here)' : ''}${diagnosis === 'failed' ? ': did not converge' : ''}`,
    formatNumber(average.mean, decimals),
    formatInterval(average, decimals),
    formatInterval(newSetting, decimals),
    formatNumber(heterogeneity.median, decimals),
    formatInterval(heterogeneity, decimals),
  ]
}

function conclusion(rows: readonly HeterogeneityAlternative[]): string {
  const [main, ...others] = rows
  if (rows.some(({ diagnosis }) => diagnosis === 'failed'))
    return 'Not all of these fits converged, so that their rows cannot be compared. Run the analysis with more draws.'
  const largest = (target: number) =>
    Math.max(
      ...others.map(({ effects }) => {
        const [own, other] = [main.effects[target], effects[target]]
        return Math.max(Math.abs(own.lower - other.lower), Math.abs(own.upper - other.upper)) / (own.upper - own.lower)
      }),
    )
  const percent = (share: number) => `${Math.round(100 * share)}%`
  const [average, newSetting] = [largest(0), largest(1)]
  const shift = `bounds of the 95% intervals move by up to ${percent(average)} of their width in the average setting and ${percent(newSetting)} in a new one`
  return Math.max(average, newSetting) > NOTABLE_SHIFT
    ? `It does: with half and twice its scale, ${shift}. Report more than one of these rows.`
    : `Little: with half and twice its scale, ${shift}.`
}

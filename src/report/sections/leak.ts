import type { Analysis } from '../../contract/analysis.js'
import { type Html, html } from '../html.js'
import { contrastLabel, unitSuffix } from '../labels.js'
import { decimalsFor, formatNumber } from '../number-format.js'
import { table } from '../table.js'

/** Whether weights that change from person to person turn differences between trials into effect modification; nothing where they do not change. */
export function leakSection({ effectPooling, columns, protocol }: Analysis): Html {
  const slopes = effectPooling?.leak ?? []
  if (slopes.length === 0) return html``
  const material = slopes.filter(({ isMaterial }) => isMaterial).length
  return html`<section aria-labelledby="leak"><h2 id="leak">Within trials, or between them?</h2>
<p>Weights change from person to person, so that part of a slope of the pooled effect may come from moving between trials instead of comparing patients within them. ${
    material === 0
      ? 'Here that part is small: with the same weights for everybody, no slope changes by more than half its standard error.'
      : html`<span class="bad">! ${material} of ${slopes.length} slopes change by more than half a standard error</span> when everybody gets the weights of the reference patient: choose <code>components: separate</code>, or do not read those slopes.`
  }</p>
${table(
  `Change in the pooled effect${unitSuffix(protocol) && `,${unitSuffix(protocol)}`}`,
  [
    { title: 'Covariate' },
    { title: 'As pooled', numeric: true },
    { title: 'Same weights for all', numeric: true },
    { title: 'Standard error', numeric: true },
    { title: 'Verdict' },
  ],
  slopes.map(({ name, asPooled, frozen, standardError, isMaterial }) => {
    const column = columns.find((candidate) => candidate.name === name)
    const unit = protocol.outcome.scale / (column?.scale ?? 1)
    const decimals = decimalsFor(standardError * unit)
    return [
      column ? contrastLabel(column, protocol) : name,
      ...[asPooled, frozen, standardError].map((value) => formatNumber(value * unit, decimals)),
      isMaterial ? html`<span class="bad">! moves</span>` : '✓ holds',
    ]
  }),
)}</section>`
}

import { isOutsideRange, rangeText } from '../../../data/range-flags.js'
import { type Content, type Html, html } from '../../html.js'
import { covariateHeading, covariateValue } from '../../labels.js'
import { decimalsFor, formatNumber, formatShare } from '../../number-format.js'
import type { PersonEvidence } from '../../person-evidence.js'
import { table } from '../../table.js'

/** The person's covariates beside the protocol's ranges and the means of the trials. */
export function aboutSection({ protocol, person, columns, trials }: PersonEvidence): Html {
  const modifiers = columns.filter(({ isModifier }) => isModifier)
  const hasMeans = trials.some(({ modifierMeans }) => modifierMeans)
  const trialMeans = (name: string): string => {
    const index = modifiers.findIndex((column) => column.covariate === name && !column.spline?.term)
    const column = modifiers[index]
    if (!column) return '–'
    const means = trials.flatMap(({ modifierMeans }) => modifierMeans?.[index] ?? []).sort((a, b) => a - b)
    const declared = protocol.covariates.find((covariate) => covariate.name === name)
    const isShare = declared?.type !== 'continuous'
    const text = (mean: number) => (isShare ? formatShare(mean) : formatNumber(mean, decimalsFor(column.scale / 10)))
    const what = column.level ?? (declared?.type === 'binary' ? (declared.labels?.[1] ?? '1') : undefined)
    return `${text(means[0])} to ${text(means[means.length - 1])}${what === undefined ? '' : ` ${what}`}`
  }
  return html`<section aria-labelledby="about"><h2 id="about">Who this is about</h2>
${table(
  'Covariates',
  [
    { title: 'Covariate' },
    { title: 'This person' },
    { title: 'Range of the protocol' },
    ...(hasMeans ? [{ title: 'Means of the trials' }] : []),
    { title: 'Changes the effect' },
  ],
  protocol.covariates.map((covariate): Content[] => {
    const value = person.covariates[covariate.name]
    const text = covariateValue(covariate, value)
    const isOutside = value !== undefined && isOutsideRange(value, covariate)
    return [
      covariateHeading(covariate),
      isOutside ? html`<span class="bad">! ${text}, outside</span>` : text,
      rangeText(covariate).replaceAll('-', '−') || '–',
      ...(hasMeans ? [trialMeans(covariate.name)] : []),
      covariate.role === 'prognostic' ? 'no' : 'may',
    ]
  }),
)}</section>`
}

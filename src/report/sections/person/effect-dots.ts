import { type FigureTable, responsiveFigure } from '../../figure-element.js'
import { type DotKind, type QuantileDotsData, quantileDotsFigure } from '../../figures/quantile-dots.js'
import { type Html, html } from '../../html.js'
import { key } from '../../key.js'
import { effectAxisLabel, importantEffect, smallestImportantLabel, unitSuffix } from '../../labels.js'
import { decimalsFor, formatNumber } from '../../number-format.js'
import type { PersonEvidence } from '../../person-evidence.js'
import { dotQuantiles } from '../../quantile-dots.js'

/** Dots of a row: few enough to count. */
export const dotCount = 50

/** The effect as 50 equally likely values, in the average and in a new setting. */
export function effectDots(evidence: PersonEvidence): QuantileDotsData {
  const { protocol, draws, person } = evidence
  const rows = [
    { label: 'Average setting', values: dotQuantiles(draws.average, dotCount) },
    { label: 'New setting', values: dotQuantiles(draws.newSetting, dotCount) },
  ]
  const important = importantEffect(protocol)
  return {
    rows,
    axisLabel: effectAxisLabel(protocol),
    kindOf: (value: number) => dotKind(value, evidence),
    marks: [
      { x: 0, label: 'no effect' },
      ...(important === undefined ? [] : [{ x: important, label: 'smallest important effect', isDashed: true }]),
    ],
    ariaLabel: `Quantile dot plots of the effect for ${person.id}: ${sentence(rows[0].values, evidence)} in the average setting, ${sentence(rows[1].values, evidence)} in a new setting`,
  }
}

export function effectDotsTable(evidence: PersonEvidence): FigureTable {
  const { rows } = effectDots(evidence)
  const decimals = decimalsFor(spread(rows[0].values))
  return {
    caption: `${dotCount} equally likely values of the effect${unitSuffix(evidence.protocol) && `,${unitSuffix(evidence.protocol)}`}`,
    columns: [{ title: 'Dot', numeric: true }, ...rows.map(({ label }) => ({ title: label, numeric: true }))],
    rows: rows[0].values.map((_, dot) => [String(dot + 1), ...rows.map(({ values }) => formatNumber(values[dot], decimals))]),
  }
}

/** Nothing where no draw is finite. */
export function effectDotsSection(evidence: PersonEvidence): Html {
  const data = effectDots(evidence)
  const [average, newSetting] = data.rows.map(({ values }) => values)
  if (average.length === 0 || newSetting.length === 0) return html``
  return html`<section aria-labelledby="effect-dots"><h2 id="effect-dots">How sure is the effect?</h2>
<p>Think of ${dotCount} equally likely values of the effect, one for each dot. In the average setting, ${sentence(average, evidence)}; in a new setting, whose patients and care differ as those of the trials do, ${sentence(newSetting, evidence)}.</p>
${responsiveFigure((width) => quantileDotsFigure(data, width), {
  lead: dotKey(evidence),
  caption: `Each dot stands for a probability of 1 in ${dotCount}. The dots are possible values of the mean effect for people with these covariates, not of one person's own benefit.`,
  data: effectDotsTable(evidence),
})}</section>`
}

function dotKind(value: number, { protocol }: PersonEvidence): DotKind {
  const benefit = protocol.outcome.better === 'higher' ? value : -value
  if (benefit <= 0) return 'hollow'
  return benefit > protocol.smallestImportantEffect ? 'full' : 'half'
}

function dotKey({ protocol }: PersonEvidence): Html {
  const { smallestImportantEffect } = protocol
  if (smallestImportantEffect === 0)
    return key([
      ['full dot', 'benefit'],
      ['hollow dot', 'no benefit'],
    ])
  return key([
    ['full dot', `benefit of at least ${smallestImportantLabel(protocol)}`],
    ['half dot', 'smaller benefit'],
    ['hollow dot', 'no benefit'],
  ])
}

/** `47 of 50 are a benefit, 31 of them an important one`. */
function sentence(values: readonly number[], evidence: PersonEvidence): string {
  const kinds = values.map((value) => dotKind(value, evidence))
  const benefits = kinds.filter((kind) => kind !== 'hollow').length
  const important = kinds.filter((kind) => kind === 'full').length
  const count = benefits === values.length ? `all ${benefits}` : benefits === 0 ? 'none' : `${benefits} of ${values.length}`
  const verb = benefits === 1 || benefits === 0 ? 'is' : 'are'
  if (evidence.protocol.smallestImportantEffect === 0 || benefits === 0) return `${count} ${verb} a benefit`
  return `${count} ${verb} a benefit, ${important === benefits ? 'all' : important === 0 ? 'none' : important} of them one that matters`
}

const spread = (values: readonly number[]) => (values[values.length - 1] - values[0]) / 5

import * as Plot from '@observablehq/plot'
import { formatShare } from '../number-format.js'
import { shorten } from './panel.js'
import { baseOptions, colour } from './theme.js'

export interface PersonWeights {
  readonly label: string
  /** Adding up to 1, in the order of the trials. */
  readonly weights: readonly number[]
}

export interface TrialWeightsData {
  readonly studies: readonly string[]
  readonly people: readonly PersonWeights[]
  readonly ariaLabel: string
}

const rowHeight = 22

/** Share of each trial in the pooled effect of each person: bars with their numbers, people beside each other, or under each other on a narrow figure. */
export function trialWeightsFigure({ studies, people, ariaLabel }: TrialWeightsData, width: number): Plot.PlotOptions {
  const isNarrow = width < 500
  const marginLeft = isNarrow ? 104 : 176
  const bars = people.flatMap(({ label, weights }) => weights.map((weight, trial) => ({ label, weight, study: studies[trial] })))
  const facet = people.length === 1 ? undefined : isNarrow ? 'fy' : 'fx'
  const own = facet === undefined ? {} : { [facet]: 'label' }
  const domain = people.map(({ label }) => label)
  const columnWidth = isNarrow ? width : (width - marginLeft) / people.length
  const header = facet === undefined ? 8 : 28
  const most = Math.max(...bars.map(({ weight }) => weight), 0.01)
  return {
    ...baseOptions,
    width,
    height: header + (facet === 'fy' ? people.length * (studies.length * rowHeight + 30) : studies.length * rowHeight) + 8,
    marginLeft,
    marginRight: 8,
    marginTop: header,
    marginBottom: 8,
    ariaLabel,
    x: { axis: null, domain: [0, most * (columnWidth < 150 ? 1.7 : 1.3)] },
    y: { domain: studies, label: null },
    ...(facet === 'fx' && { fx: { domain, axis: null, padding: 0.08 } }),
    ...(facet === 'fy' && { fy: { domain, axis: null, padding: 0.14 } }),
    marks: [
      Plot.axisY({
        tickSize: 0,
        ...(facet === 'fx' && { anchor: 'left' as const }),
        tickFormat: (study: string) => shorten(study, isNarrow ? 13 : 23),
      }),
      Plot.barX(bars, { ...own, x: 'weight', y: 'study', fill: colour.accentSoft, stroke: colour.accent, inset: 2 }),
      Plot.text(bars, {
        ...own,
        x: 'weight',
        y: 'study',
        text: ({ weight }: { weight: number }) => formatShare(weight),
        textAnchor: 'start',
        dx: 5,
        fill: colour.ink,
      }),
      Plot.ruleX([0], { stroke: colour.ink }),
      ...(facet === undefined
        ? []
        : [
            Plot.text(domain, {
              [facet]: (label: string) => label,
              text: (label: string) => shorten(label, Math.floor(columnWidth / 7.6)),
              frameAnchor: 'top-left',
              lineAnchor: 'bottom',
              dy: -5,
              fontWeight: 600,
              fill: colour.ink,
            }),
          ]),
    ],
  }
}

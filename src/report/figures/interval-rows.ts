import * as Plot from '@observablehq/plot'
import { extent } from 'd3-array'
import type { Interval } from './forest.js'
import { shorten } from './panel.js'
import { baseOptions, colour, labelAnchor } from './theme.js'

export interface IntervalRow extends Interval {
  readonly label: string
  /** Drawn as what the others are compared with. */
  readonly isMain?: boolean
}

export interface IntervalRowsData {
  readonly rows: readonly IntervalRow[]
  readonly axisLabel: string
  readonly ariaLabel: string
}

/** Estimates with intervals under each other; the band is the interval of the main row. */
export function intervalRowsFigure({ rows, axisLabel, ariaLabel }: IntervalRowsData, width: number): Plot.PlotOptions {
  const isNarrow = width < 500
  const main = rows.filter(({ isMain }) => isMain)
  const [low = 0, high = 1] = extent(rows.flatMap(({ lower, upper }) => [lower, upper]))
  const marginLeft = isNarrow ? 130 : 210
  const padding = 0.05 * (high - low) || 1
  return {
    ...baseOptions,
    width,
    height: 60 + 24 * rows.length,
    marginLeft,
    marginRight: 14,
    marginTop: 10,
    marginBottom: 46,
    ariaLabel,
    x: { domain: [low - padding, high + padding] },
    y: { domain: rows.map(({ label }) => label), label: null },
    marks: [
      Plot.rectX(main, { x1: 'lower', x2: 'upper', fill: colour.accentSoft, fillOpacity: 0.35 }),
      Plot.gridX({ stroke: colour.rule, strokeOpacity: 1, ticks: isNarrow ? 4 : 7 }),
      Plot.axisX({
        label: axisLabel,
        labelAnchor: labelAnchor(axisLabel, width - marginLeft - 14),
        labelArrow: 'none',
        labelOffset: 40,
        tickSize: 0,
        ticks: isNarrow ? 4 : 7,
      }),
      Plot.axisY({ tickSize: 0, tickFormat: (label: string) => shorten(label, isNarrow ? 17 : 28) }),
      Plot.ruleX(main, { x: 'mean', stroke: colour.accent, strokeDasharray: '5 4' }),
      ...(low < 0 && high > 0 ? [Plot.ruleX([0], { stroke: colour.ink, strokeWidth: 1.2 })] : []),
      Plot.ruleY(rows, { x1: 'lower', x2: 'upper', y: 'label', stroke: colour.accent, strokeWidth: 2 }),
      Plot.dot(
        rows.filter(({ isMain }) => !isMain),
        { x: 'mean', y: 'label', r: 3.4, fill: colour.accent },
      ),
      Plot.dot(main, { x: 'mean', y: 'label', r: 6, symbol: 'diamond', fill: colour.accent }),
    ],
  }
}

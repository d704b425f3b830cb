import * as Plot from '@observablehq/plot'
import { baseOptions, colour } from './theme.js'

export interface ScoreRow {
  readonly label: string
  /** Pooled over trials, with its 95% interval. */
  readonly estimate: number
  readonly lower: number
  readonly upper: number
  /** One score for each held-out trial. */
  readonly trials: readonly number[]
}

export interface ScoreIntervalsData {
  readonly rows: readonly ScoreRow[]
  readonly axisLabel: string
  /** Where a score says nothing, such as 0 for a gain or 1 for a slope. */
  readonly neutral: number
  readonly ariaLabel: string
}

const rowHeight = 58
const labelLength = { wide: 90, narrow: 44 }

/** A score of several methods: a dot for each held-out trial, and above them the pooled score with its 95% interval. The name stands over its row. */
export function scoreIntervalsFigure(
  { rows, axisLabel, neutral, ariaLabel }: ScoreIntervalsData,
  width: number,
): Plot.PlotOptions {
  const placed = rows.map((row, y) => ({ ...row, y }))
  const finite = placed.filter(({ estimate }) => Number.isFinite(estimate))
  const dots = placed.flatMap(({ trials, y }) => trials.filter(Number.isFinite).map((value) => ({ value, y: y + 0.26 })))
  const limit = width < 500 ? labelLength.narrow : labelLength.wide
  return {
    ...baseOptions,
    width,
    height: rows.length * rowHeight + 60,
    marginLeft: 14,
    marginRight: 14,
    marginTop: 6,
    marginBottom: 46,
    ariaLabel,
    x: { nice: true, domain: domainOf(finite, dots, neutral) },
    y: { axis: null, domain: [rows.length - 0.4, -0.6] },
    marks: [
      Plot.gridX({ stroke: colour.rule, strokeOpacity: 1, ticks: 6 }),
      Plot.axisX({ label: axisLabel, labelAnchor: 'center', labelArrow: 'none', labelOffset: 38, tickSize: 0, ticks: 6 }),
      Plot.ruleX([neutral], { stroke: colour.ink, strokeWidth: 1.2 }),
      Plot.ruleY(finite, { y: 'y', x1: 'lower', x2: 'upper', stroke: colour.accent, strokeWidth: 2.4 }),
      Plot.dot(finite, { y: 'y', x: 'estimate', symbol: 'diamond', fill: colour.accent, r: 6 }),
      Plot.dot(dots, { x: 'value', y: 'y', stroke: colour.muted, r: 3 }),
      Plot.text(placed, {
        y: (row: { y: number }) => row.y - 0.36,
        text: ({ label }: ScoreRow) => (label.length > limit ? `${label.slice(0, limit - 1)}…` : label),
        frameAnchor: 'left',
        textAnchor: 'start',
        fill: 'currentColor',
        fontWeight: 600,
        stroke: 'var(--surface, white)',
        strokeWidth: 4,
      }),
    ],
  }
}

function domainOf(rows: readonly ScoreRow[], dots: readonly { value: number }[], neutral: number): [number, number] {
  const values = [neutral, ...rows.flatMap(({ lower, upper }) => [lower, upper]), ...dots.map(({ value }) => value)].filter(
    Number.isFinite,
  )
  const [low, high] = [Math.min(...values), Math.max(...values)]
  return low < high ? [low, high] : [low - 1, high + 1]
}

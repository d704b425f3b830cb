import * as Plot from '@observablehq/plot'
import { extent } from 'd3-array'
import { formatShare } from '../number-format.js'
import { shorten } from './panel.js'
import { baseOptions, colour } from './theme.js'

export interface ShrunkenTrial {
  readonly study: string
  /** Posterior mean of the trial alone, and in the light of all trials. */
  readonly own: number
  readonly shrunken: number
  /** How far the one is pulled to the average, from 0 to 1. */
  readonly shrinkage: number
}

export interface ShrinkageData {
  readonly trials: readonly ShrunkenTrial[]
  readonly average: number
  readonly axisLabel: string
  readonly ariaLabel: string
}

/** Where each trial's own effect (square) is moved (dot) by what the other trials say; the line across is the average setting. Smallest own effect first. */
export function shrinkageFigure({ trials, average, axisLabel, ariaLabel }: ShrinkageData, width: number): Plot.PlotOptions {
  const isNarrow = width < 500
  const rows = [...trials].sort((a, b) => a.own - b.own)
  const [low = 0, high = 1] = extent([...rows.flatMap(({ own, shrunken }) => [own, shrunken]), average])
  const padding = 0.06 * (high - low) || 1
  const marginRight = isNarrow ? 48 : 110
  return {
    ...baseOptions,
    width,
    height: 74 + 24 * rows.length,
    marginLeft: isNarrow ? 104 : 176,
    marginRight,
    marginTop: 28,
    marginBottom: 46,
    ariaLabel,
    x: { domain: [low - padding, high + padding] },
    y: { domain: rows.map(({ study }) => study), label: null },
    marks: [
      Plot.gridX({ stroke: colour.rule, strokeOpacity: 1, ticks: isNarrow ? 4 : 7 }),
      Plot.axisX({
        label: axisLabel,
        labelAnchor: 'center',
        labelArrow: 'none',
        labelOffset: 40,
        tickSize: 0,
        ticks: isNarrow ? 4 : 7,
      }),
      Plot.axisY({ tickSize: 0, tickFormat: (study: string) => shorten(study, isNarrow ? 13 : 23) }),
      Plot.ruleX([average], { stroke: colour.accent, strokeWidth: 1.4, strokeDasharray: '5 4' }),
      Plot.arrow(rows, {
        x1: 'own',
        x2: 'shrunken',
        y1: 'study',
        y2: 'study',
        stroke: colour.accent,
        strokeWidth: 1.6,
        headLength: 0,
        insetStart: 4,
        insetEnd: 3,
      }),
      Plot.dot(rows, { x: 'own', y: 'study', r: 4.2, symbol: 'square', fill: colour.muted }),
      Plot.dot(rows, { x: 'shrunken', y: 'study', r: 3.6, fill: colour.accent }),
      Plot.text(rows, {
        y: 'study',
        text: ({ shrinkage }: ShrunkenTrial) => formatShare(shrinkage),
        frameAnchor: 'right',
        textAnchor: 'start',
        dx: 8,
        fill: colour.ink,
      }),
      Plot.text([isNarrow ? 'pulled' : 'pulled to the average'], {
        frameAnchor: 'top-right',
        lineAnchor: 'bottom',
        dy: -6,
        textAnchor: 'end',
        dx: marginRight - 2,
        fill: colour.muted,
      }),
    ],
  }
}

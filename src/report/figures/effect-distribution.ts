import * as Plot from '@observablehq/plot'
import { bin } from 'd3-array'
import { baseOptions, colour } from './theme.js'

export interface EffectBin {
  readonly from: number
  readonly to: number
  readonly count: number
}

export interface EffectDistributionData {
  readonly bins: readonly EffectBin[]
  readonly axisLabel: string
  /** Mean over the patients. */
  readonly mean: number
  /** Smallest important effect with the sign of a benefit; absent when any benefit counts. */
  readonly importantEffect?: number
  readonly ariaLabel: string
}

/** Counts of predicted effects in about 30 round bins; values that are not finite are left out. */
export function effectBins(means: readonly number[]): EffectBin[] {
  return bin()
    .thresholds(30)(means.filter(Number.isFinite))
    .map((members) => ({ from: members.x0!, to: members.x1!, count: members.length }))
}

/** Histogram of the predicted effects of the analysed patients. */
export function effectDistributionFigure(data: EffectDistributionData, width: number): Plot.PlotOptions {
  const isNarrow = width < 500
  const marginLeft = isNarrow ? 44 : 56
  return {
    ...baseOptions,
    width,
    height: isNarrow ? 260 : 300,
    marginLeft,
    marginRight: 14,
    marginTop: 56,
    marginBottom: 46,
    ariaLabel: data.ariaLabel,
    x: { domain: domain(data) },
    y: { nice: true },
    marks: [
      Plot.gridY({ stroke: colour.rule, strokeOpacity: 1, ticks: 5 }),
      Plot.axisX({
        label: data.axisLabel,
        labelAnchor: 'center',
        labelArrow: 'none',
        labelOffset: 40,
        tickSize: 0,
        ticks: isNarrow ? 5 : 10,
      }),
      Plot.axisY({ label: 'Patients', labelArrow: 'none', tickSize: 0, ticks: 5, labelOffset: marginLeft, tickFormat: 'd' }),
      Plot.rectY(data.bins, {
        x1: 'from',
        x2: 'to',
        y: 'count',
        fill: colour.accentSoft,
        stroke: colour.accent,
        strokeWidth: 0.6,
        insetLeft: 0.5,
        insetRight: 0.5,
      }),
      Plot.ruleY([0], { stroke: colour.muted }),
      Plot.ruleX([0], { stroke: colour.ink, strokeWidth: 1.2 }),
      ...labelledLines(data),
    ],
  }
}

interface LabelledLine {
  readonly x: number
  readonly text: string
  readonly isDashed: boolean
}

/**
 * The mean and the smallest important effect, labelled above the plot in two lines of text. The label below must lead away from the line above, and
 * neither out of the figure.
 */
function labelledLines(data: EffectDistributionData): Plot.Markish[] {
  const [low, high] = domain(data)
  const mean = { x: data.mean, text: 'mean of patients', isDashed: false }
  if (data.importantEffect === undefined) return labelledLine(mean, 'lower', isRight(mean.x) ? 'end' : 'start')
  const important = { x: data.importantEffect, text: 'smallest important effect', isDashed: true }
  const [left, right] = mean.x < important.x ? [mean, important] : [important, mean]
  if (isRight(right.x)) return [...labelledLine(right, 'upper', 'end'), ...labelledLine(left, 'lower', 'end')]
  return [...labelledLine(left, 'upper', isRight(left.x) ? 'end' : 'start'), ...labelledLine(right, 'lower', 'start')]

  function isRight(x: number): boolean {
    return x > low + 0.55 * (high - low)
  }
}

function labelledLine(
  { x, text, isDashed }: LabelledLine,
  level: 'upper' | 'lower',
  textAnchor: 'start' | 'end',
): Plot.Markish[] {
  const rise = level === 'upper' ? 30 : 13
  return [
    Plot.ruleX([x], {
      stroke: colour.ink,
      strokeDasharray: isDashed ? '5 4' : 'none',
      strokeWidth: isDashed ? 1.2 : 2,
      insetTop: -rise,
    }),
    Plot.text([text], {
      x: [x],
      frameAnchor: 'top',
      lineAnchor: 'top',
      dy: -rise - 1,
      textAnchor,
      dx: textAnchor === 'end' ? -6 : 6,
      fill: colour.ink,
    }),
  ]
}

function domain({ bins, importantEffect = 0 }: EffectDistributionData): [number, number] {
  const low = Math.min(0, importantEffect, bins[0]?.from ?? 0)
  const high = Math.max(0, importantEffect, bins.at(-1)?.to ?? 1)
  const padding = 0.02 * (high - low)
  return [low - padding, high + padding]
}

import * as Plot from '@observablehq/plot'
import { baseOptions, colour } from './theme.js'

export interface DependenceValue {
  /** In units of the covariate, or a level. */
  readonly value: number | string
  readonly mean: number
  readonly lower: number
  readonly upper: number
}

export interface EffectDependenceData {
  readonly points: readonly DependenceValue[]
  /** Of the covariate, with its unit. */
  readonly covariateLabel: string
  readonly effectLabel: string
  readonly ariaLabel: string
}

/** Mean effect of the patients if all had the same value of one covariate, with pointwise 95% credible intervals: a band, or bars for levels and two or three values. */
export function effectDependenceFigure(data: EffectDependenceData, width: number): Plot.PlotOptions {
  const isContinuous = data.points.length > 3 && data.points.every(({ value }) => typeof value === 'number')
  const bounds = { x: 'value', y1: 'lower', y2: 'upper' } as const
  const label = { label: data.covariateLabel, labelAnchor: 'center', labelArrow: 'none', labelOffset: 38, tickSize: 0 } as const
  return {
    ...baseOptions,
    width,
    height: 260,
    marginLeft: 56,
    marginBottom: 46,
    marginTop: 28,
    ariaLabel: data.ariaLabel,
    x: isContinuous ? { type: 'linear' } : { type: 'point', domain: data.points.map(({ value }) => value) },
    y: { nice: true },
    marks: [
      Plot.gridY({ stroke: colour.rule, strokeOpacity: 1 }),
      Plot.axisX(label),
      Plot.axisY({ label: data.effectLabel, labelArrow: 'none', tickSize: 0, ticks: 5, labelOffset: 50 }),
      Plot.ruleY([0], { stroke: colour.ink, strokeWidth: 1.2 }),
      ...(isContinuous
        ? [
            Plot.areaY(data.points, { ...bounds, fill: colour.accentSoft, fillOpacity: 0.5 }),
            Plot.line(data.points, { x: 'value', y: 'mean', stroke: colour.accent, strokeWidth: 2.2 }),
          ]
        : [
            Plot.ruleX(data.points, { ...bounds, stroke: colour.accentSoft, strokeWidth: 4 }),
            Plot.dot(data.points, { x: 'value', y: 'mean', fill: colour.accent, r: 4.5 }),
          ]),
    ],
  }
}

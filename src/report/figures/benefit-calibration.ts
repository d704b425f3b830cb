import * as Plot from '@observablehq/plot'
import { baseOptions, colour } from './theme.js'

export interface CalibrationBandPoint {
  readonly predicted: number
  readonly observed: number
  readonly lower: number
  readonly upper: number
}

export interface BenefitCalibrationData {
  /** Smooth curve over all held-out patients with its pointwise 95% band. */
  readonly curve: readonly CalibrationBandPoint[]
  /** One group of patients of one held-out trial each. */
  readonly groups: readonly { readonly predicted: number; readonly observed: number }[]
  readonly predictedLabel: string
  readonly observedLabel: string
  readonly ariaLabel: string
}

/** Observed against predicted benefit: a smooth curve with its band, a ring for each group of patients of each trial, and the dashed line of perfect predictions. */
export function benefitCalibrationFigure(data: BenefitCalibrationData, width: number): Plot.PlotOptions {
  const groups = data.groups.filter(({ predicted, observed }) => Number.isFinite(predicted) && Number.isFinite(observed))
  const ends = [...data.curve, ...groups].map(({ predicted }) => predicted)
  const [low, high] = [Math.min(...ends), Math.max(...ends)]
  return {
    ...baseOptions,
    width,
    height: Math.min(420, Math.max(280, 0.55 * width)),
    marginLeft: 56,
    marginBottom: 46,
    marginTop: 28,
    marginRight: 14,
    ariaLabel: data.ariaLabel,
    x: { nice: true },
    y: { nice: true },
    marks: [
      Plot.gridY({ stroke: colour.rule, strokeOpacity: 1, ticks: 5 }),
      Plot.axisX({ label: data.predictedLabel, labelAnchor: 'center', labelArrow: 'none', labelOffset: 38, tickSize: 0 }),
      Plot.axisY({ label: data.observedLabel, labelArrow: 'none', tickSize: 0, ticks: 5, labelOffset: 50 }),
      Plot.ruleY([0], { stroke: colour.ink, strokeWidth: 1.2 }),
      Plot.line(
        [low, high].filter(Number.isFinite).map((value) => ({ value })),
        { x: 'value', y: 'value', stroke: colour.ink, strokeDasharray: '5 4' },
      ),
      Plot.dot(groups, { x: 'predicted', y: 'observed', stroke: colour.muted, r: 3.2 }),
      Plot.areaY(data.curve, { x: 'predicted', y1: 'lower', y2: 'upper', fill: colour.accentSoft, fillOpacity: 0.45 }),
      Plot.line(data.curve, { x: 'predicted', y: 'observed', stroke: colour.accent, strokeWidth: 2.2 }),
    ],
  }
}

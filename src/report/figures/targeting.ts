import * as Plot from '@observablehq/plot'
import { baseOptions, colour } from './theme.js'

export interface TargetingData {
  /** Mean over held-out trials. */
  readonly points: readonly { readonly share: number; readonly advantage: number }[]
  /** One line for each held-out trial. */
  readonly trials: readonly (readonly { readonly share: number; readonly advantage: number }[])[]
  readonly advantageLabel: string
  readonly ariaLabel: string
}

/** How much larger the benefit is among the share of patients with the largest predicted benefit than in everybody: thin lines for the trials, a thick one for their mean. */
export function targetingFigure(data: TargetingData, width: number): Plot.PlotOptions {
  const trials = data.trials.flatMap((points, trial) => points.map((point) => ({ ...point, trial })))
  return {
    ...baseOptions,
    width,
    height: 280,
    marginLeft: 56,
    marginBottom: 46,
    marginTop: 28,
    marginRight: 14,
    ariaLabel: data.ariaLabel,
    x: { domain: [0, 1] },
    y: { nice: true },
    marks: [
      Plot.gridY({ stroke: colour.rule, strokeOpacity: 1, ticks: 5 }),
      Plot.axisX({
        label: 'Share of patients, largest predicted benefit first',
        labelAnchor: 'center',
        labelArrow: 'none',
        labelOffset: 38,
        tickSize: 0,
        ticks: 5,
        tickFormat: (share: number) => `${Math.round(100 * share)}%`,
      }),
      Plot.axisY({ label: data.advantageLabel, labelArrow: 'none', tickSize: 0, ticks: 5, labelOffset: 50 }),
      Plot.ruleY([0], { stroke: colour.ink, strokeWidth: 1.2 }),
      Plot.line(trials, { x: 'share', y: 'advantage', z: 'trial', stroke: colour.muted, strokeOpacity: 0.55, strokeWidth: 0.9 }),
      Plot.line(data.points, { x: 'share', y: 'advantage', stroke: colour.accent, strokeWidth: 2.4, marker: 'dot' }),
    ],
  }
}

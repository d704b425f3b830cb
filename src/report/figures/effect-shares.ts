import * as Plot from '@observablehq/plot'
import { baseOptions, colour } from './theme.js'

export interface CovariateShare {
  readonly covariate: string
  /** Of the variance of the effect over people, with 95% credible interval. */
  readonly total: { readonly mean: number; readonly lower: number; readonly upper: number }
  readonly alone: { readonly mean: number }
}

export interface EffectSharesData {
  /** Most important first. */
  readonly covariates: readonly CovariateShare[]
  readonly ariaLabel: string
}

const ROW_HEIGHT = 34

/** Which covariates drive the effect: share of its variance over people that goes through each (dot, 95% interval) and through it alone (tick). */
export function effectSharesFigure(data: EffectSharesData, width: number): Plot.PlotOptions {
  const shown = data.covariates.filter(({ total }) => Number.isFinite(total.mean))
  const longest = Math.max(4, ...shown.map(({ covariate }) => covariate.length))
  return {
    ...baseOptions,
    width,
    height: 60 + ROW_HEIGHT * shown.length,
    marginLeft: Math.min(width / 2.5, 16 + 8 * longest),
    marginBottom: 44,
    ariaLabel: data.ariaLabel,
    x: { domain: [0, Math.max(1, ...shown.map(({ total }) => total.upper))] },
    y: { domain: shown.map(({ covariate }) => covariate), label: null },
    marks: [
      Plot.gridX({ stroke: colour.rule, strokeOpacity: 1 }),
      Plot.axisX({
        label: 'Share of the variance of the effect over people',
        labelAnchor: 'center',
        labelArrow: 'none',
        labelOffset: 38,
        tickSize: 0,
        ticks: 5,
        tickFormat: '.0%',
      }),
      Plot.axisY({ tickSize: 0 }),
      Plot.ruleY(shown, {
        y: 'covariate',
        x1: (one: CovariateShare) => one.total.lower,
        x2: (one: CovariateShare) => one.total.upper,
        stroke: colour.accentSoft,
        strokeWidth: 4,
      }),
      Plot.tickX(shown, {
        y: 'covariate',
        x: (one: CovariateShare) => Math.max(0, one.alone.mean),
        stroke: colour.ink,
        strokeWidth: 1.5,
        insetTop: 6,
        insetBottom: 6,
      }),
      Plot.dot(shown, { y: 'covariate', x: (one: CovariateShare) => one.total.mean, fill: colour.accent, r: 4.5 }),
    ],
  }
}

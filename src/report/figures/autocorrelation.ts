import * as Plot from '@observablehq/plot'
import { meanAutocovariance } from '../../../diagnostics/convergence/primitives/autocovariance.js'
import { mean } from '../../../diagnostics/convergence/primitives/moments.js'
import type { Scalar } from '../../draws/scalars.js'
import type { FigureTable } from '../figure-element.js'
import { formatSignificant } from '../number-format.js'
import { undrawable } from '../quantity-state.js'
import { emptyPanel, panelOptions, panelTitle, xAxis, yAxis } from './panel.js'
import { colour } from './theme.js'

export interface LagCorrelation {
  readonly lag: number
  /** Mean over chains, and the chains furthest from it. NaN where a chain is constant. */
  readonly mean: number
  readonly least: number
  readonly greatest: number
}

export interface AutocorrelationData {
  readonly name: string
  /** Why there is nothing to draw. */
  readonly problem?: string
  readonly lags: readonly LagCorrelation[]
  /** The autocorrelation of independent draws lies within plus or minus this in 19 of 20 lags. */
  readonly bound: number
  readonly chainCount: number
}

/** Autocorrelation c_t / c_0 of each chain about its own mean, up to lag `largest` or as far as the draws go. */
export function autocorrelationData({ name, chains }: Scalar, largest = 40): AutocorrelationData {
  const problem = undrawable({ name, chains }) ?? (chains[0].length < 3 ? 'fewer than 3 draws a chain' : undefined)
  const shared = { name, chainCount: chains.length, bound: 1.96 / Math.sqrt(chains[0]?.length ?? 0) }
  if (problem !== undefined) return { ...shared, problem, lags: [] }
  const moving = chains.map((chain) => meanAutocovariance([chain])).filter((covariances) => covariances[0] > 0)
  const lags = Array.from({ length: Math.min(largest, chains[0].length - 1) + 1 }, (_, lag): LagCorrelation => {
    const values = moving.map((covariances) => covariances[lag] / covariances[0])
    return { lag, mean: mean(values), least: Math.min(...values), greatest: Math.max(...values) }
  })
  return { ...shared, lags }
}

/** Bars: mean over chains. Thin lines: from the least to the greatest chain. Between the dashed lines independent draws would lie. */
export function autocorrelationFigure(data: AutocorrelationData, width: number): Plot.PlotOptions {
  const { name, problem, lags, bound, chainCount } = data
  const text = { title: name, ariaLabel: `Autocorrelation of ${name} by lag` }
  const layout = { width, height: 210, xLabel: 'Lag', yLabel: 'Autocorrelation', marginLeft: 60 }
  if (problem !== undefined) return emptyPanel(text, layout, problem)
  const barWidth = Math.max(1.5, ((width - 80) / lags.length) * 0.45)
  return {
    ...panelOptions(text, layout),
    x: { domain: [-0.5, lags.length - 0.5] },
    y: { domain: [Math.min(-0.2, ...lags.map(({ least }) => least)), 1] },
    marks: [
      Plot.ruleY([-bound, bound], { stroke: colour.muted, strokeDasharray: '4 3' }),
      Plot.ruleX(lags, { x: 'lag', y1: 0, y2: 'mean', stroke: colour.accent, strokeWidth: barWidth }),
      ...(chainCount > 1
        ? [Plot.ruleX(lags, { x: 'lag', y1: 'least', y2: 'greatest', stroke: colour.ink, strokeWidth: 1 })]
        : []),
      Plot.ruleY([0], { stroke: colour.ink }),
      xAxis(layout),
      yAxis(layout),
      ...panelTitle(text, layout),
    ],
  }
}

export function autocorrelationTable({ name, lags }: AutocorrelationData): FigureTable {
  return {
    caption: `Autocorrelation of ${name}`,
    columns: ['Lag', 'Mean of chains', 'Least', 'Greatest'].map((title) => ({ title, numeric: true })),
    rows: lags.map(({ lag, ...values }) => [
      `${lag}`,
      ...[values.mean, values.least, values.greatest].map((value) => formatSignificant(value)),
    ]),
  }
}

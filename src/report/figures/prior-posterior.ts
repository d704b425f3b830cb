import * as Plot from '@observablehq/plot'
import { sortedDraws } from '../../../diagnostics/convergence/primitives/chains.js'
import { sortedQuantile } from '../../../diagnostics/convergence/primitives/sorted-quantile.js'
import type { Scalar } from '../../draws/scalars.js'
import type { FigureTable } from '../figure-element.js'
import { formatShare, formatSignificant } from '../number-format.js'
import { undrawable } from '../quantity-state.js'
import { binCountFor, type DensityBin, densityBins, stepLine } from './histogram.js'
import { emptyPanel, panelOptions, panelTitle, xAxis } from './panel.js'
import { colour } from './theme.js'

/** Five-number summary of draws. */
export interface DrawQuantiles {
  readonly q2_5: number
  readonly q25: number
  readonly q50: number
  readonly q75: number
  readonly q97_5: number
}

export interface PriorPosteriorData {
  readonly name: string
  /** Why there is nothing to draw. */
  readonly problem?: string
  readonly prior: readonly DensityBin[]
  readonly posterior: readonly DensityBin[]
  /** Share of the prior draws that lie outside the axis. */
  readonly priorOutside: number
  readonly quantiles: { readonly prior: DrawQuantiles; readonly posterior: DrawQuantiles }
}

/** How far beyond the posterior a wide prior may stretch the axis, in widths of the posterior. */
const stretch = 2

/** Prior and posterior draws of one quantity, on one axis that a wide prior does not dominate. The two may differ in chains and draws. */
export function priorPosteriorData(prior: Scalar, posterior: Scalar): PriorPosteriorData {
  const [before, after] = [prior, posterior].map(({ chains }) =>
    sortedDraws([Float64Array.from(chains.flatMap((chain) => [...chain]))]),
  )
  const quantiles = { prior: quantilesOf(before), posterior: quantilesOf(after) }
  const problem = undrawable(posterior) ?? (undrawable(prior) === undefined ? undefined : `prior: ${undrawable(prior)}`)
  const { name } = posterior
  if (problem !== undefined) return { name, problem, prior: [], posterior: [], priorOutside: 0, quantiles }
  const [low, high] = [after[0], after[after.length - 1]]
  const reach = stretch * (high - low)
  const domain = [
    Math.min(low, Math.max(sortedQuantile(before, 0.005), low - reach)),
    Math.max(high, Math.min(sortedQuantile(before, 0.995), high + reach)),
  ] as const
  const binCount = Math.ceil((binCountFor(after.length) * (domain[1] - domain[0])) / (high - low))
  return {
    name,
    prior: densityBins(before, domain, binCount),
    posterior: densityBins(after, domain, binCount),
    priorOutside: before.filter((value) => value < domain[0] || value > domain[1]).length / before.length,
    quantiles,
  }
}

function quantilesOf(sorted: Float64Array): DrawQuantiles {
  const [q2_5, q25, q50, q75, q97_5] = [0.025, 0.25, 0.5, 0.75, 0.975].map((probability) => sortedQuantile(sorted, probability))
  return { q2_5, q25, q50, q75, q97_5 }
}

/** Filled: posterior. Dashed line: prior. */
export function priorPosteriorFigure(
  { name, problem, prior, posterior, priorOutside }: PriorPosteriorData,
  width: number,
): Plot.PlotOptions {
  const note = priorOutside > 0.02 ? { note: `${formatShare(priorOutside)} of the prior lies outside` } : {}
  const text = { title: name, ...note, ariaLabel: `Prior and posterior of ${name}` }
  const layout = { width, height: 220, marginLeft: 14, xLabel: 'Posterior (filled), prior (dashed)' }
  if (problem !== undefined) return emptyPanel(text, layout, problem)
  return {
    ...panelOptions(text, layout),
    y: { axis: null },
    marks: [
      Plot.rectY(posterior, { x1: 'from', x2: 'to', y: 'density', fill: colour.accentSoft }),
      Plot.line(stepLine(posterior), { x: 'x', y: 'y', stroke: colour.accent, strokeWidth: 1.2 }),
      Plot.line(stepLine(prior), { x: 'x', y: 'y', stroke: colour.ink, strokeWidth: 1.8, strokeDasharray: '6 4' }),
      Plot.ruleY([0], { stroke: colour.muted }),
      xAxis(layout),
      ...panelTitle(text, layout),
    ],
  }
}

export function priorPosteriorTable({ name, quantiles }: PriorPosteriorData): FigureTable {
  const cells = ({ q2_5, q25, q50, q75, q97_5 }: DrawQuantiles) =>
    [q2_5, q25, q50, q75, q97_5].map((value) => formatSignificant(value))
  return {
    caption: `Quantiles of ${name}`,
    columns: [{ title: 'Draws' }, ...['2.5%', '25%', '50%', '75%', '97.5%'].map((title) => ({ title, numeric: true }))],
    rows: [
      ['Prior', ...cells(quantiles.prior)],
      ['Posterior', ...cells(quantiles.posterior)],
    ],
  }
}

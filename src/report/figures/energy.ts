import * as Plot from '@observablehq/plot'
import { cutOffs } from '../../../diagnostics/convergence/cut-offs.js'
import { eBfmi } from '../../../diagnostics/convergence/e-bfmi.js'
import { mean } from '../../../diagnostics/convergence/primitives/moments.js'
import type { Draws } from '../../draws/draws.js'
import { scalars } from '../../draws/scalars.js'
import { selectVariables } from '../../draws/select-variables.js'
import type { FigureTable } from '../figure-element.js'
import { undrawable } from '../quantity-state.js'
import { binCountFor, type DensityBin, densityBins, stepLine } from './histogram.js'
import { emptyPanel, panelOptions, panelTitle, xAxis } from './panel.js'
import { colour } from './theme.js'

export interface EnergyData {
  /** Why there is nothing to draw. */
  readonly problem?: string
  /** Energies minus the mean of their chain, all chains together. */
  readonly marginal: readonly DensityBin[]
  /** Changes of energy from draw to draw. */
  readonly transition: readonly DensityBin[]
  /** `[chain]` */
  readonly eBfmi: readonly number[]
}

/**
 * Distribution of the energy and of its changes from one draw to the next (Betancourt 2016, arXiv 1604.00695).
 * @throws UsageError when the sampler has no `energy`.
 */
export function energyData(sampler: Draws): EnergyData {
  const [energy] = scalars(selectVariables(sampler, ['energy']))
  const problem = undrawable(energy) ?? (sampler.drawCount < 3 ? 'fewer than 3 draws a chain' : undefined)
  if (problem !== undefined) return { problem, marginal: [], transition: [], eBfmi: eBfmi(energy.chains) }
  const marginal = energy.chains.flatMap((chain) => {
    const centre = mean(chain)
    return Array.from(chain, (value) => value - centre)
  })
  const transition = energy.chains.flatMap((chain) => Array.from(chain.subarray(1), (value, index) => value - chain[index]))
  const reach = [...marginal, ...transition].reduce((most, value) => Math.max(most, Math.abs(value)), 0)
  const bins = (values: readonly number[]) => densityBins(values, [-reach, reach], binCountFor(marginal.length) | 1)
  return { marginal: bins(marginal), transition: bins(transition), eBfmi: eBfmi(energy.chains) }
}

/** Filled: the energy about its mean. Line: its changes, which should be about as wide; where they are much narrower, the chain is slow to reach the tails. */
export function energyFigure(data: EnergyData, width: number): Plot.PlotOptions {
  const lowest = Math.min(...data.eBfmi.filter(Number.isFinite))
  const verdict = `lowest E-BFMI ${lowest.toFixed(2)}${lowest > cutOffs.eBfmi ? '' : `, under ${cutOffs.eBfmi}`}`
  const note = Number.isFinite(lowest) ? { note: verdict } : {}
  const text = {
    title: 'Energy',
    ...note,
    ariaLabel: ['Energy and its changes from draw to draw', ...Object.values(note)].join(', '),
  }
  const layout = { width, height: 240, marginLeft: 14, xLabel: 'Energy minus mean (filled), change of energy (line)' }
  if (data.problem !== undefined) return emptyPanel(text, layout, data.problem)
  return {
    ...panelOptions(text, layout),
    y: { axis: null },
    marks: [
      Plot.rectY(data.marginal, { x1: 'from', x2: 'to', y: 'density', fill: colour.accentSoft }),
      Plot.line(stepLine(data.transition), { x: 'x', y: 'y', stroke: colour.ink, strokeWidth: 1.8 }),
      Plot.ruleY([0], { stroke: colour.muted }),
      xAxis(layout),
      ...panelTitle(text, layout),
    ],
  }
}

/** E-BFMI of every chain. */
export function energyTable({ eBfmi: values }: EnergyData): FigureTable {
  return {
    caption: `E-BFMI, which should be above ${cutOffs.eBfmi}`,
    columns: [{ title: 'Chain' }, { title: 'E-BFMI', numeric: true }],
    rows: values.map((value, chain) => [`${chain + 1}`, Number.isFinite(value) ? value.toFixed(3) : '–']),
  }
}

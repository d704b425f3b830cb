import * as Plot from '@observablehq/plot'
import { extent, ticks } from 'd3-array'
import { sortedDraws } from '../../../diagnostics/convergence/primitives/chains.js'
import { sortedQuantile } from '../../../diagnostics/convergence/primitives/sorted-quantile.js'
import type { Draws } from '../../draws/draws.js'
import type { Scalar } from '../../draws/scalars.js'
import type { FigureTable } from '../figure-element.js'
import { formatCount, formatSignificant } from '../number-format.js'
import { nonFiniteCount } from '../quantity-state.js'
import { divergentDraws } from './divergent-draws.js'
import { emptyPanel, panelOptions, panelTitle, xAxis, yAxis } from './panel.js'
import { colour } from './theme.js'

export interface TraceData {
  readonly name: string
  /** `[chain][draw]`; NaN leaves a gap. */
  readonly chains: readonly Float64Array[]
  /** Draws (from 0) whose transition diverged. `[chain][]` */
  readonly divergent: readonly (readonly number[])[]
  /** Median and 5% and 95% quantiles of the finite draws of all chains. */
  readonly median: number
  readonly lower: number
  readonly upper: number
}

/** What a trace plot of a quantity shows. `sampler` marks divergent transitions. */
export function traceData({ name, chains }: Scalar, sampler?: Draws): TraceData {
  const finite = sortedDraws([Float64Array.from(chains.flatMap((chain) => Array.from(chain.filter(Number.isFinite))))])
  const [median, lower, upper] = [0.5, 0.05, 0.95].map((probability) => sortedQuantile(finite, probability))
  return { name, chains, divergent: divergentDraws(sampler, chains.length), median, lower, upper }
}

/** Points drawn of one chain, at most, as the least and the greatest of as many stretches. */
const stretches = 300

/**
 * Draws in the order of the chain, one row for each chain on the same scale: rows that look alike and have no trend are what to expect. Lines
 * across: median (solid), 5% and 95% quantiles (dashed) of all chains. A cross below marks a divergent transition.
 */
export function traceFigure(data: TraceData, width: number): Plot.PlotOptions {
  const { name, chains, divergent, median, lower, upper } = data
  const rowHeight = chains.length > 4 ? 46 : 60
  const brokenCount = nonFiniteCount({ chains })
  const text = {
    title: name,
    ...(brokenCount > 0 && { note: `${brokenCount} draws are not finite and leave gaps` }),
    ariaLabel: `Trace of ${name}, ${chains.length} chains of ${chains[0]?.length ?? 0} draws`,
  }
  const layout = { width, height: chains.length * rowHeight + 80, marginRight: 62, xLabel: 'Draw' }
  if (!Number.isFinite(median)) return emptyPanel(text, layout, 'no finite draw')
  const row = (chain: number) => `chain ${chain + 1}`
  const points = chains.flatMap((chain, index) =>
    outline(chain).map(([draw, value]) => ({ row: row(index), draw: draw + 1, value })),
  )
  const crosses = divergent.flatMap((draws, index) => draws.map((draw) => ({ row: row(index), draw: draw + 1 })))
  return {
    ...panelOptions(text, layout),
    x: { domain: [1, Math.max(2, chains[0].length)] },
    y: { nice: false, insetTop: 3, insetBottom: crosses.length > 0 ? 12 : 3 },
    fy: { axis: null, domain: chains.map((_, index) => row(index)), padding: 0.08 },
    marks: [
      Plot.frame({ stroke: colour.rule }),
      Plot.ruleY([lower, upper], { stroke: colour.muted, strokeDasharray: '4 3' }),
      Plot.line(points, { x: 'draw', y: 'value', fy: 'row', stroke: colour.accent, strokeWidth: 0.8 }),
      Plot.ruleY([median], { stroke: colour.ink, strokeWidth: 1 }),
      Plot.dot(crosses, {
        x: 'draw',
        fy: 'row',
        frameAnchor: 'bottom',
        dy: -6,
        symbol: 'times',
        r: 3,
        stroke: colour.ink,
        strokeWidth: 1.6,
      }),
      Plot.text(
        chains.map((_, index) => row(index)),
        {
          fy: (label: string) => label,
          text: (label: string) => label,
          frameAnchor: 'right',
          textAnchor: 'start',
          dx: 6,
          fill: colour.muted,
        },
      ),
      xAxis(layout, { tickFormat: formatCount }),
      yAxis({}, { ticks: outerTicks(points) }),
      ...panelTitle(text, layout),
    ],
  }
}

/** The chain as `[draw, value]`, long ones as the least and greatest draw of each stretch, in order. Infinite draws leave gaps as NaN does. */
function outline(chain: Float64Array): [number, number][] {
  const kept = Array.from(chain, (value, draw): [number, number] => [draw, Number.isFinite(value) ? value : Number.NaN])
  if (chain.length <= 2 * stretches) return kept
  return Array.from({ length: stretches }, (_, index) => {
    const part = kept.slice(Math.floor((index * chain.length) / stretches), Math.floor(((index + 1) * chain.length) / stretches))
    const gap = part.find(([, value]) => Number.isNaN(value))
    const finite = part.filter(([, value]) => !Number.isNaN(value)).sort(([, a], [, b]) => a - b)
    const ends = finite.length > 0 ? [finite[0], finite[finite.length - 1]] : []
    return [...ends, ...(gap ? [gap] : [])].sort(([a], [b]) => a - b)
  }).flat()
}

/** The first and the last round value, which leaves room for both in a low row. */
function outerTicks(points: readonly { readonly value: number }[]): number[] {
  const [low = 0, high = 0] = extent(points, ({ value }) => value)
  const round = ticks(low, high, 5)
  return round.length > 2 ? [round[0], round[round.length - 1]] : round
}

/** Median and 90% interval of each chain. */
export function traceTable({ name, chains, divergent }: TraceData): FigureTable {
  return {
    caption: `${name} by chain`,
    columns: [
      { title: 'Chain' },
      ...['Median', '5%', '95%', 'Divergent', 'Not finite'].map((title) => ({ title, numeric: true })),
    ],
    rows: chains.map((chain, index) => {
      const sorted = chain.filter(Number.isFinite).sort()
      const quantiles = [0.5, 0.05, 0.95].map((probability) => formatSignificant(sortedQuantile(sorted, probability), 4))
      return [`${index + 1}`, ...quantiles, `${divergent[index]?.length ?? '–'}`, `${chain.length - sorted.length}`]
    }),
  }
}

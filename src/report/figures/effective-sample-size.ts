import * as Plot from '@observablehq/plot'
import { cutOffs } from '../../../diagnostics/convergence/cut-offs.js'
import { essBulk } from '../../../diagnostics/convergence/ess-bulk.js'
import { essTail } from '../../../diagnostics/convergence/ess-tail.js'
import type { Scalar } from '../../draws/scalars.js'
import type { FigureTable } from '../figure-element.js'
import { formatCount } from '../number-format.js'
import { undrawable } from '../quantity-state.js'
import { emptyPanel, panelOptions, panelTitle, xAxis, yAxis } from './panel.js'
import { colour } from './theme.js'

export interface EssPoint {
  /** Draws of all chains so far. */
  readonly drawCount: number
  readonly bulk: number
  readonly tail: number
}

export interface EssEvolutionData {
  readonly name: string
  /** Why there is nothing to draw. */
  readonly problem?: string
  /** Points where both are defined. */
  readonly points: readonly EssPoint[]
}

const pointCount = 20

/** Bulk and tail effective sample size of the first 5%, 10%, ... of the draws of every chain (Vehtari et al. 2021, 10.1214/20-BA1221). */
export function essEvolutionData({ name, chains }: Scalar): EssEvolutionData {
  const length = chains[0]?.length ?? 0
  const ends = [...new Set(Array.from({ length: pointCount }, (_, index) => Math.floor(((index + 1) * length) / pointCount)))]
  const points = ends
    .map((end) => chains.map((chain) => chain.subarray(0, end)))
    .map((part) => ({ drawCount: part.length * (part[0]?.length ?? 0), bulk: essBulk(part), tail: essTail(part) }))
    .filter(({ bulk, tail }) => Number.isFinite(bulk) && Number.isFinite(tail))
  const problem = undrawable({ name, chains }) ?? (points.length === 0 ? 'too few draws' : undefined)
  return problem === undefined ? { name, points } : { name, problem, points: [] }
}

/** Solid: bulk. Dashed: tail. Both should grow in proportion to the draws and end above the dotted cut-off. */
export function essEvolutionFigure({ name, problem, points }: EssEvolutionData, width: number): Plot.PlotOptions {
  const text = { title: name, ariaLabel: `Effective sample size of ${name} against the number of draws` }
  const layout = {
    width,
    height: 230,
    xLabel: 'Draws of all chains',
    yLabel: 'Effective sample size',
    marginLeft: 60,
    marginRight: 42,
  }
  if (problem !== undefined) return emptyPanel(text, layout, problem)
  const last = points[points.length - 1]
  const top = 1.08 * Math.max(cutOffs.effectiveSampleSize, ...points.flatMap(({ bulk, tail }) => [bulk, tail]))
  return {
    ...panelOptions(text, layout),
    x: { domain: [0, last.drawCount] },
    y: { domain: [0, top] },
    marks: [
      Plot.ruleY([cutOffs.effectiveSampleSize], { stroke: colour.ink, strokeDasharray: '1.5 3' }),
      Plot.text([`${cutOffs.effectiveSampleSize}`], {
        x: [last.drawCount],
        y: [cutOffs.effectiveSampleSize],
        textAnchor: 'end',
        lineAnchor: 'bottom',
        dy: -2,
        fill: colour.muted,
      }),
      Plot.line(points, { x: 'drawCount', y: 'bulk', stroke: colour.accent, strokeWidth: 2 }),
      Plot.line(points, { x: 'drawCount', y: 'tail', stroke: colour.ink, strokeWidth: 2, strokeDasharray: '6 4' }),
      ...lineNames(last, (14 / (layout.height - 72)) * top),
      Plot.ruleY([0], { stroke: colour.muted }),
      xAxis(layout, { tickFormat: formatCount }),
      yAxis(layout, { tickFormat: formatCount }),
      ...panelTitle(text, layout),
    ],
  }
}

/** At the ends of the lines, at least `apart` above the axis and each other. */
function lineNames({ drawCount, bulk, tail }: EssPoint, apart: number): Plot.Markish[] {
  const [low, high] = [
    { label: 'bulk', y: bulk },
    { label: 'tail', y: tail },
  ].sort((a, b) => a.y - b.y)
  const lowY = Math.max(low.y, apart / 2)
  const placed = [
    { label: low.label, y: lowY },
    { label: high.label, y: Math.max(high.y, lowY + apart) },
  ]
  return [Plot.text(placed, { x: drawCount, y: 'y', text: 'label', textAnchor: 'start', dx: 6, fill: colour.ink })]
}

export function essEvolutionTable({ name, points }: EssEvolutionData): FigureTable {
  return {
    caption: `Effective sample size of ${name}`,
    columns: ['Draws', 'Bulk', 'Tail'].map((title) => ({ title, numeric: true })),
    rows: points.map(({ drawCount, bulk, tail }) => [drawCount, bulk, tail].map(formatCount)),
  }
}

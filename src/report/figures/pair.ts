import * as Plot from '@observablehq/plot'
import { mean } from '../../../diagnostics/convergence/primitives/moments.js'
import type { Draws } from '../../draws/draws.js'
import type { Scalar } from '../../draws/scalars.js'
import type { FigureTable } from '../figure-element.js'
import { formatCount, formatNumber, formatSignificant } from '../number-format.js'
import { divergentDraws } from './divergent-draws.js'
import { compact, emptyPanel, panelOptions, panelTitle, shorten, xAxis, yAxis } from './panel.js'
import { colour } from './theme.js'

export interface PairPoint {
  readonly x: number
  readonly y: number
}

export interface PairData {
  readonly xName: string
  readonly yName: string
  /** Draws whose transition did not diverge, at most 1000, equally spaced. */
  readonly points: readonly PairPoint[]
  readonly divergent: readonly PairPoint[]
  /** Of all finite draws; NaN when one of the two is constant. */
  readonly correlation: number
  /** Draws that were left out since one of the two is not finite. */
  readonly leftOut: number
}

const shownPoints = 1000

/** Draws of two quantities against each other. Divergent transitions are always kept. */
export function pairData(x: Scalar, y: Scalar, sampler?: Draws): PairData {
  const divergences = divergentDraws(sampler, x.chains.length).map((draws) => new Set(draws))
  const all = x.chains.flatMap((chain, index) =>
    Array.from(chain, (value, draw) => ({ x: value, y: y.chains[index][draw], isDivergent: divergences[index].has(draw) })),
  )
  const finite = all.filter((point) => Number.isFinite(point.x) && Number.isFinite(point.y))
  const ordinary = finite.filter(({ isDivergent }) => !isDivergent)
  const step = Math.max(1, Math.ceil(ordinary.length / shownPoints))
  return {
    xName: x.name,
    yName: y.name,
    points: ordinary.filter((_, index) => index % step === 0),
    divergent: finite.filter(({ isDivergent }) => isDivergent),
    correlation: correlation(finite),
    leftOut: all.length - finite.length,
  }
}

function correlation(points: readonly PairPoint[]): number {
  const [meanX, meanY] = [mean(points.map(({ x }) => x)), mean(points.map(({ y }) => y))]
  const sum = (term: (point: PairPoint) => number) => points.reduce((total, point) => total + term(point), 0)
  const [xx, yy] = [sum(({ x }) => (x - meanX) ** 2), sum(({ y }) => (y - meanY) ** 2)]
  return sum(({ x, y }) => (x - meanX) * (y - meanY)) / Math.sqrt(xx * yy)
}

/** Dots: draws. Crosses: divergent transitions, which gather where the sampler cannot follow the curvature. */
export function pairFigure(data: PairData, width: number): Plot.PlotOptions {
  const { xName, yName, points, divergent } = data
  const divergentNote = divergent.length > 0 ? `; ${divergent.length} divergent` : ''
  const text = {
    title: `${yName} against ${xName}`,
    note: Number.isFinite(data.correlation)
      ? `correlation ${formatNumber(data.correlation, 2)}${divergentNote}`
      : `no correlation${divergentNote}`,
    ariaLabel: `${yName} against ${xName}, ${divergent.length} divergent transitions`,
  }
  const characters = Math.floor(width / 9)
  const layout = {
    width,
    height: Math.min(width, 300),
    xLabel: shorten(xName, characters),
    yLabel: shorten(yName, 28),
    marginLeft: 64,
  }
  if (points.length + divergent.length === 0) return emptyPanel(text, layout, 'no draw in which both are finite')
  return {
    ...panelOptions(text, layout),
    x: { nice: true },
    y: { nice: true },
    marks: [
      Plot.frame({ stroke: colour.rule }),
      Plot.dot(points, { x: 'x', y: 'y', r: 1.7, fill: colour.accent, fillOpacity: 0.35 }),
      Plot.dot(divergent, { x: 'x', y: 'y', r: 3.2, symbol: 'times', stroke: colour.ink, strokeWidth: 1.8 }),
      xAxis(layout, { ticks: Math.max(3, Math.round(width / 90)), tickFormat: compact }),
      yAxis(layout),
      ...panelTitle(text, layout),
    ],
  }
}

export function pairTable({ xName, yName, points, divergent, correlation: value, leftOut }: PairData): FigureTable {
  return {
    caption: `${yName} against ${xName}`,
    columns: ['Correlation', 'Points shown', 'Divergent', 'Left out'].map((title) => ({ title, numeric: true })),
    rows: [[formatSignificant(value), formatCount(points.length), formatCount(divergent.length), formatCount(leftOut)]],
  }
}

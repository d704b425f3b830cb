import * as Plot from '@observablehq/plot'
import type { FigureTable } from '../figure-element.js'
import { formatSignificant } from '../number-format.js'
import { emptyPanel, panelOptions, panelTitle, xAxis, yAxis } from './panel.js'
import { chainsOutside, type RankData } from './rank-data.js'
import { colour } from './theme.js'

/** Lines within the shaded band agree with the other chains; one that leaves it is drawn thick and named. */
export function rankFigure(data: RankData, width: number): Plot.PlotOptions {
  const outside = new Set(chainsOutside(data))
  const verdict = noteOf(data, [...outside])
  const text = {
    title: data.name,
    ...(data.problem === undefined && { note: verdict }),
    ariaLabel: `Ranks of ${data.name} by chain: ${data.problem ?? verdict}`,
  }
  const layout = { width, height: 230, xLabel: 'Fraction of all draws', yLabel: 'ECDF difference', marginLeft: 60 }
  if (data.problem !== undefined) return emptyPanel(text, layout, data.problem)
  const ends = [{ x: 0, lower: 0, upper: 0 }]
  const band = [
    ...ends,
    ...data.fractions.map((x, index) => ({ x, lower: data.lower[index], upper: data.upper[index] })),
    { x: 1, lower: 0, upper: 0 },
  ]
  const lines = data.differences.map((values, chain) => ({
    isOutside: outside.has(chain),
    points: [{ x: 0, y: 0 }, ...values.map((y, index) => ({ x: data.fractions[index], y })), { x: 1, y: 0 }],
    label: data.labels[chain],
  }))
  return {
    ...panelOptions(text, layout),
    x: { domain: [0, 1] },
    y: { insetTop: 16, insetBottom: 16 },
    marks: [
      Plot.areaY(band, { x: 'x', y1: 'lower', y2: 'upper', fill: colour.rule, fillOpacity: 0.7 }),
      Plot.ruleY([0], { stroke: colour.muted, strokeDasharray: '4 3' }),
      ...lines.map(({ points, isOutside }) =>
        Plot.line(points, { x: 'x', y: 'y', stroke: isOutside ? colour.accent : colour.muted, strokeWidth: isOutside ? 2.4 : 1 }),
      ),
      ...extremes(lines.filter(({ isOutside }) => isOutside)),
      xAxis(layout),
      yAxis(layout),
      ...panelTitle(text, layout),
    ],
  }
}

interface RankLine {
  readonly points: readonly { readonly x: number; readonly y: number }[]
  readonly label: string
}

/** Names at the highest and the lowest point of the lines; the note names the others. */
function extremes(lines: readonly RankLine[]): Plot.Markish[] {
  const points = lines.flatMap(({ points: all, label }) => all.map((point) => ({ ...point, label })))
  const name = (sign: 1 | -1) => {
    const peak = points.reduce((best, point) => (sign * point.y > sign * best.y ? point : best), { x: 0, y: 0, label: '' })
    return Plot.text([peak], {
      x: 'x',
      y: 'y',
      text: 'label',
      dy: -9 * sign,
      fill: colour.ink,
      stroke: 'var(--surface, white)',
      strokeWidth: 3,
    })
  }
  return [name(1), name(-1)]
}

function noteOf({ thinning, labels }: RankData, outside: readonly number[]): string {
  const names =
    outside.length > 2 ? `${outside.length} of ${labels.length} chains` : outside.map((chain) => labels[chain]).join(' and ')
  const verdict =
    outside.length === 0 ? 'all within the 95% band' : `${names} ${outside.length === 1 ? 'leaves' : 'leave'} the 95% band`
  return thinning > 1 ? `${verdict}; every ${ordinal(thinning)} draw` : verdict
}

function ordinal(count: number): string {
  const suffix = count % 100 >= 11 && count % 100 <= 13 ? 'th' : (['th', 'st', 'nd', 'rd'][count % 10] ?? 'th')
  return `${count}${suffix}`
}

/** The largest difference of each chain and where it lies. */
export function rankTable(data: RankData): FigureTable {
  const outside = new Set(chainsOutside(data))
  return {
    caption: `Ranks of ${data.name}: largest difference from equal shares`,
    columns: [
      { title: 'Chain' },
      { title: 'Difference', numeric: true },
      { title: 'At fraction', numeric: true },
      { title: '95% band' },
    ],
    rows: data.differences.map((values, chain) => {
      const peak = values.reduce((best, value, index) => (Math.abs(value) > Math.abs(values[best]) ? index : best), 0)
      return [
        data.labels[chain],
        formatSignificant(values[peak]),
        formatSignificant(data.fractions[peak]),
        outside.has(chain) ? 'left' : 'kept',
      ]
    }),
  }
}

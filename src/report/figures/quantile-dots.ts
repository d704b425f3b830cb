import * as Plot from '@observablehq/plot'
import { extent } from 'd3-array'
import { stackDots } from '../quantile-dots.js'
import { baseOptions, colour } from './theme.js'

export interface DotRow {
  readonly label: string
  /** Equally likely values, ascending. */
  readonly values: readonly number[]
}

export interface QuantileDotsData {
  readonly rows: readonly DotRow[]
  readonly axisLabel: string
  /** Values from which on a dot is filled, half filled, or else hollow; all are filled when there are none. */
  readonly kindOf?: (value: number) => DotKind
  /** Lines across. */
  readonly marks?: readonly { readonly x: number; readonly label: string; readonly isDashed?: boolean }[]
  readonly ariaLabel: string
}

export type DotKind = 'full' | 'half' | 'hollow'

/** Height of the tallest stack, and room above it for the name of the row. In pixels. */
const tallest = 120
const nameHeight = 26
const gap = 14

/** Quantile dot plots under each other on one axis: every dot is one of so many equally likely values. Dots touch, and no stack is taller than the row. */
export function quantileDotsFigure(data: QuantileDotsData, width: number): Plot.PlotOptions {
  const margins = { marginLeft: 10, marginRight: 10, marginTop: (data.marks?.length ?? 0) > 0 ? 34 : 8, marginBottom: 46 }
  const [low, high] = domain(data)
  const inner = width - margins.marginLeft - margins.marginRight
  const size = dotSize(data.rows, high - low, inner)
  const stacks = data.rows.map((row) => stackDots(row.values, (size / inner) * (high - low)))
  const heights = stacks.map((dots) => size * (1 + Math.max(0, ...dots.map(({ level }) => level))) + nameHeight + gap)
  const total = heights.reduce((sum, height) => sum + height, 0)
  const bases = heights.map((_, row) => heights.slice(0, row + 1).reduce((sum, height) => sum + height, 0) - gap / 2)
  const dots = stacks.flatMap((stack, row) =>
    stack.map(({ value, x, level }) => ({ x, y: bases[row] - size * (level + 0.5), kind: data.kindOf?.(value) ?? 'full' })),
  )
  const names = data.rows.map(({ label }, row) => ({ label, y: bases[row] - heights[row] + gap + nameHeight / 2 }))
  return {
    ...baseOptions,
    ...margins,
    width,
    height: total + margins.marginTop + margins.marginBottom,
    ariaLabel: data.ariaLabel,
    x: { domain: [low, high] },
    y: { axis: null, domain: [total, 0] },
    r: { type: 'identity' },
    marks: [
      Plot.axisX({
        label: data.axisLabel,
        labelAnchor: 'center',
        labelArrow: 'none',
        labelOffset: 40,
        tickSize: 0,
        ticks: width < 500 ? 5 : 9,
      }),
      ...(data.marks ?? []).flatMap((mark, index) => [
        ...lineLabel(mark, index, [low, high]),
        Plot.ruleX(bases, {
          x: mark.x,
          y1: (base: number) => base,
          y2: (base: number) => base - heights[bases.indexOf(base)] + gap + nameHeight,
          ...lineStyle(mark),
        }),
      ]),
      Plot.ruleY(bases, { stroke: colour.rule }),
      ...(['full', 'half', 'hollow'] as const).map((kind) =>
        Plot.dot(
          dots.filter((dot) => dot.kind === kind),
          { x: 'x', y: 'y', r: 0.46 * size - 0.6, ...dotStyle[kind] },
        ),
      ),
      Plot.text(names, { y: 'y', text: 'label', frameAnchor: 'left', fill: colour.ink, fontWeight: 600, ...halo }),
    ],
  }
}

const halo = { stroke: 'var(--surface, white)', strokeWidth: 4 }

const dotStyle = {
  full: { fill: colour.accent, stroke: colour.accent, strokeWidth: 1.2 },
  half: { fill: colour.accentSoft, stroke: colour.accent, strokeWidth: 1.2 },
  hollow: { fill: 'var(--surface, white)', stroke: colour.ink, strokeWidth: 1.4 },
} as const

/** The largest dots whose stacks are not too tall, in pixels. */
function dotSize(rows: readonly DotRow[], span: number, inner: number): number {
  for (let size = 26; size > 3; size *= 0.96) {
    const levels = rows.flatMap(({ values }) => stackDots(values, (size / inner) * span).map(({ level }) => level))
    if (size * (1 + Math.max(0, ...levels)) <= tallest) return size
  }
  return 3
}

/** All values and lines, with half a stack to spare on both sides. */
function domain({ rows, marks = [] }: QuantileDotsData): [number, number] {
  const [low = 0, high = 1] = extent([...rows.flatMap(({ values }) => values), ...marks.map(({ x }) => x)])
  const padding = 0.05 * (high - low) || 1
  return [low - padding, high + padding]
}

type LineMark = NonNullable<QuantileDotsData['marks']>[number]

function lineStyle({ isDashed }: LineMark) {
  return { stroke: colour.ink, strokeWidth: 1.2, ...(isDashed && { strokeDasharray: '5 4' }) }
}

/** Above the plot, at the height of every second text, with the beginning of the line; the names of rows interrupt the line. */
function lineLabel(mark: LineMark, index: number, [low, high]: [number, number]): Plot.Markish[] {
  const { x, label } = mark
  const isRight = x > low + 0.55 * (high - low)
  const rise = index % 2 === 0 ? 15 : 31
  return [
    Plot.ruleX([x], { y1: 0, y2: 0, ...lineStyle(mark), insetTop: 1 - rise, insetBottom: -4 }),
    Plot.text([label], {
      x: [x],
      frameAnchor: 'top',
      lineAnchor: 'top',
      dy: -rise,
      dx: isRight ? -6 : 6,
      textAnchor: isRight ? 'end' : 'start',
      fill: colour.ink,
    }),
  ]
}

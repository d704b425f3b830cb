import * as Plot from '@observablehq/plot'
import { forestDomain } from './forest-domain.js'
import { directionMarks, labelMarks, numberMarks } from './forest-text.js'
import { baseOptions, colour, labelAnchor } from './theme.js'

export interface Interval {
  readonly mean: number
  readonly lower: number
  readonly upper: number
}

export interface ForestRow {
  readonly label: string
  readonly patientCount: number
  /** From this trial's data alone. */
  readonly own: Interval
  /** In the light of the other trials. */
  readonly shrunken: Interval
}

/** One effect across trials, in the units that `axisLabel` names. */
export interface ForestData {
  readonly rows: readonly ForestRow[]
  readonly average: Interval
  readonly newSetting: Interval
  readonly axisLabel: string
  readonly decimals: number
  /** The arm that is better to the left and to the right of zero; none for an interaction. */
  readonly directions?: readonly [string, string]
  readonly ariaLabel: string
}

export interface ForestLayout {
  readonly width: number
  /** Columns of numbers at the right. */
  readonly hasNumbers: boolean
  readonly rowHeight: number
}

const halfRow = 0.17

/**
 * Forest plot: for each trial a square with its own 95% interval and below it a dot with its shrunken interval; at the foot the average
 * setting as a diamond and the prediction interval for a new setting as a bar. Intervals that leave the axis end in an arrow.
 */
export function forestFigure(data: ForestData, layout: ForestLayout): Plot.PlotOptions {
  const { rows } = data
  const lastRow = rows.length + 2
  const tickCount = layout.width < 500 ? 4 : 6
  const top = data.directions || layout.hasNumbers ? -1.1 : -0.7
  const margins = {
    marginLeft: layout.width < 500 ? 104 : 176,
    marginRight: layout.hasNumbers ? 312 : 14,
    marginTop: 8,
    marginBottom: 46,
  }
  return {
    ...baseOptions,
    ...margins,
    width: layout.width,
    height: margins.marginTop + margins.marginBottom + (lastRow - 0.4 - top) * layout.rowHeight,
    ariaLabel: data.ariaLabel,
    x: { domain: forestDomain(data) },
    y: { axis: null, domain: [lastRow - 0.4, top] },
    r: { type: 'identity' },
    marks: [
      Plot.gridX({ ticks: tickCount, y1: -0.55, y2: lastRow - 0.4, stroke: colour.rule, strokeOpacity: 1 }),
      Plot.axisX({
        ticks: tickCount,
        label: data.axisLabel,
        labelAnchor: labelAnchor(data.axisLabel, layout.width - margins.marginLeft - margins.marginRight),
        labelArrow: 'none',
        labelOffset: 40,
        tickSize: 0,
      }),
      Plot.ruleX([0], { y1: -0.55, y2: lastRow - 0.4, stroke: colour.ink, strokeWidth: 1.2 }),
      Plot.ruleY([rows.length - 0.45], { stroke: colour.rule }),
      ...trialMarks(data, layout.rowHeight),
      ...summaryMarks(data),
      ...labelMarks(data, margins.marginLeft, layout),
      ...(layout.hasNumbers ? numberMarks(data) : []),
      ...directionMarks(data, layout),
    ],
  }
}

interface Segment extends Interval {
  readonly y: number
}

function trialMarks(data: ForestData, rowHeight: number): Plot.Markish[] {
  const own = data.rows.map((row, index): Segment & { radius: number } => ({
    ...row.own,
    y: index - halfRow,
    radius: squareRadius(row, data.rows, Math.min(5.2, 0.21 * rowHeight)),
  }))
  const shrunken = data.rows.map((row, index): Segment => ({ ...row.shrunken, y: index + halfRow }))
  return [
    ...intervalMarks(own, data, { stroke: colour.muted, strokeWidth: 1.2, arrow: Math.min(4, 0.16 * rowHeight) }),
    Plot.dot(inside(own, data), { x: 'mean', y: 'y', r: 'radius', symbol: 'square', fill: colour.muted }),
    ...intervalMarks(shrunken, data, { stroke: colour.accent, strokeWidth: rowHeight < 20 ? 1.6 : 2, arrow: 3 }),
    Plot.dot(shrunken, { x: 'mean', y: 'y', r: Math.min(3.2, 0.14 * rowHeight), fill: colour.accent }),
  ]
}

/** Area in proportion to the precision of the trial's own estimate. */
function squareRadius(row: ForestRow, rows: readonly ForestRow[], largest: number): number {
  const width = (interval: Interval) => interval.upper - interval.lower
  const narrowest = Math.min(...rows.map((other) => width(other.own)).filter((value) => value > 0))
  return Math.max(1.6, (largest * narrowest) / width(row.own) || 1.6)
}

function inside<Item extends Interval>(items: readonly Item[], data: ForestData): Item[] {
  const [low, high] = forestDomain(data)
  return items.filter((item) => item.mean >= low && item.mean <= high)
}

/** Lines from lower to upper, cut at the axis with an arrowhead where they go on. */
function intervalMarks(
  segments: readonly Segment[],
  data: ForestData,
  style: { stroke: string; strokeWidth: number; arrow: number },
): Plot.Markish[] {
  const [low, high] = forestDomain(data)
  const arrow = (side: 'left' | 'right') =>
    Plot.dot(
      segments.filter((segment) => (side === 'left' ? segment.lower < low : segment.upper > high)),
      {
        x: side === 'left' ? low : high,
        y: 'y',
        r: style.arrow,
        symbol: 'triangle',
        rotate: side === 'left' ? -90 : 90,
        fill: style.stroke,
      },
    )
  return [
    Plot.ruleY(segments, {
      x1: (segment: Segment) => Math.min(high, Math.max(low, segment.lower)),
      x2: (segment: Segment) => Math.max(low, Math.min(high, segment.upper)),
      y: 'y',
      stroke: style.stroke,
      strokeWidth: style.strokeWidth,
    }),
    arrow('left'),
    arrow('right'),
  ]
}

function summaryMarks({ rows, average, newSetting }: ForestData): Plot.Markish[] {
  const y = rows.length
  const diamond = [
    { x: average.lower, half: 0 },
    { x: average.mean, half: 0.3 },
    { x: average.upper, half: 0 },
  ]
  return [
    Plot.areaY(diamond, { x: 'x', y1: ({ half }) => y - half, y2: ({ half }) => y + half, fill: colour.accent }),
    Plot.rect([newSetting], {
      x1: 'lower',
      x2: 'upper',
      y1: y + 0.88,
      y2: y + 1.12,
      fill: colour.accentSoft,
      stroke: colour.accent,
      strokeWidth: 1,
    }),
    Plot.ruleX([newSetting], { x: 'mean', y1: y + 0.8, y2: y + 1.2, stroke: colour.accent, strokeWidth: 2 }),
  ]
}

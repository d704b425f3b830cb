import * as Plot from '@observablehq/plot'
import { formatInterval, formatNumber } from '../number-format.js'
import type { ForestData, ForestLayout, ForestRow, Interval } from './forest.js'
import { colour } from './theme.js'

const labelLength = 22

/** Names and sizes of the trials at the left, and the two rows at the foot. */
export function labelMarks({ rows }: ForestData, marginLeft: number, layout: ForestLayout): Plot.Markish[] {
  const isNarrow = layout.width < 500
  const limit = isNarrow ? 14 : labelLength
  const trials = rows.map((row, y) => ({ y, text: shorten(row.label, limit), count: String(row.patientCount) }))
  const summaries = [
    { y: rows.length, text: isNarrow ? 'Average' : 'Average setting' },
    { y: rows.length + 1, text: isNarrow ? 'New setting' : 'New setting (prediction)' },
  ]
  const left = { y: 'y', text: 'text', frameAnchor: 'left', textAnchor: 'start', dx: -marginLeft, fill: 'currentColor' } as const
  const marks = [Plot.text(trials, left), Plot.text(summaries, { ...left, fontWeight: 600 })]
  if (isNarrow) return marks
  const counts = { frameAnchor: 'left', textAnchor: 'end', dx: -10, fill: colour.muted } as const
  return [
    ...marks,
    Plot.text(trials, { ...counts, y: 'y', text: 'count', fontVariant: 'tabular-nums' }),
    Plot.text(['n'], { ...counts, y: -1 }),
  ]
}

/** Means and intervals in columns at the right. */
export function numberMarks({ rows, average, newSetting, decimals }: ForestData): Plot.Markish[] {
  const mean = (interval: Interval) => formatNumber(interval.mean, decimals)
  const range = (interval: Interval) => formatInterval(interval, decimals)
  const y = (_: unknown, index: number) => index
  const column = (dx: number) =>
    ({ frameAnchor: 'right', textAnchor: 'end', dx, fontVariant: 'tabular-nums', fill: 'currentColor' }) as const
  const heading = (text: string, dx: number) => Plot.text([text], { ...column(dx), y: -1, fill: colour.muted })
  const summaries = [
    { y: rows.length, interval: average },
    { y: rows.length + 1, interval: newSetting },
  ]
  return [
    heading('Trial alone, 95%', 154),
    heading('Shrunken, 95%', 312),
    Plot.text(rows, { ...column(46), y, text: (row: ForestRow) => mean(row.own) }),
    Plot.text(rows, { ...column(154), y, text: (row: ForestRow) => range(row.own), fill: colour.muted }),
    Plot.text(rows, { ...column(204), y, text: (row: ForestRow) => mean(row.shrunken) }),
    Plot.text(rows, { ...column(312), y, text: (row: ForestRow) => range(row.shrunken), fill: colour.muted }),
    Plot.text(summaries, { ...column(204), y: 'y', fontWeight: 600, text: ({ interval }) => mean(interval) }),
    Plot.text(summaries, { ...column(312), y: 'y', fontWeight: 600, text: ({ interval }) => range(interval) }),
  ]
}

/** Which arm is better on either side of zero. */
export function directionMarks({ directions }: ForestData, { width }: ForestLayout): Plot.Markish[] {
  if (!directions) return []
  const limit = width < 500 ? 15 : 24
  const [left, right] = directions.map((arm) => (arm.length + 7 <= limit ? `${arm} better` : shorten(arm, limit)))
  return [
    Plot.text([`← ${left}`], { y: -1, frameAnchor: 'left', textAnchor: 'start', dx: 4, fill: colour.muted }),
    Plot.text([`${right} →`], { y: -1, frameAnchor: 'right', textAnchor: 'end', dx: -4, fill: colour.muted }),
  ]
}

function shorten(text: string, limit: number): string {
  return text.length > limit ? `${text.slice(0, limit - 1)}…` : text
}

import * as Plot from '@observablehq/plot'
import { baseOptions, colour } from './theme.js'

export interface PanelText {
  /** The quantity. */
  readonly title: string
  /** What to know of it, in a few words. */
  readonly note?: string
  readonly ariaLabel: string
}

export interface PanelLayout {
  readonly width: number
  readonly height: number
  readonly marginLeft?: number
  readonly marginRight?: number
  readonly xLabel: string
  readonly yLabel?: string
}

const titleHeight = 20

/** Frame that the figures of sampler diagnostics share: title and note above, label of the x axis below. */
export function panelOptions(text: PanelText, layout: PanelLayout): Plot.PlotOptions {
  const { width, height, marginLeft = 52, marginRight = 14 } = layout
  return {
    ...baseOptions,
    width,
    height,
    marginLeft,
    marginRight,
    marginTop: text.note === undefined ? titleHeight + 8 : 2 * titleHeight + 4,
    marginBottom: 44,
    ariaLabel: text.ariaLabel,
  }
}

/** Title and note, once for all facets. */
export function panelTitle({ title, note }: PanelText, { width, marginLeft = 52 }: PanelLayout): Plot.Markish[] {
  const line = { frameAnchor: 'top-left', lineAnchor: 'bottom', textAnchor: 'start', dx: -marginLeft, facet: 'super' } as const
  const characters = Math.floor(width / 7.4)
  const heading = Plot.text([shorten(title, characters)], {
    ...line,
    dy: note === undefined ? -10 : -26,
    fontWeight: 600,
    fill: 'currentColor',
  })
  return note === undefined
    ? [heading]
    : [heading, Plot.text([shorten(note, characters)], { ...line, dy: -8, fill: colour.muted })]
}

export function xAxis({ xLabel, width }: PanelLayout, options: Plot.AxisXOptions = {}): Plot.Markish {
  const ticks = Math.max(3, Math.round(width / 90))
  return Plot.axisX({ label: xLabel, labelAnchor: 'center', labelArrow: 'none', labelOffset: 38, tickSize: 0, ticks, ...options })
}

export function yAxis(
  { yLabel, marginLeft = 52 }: Pick<PanelLayout, 'yLabel' | 'marginLeft'>,
  options: Plot.AxisYOptions = {},
): Plot.Markish {
  return Plot.axisY({
    label: yLabel ?? null,
    labelAnchor: 'center',
    labelArrow: 'none',
    labelOffset: marginLeft - 4,
    tickSize: 0,
    ticks: 4,
    tickFormat: compact,
    ...options,
  })
}

/** A panel for a quantity that cannot be drawn. */
export function emptyPanel(text: PanelText, layout: PanelLayout, message: string): Plot.PlotOptions {
  return {
    ...panelOptions(text, layout),
    x: { domain: [0, 1], axis: null },
    y: { domain: [0, 1], axis: null },
    marks: [
      Plot.frame({ stroke: colour.rule }),
      Plot.text([message], { frameAnchor: 'middle', fill: colour.muted, lineWidth: Math.max(8, layout.width / 16) }),
      ...panelTitle(text, layout),
    ],
  }
}

/** Numbers of an axis in few characters: `12k`, `0.25`, `3e-7`. */
export function compact(value: number): string {
  const size = Math.abs(value)
  if (size !== 0 && (size < 1e-3 || size >= 1e7))
    return value.toExponential(1).replace('.0e', 'e').replace('e+', 'e').replace('-', '−')
  const [scaled, suffix] = size >= 1e4 ? [value / 1000, 'k'] : [value, '']
  return `${Number(scaled.toPrecision(4))}${suffix}`.replace('-', '−')
}

export function shorten(text: string, limit: number): string {
  return text.length > limit ? `${text.slice(0, Math.max(1, limit - 1))}…` : text
}

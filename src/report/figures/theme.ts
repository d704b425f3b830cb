import type { PlotOptions } from '@observablehq/plot'

/** Colours of the page, with values for figures that stand alone, as in a notebook. */
export const colour = {
  ink: 'var(--ink, currentColor)',
  muted: 'var(--muted, #5b6470)',
  rule: 'var(--rule, #d9dde2)',
  accent: 'var(--accent, #0a6190)',
  accentSoft: 'var(--accent-soft, #8fbcd6)',
} as const

/** Settings that all figures share. */
export const baseOptions: PlotOptions = {
  style: { background: 'none', color: 'currentColor', fontFamily: 'inherit', fontSize: '13px', overflow: 'visible' },
}

/** Mean width of a character of the labels, in pixels. */
const CHARACTER = 6.4

/** Where the label of an axis stands so that a long one is not cut: it ends where a short axis ends. @param length of the axis, in pixels */
export function labelAnchor(label: string, length: number): 'center' | 'right' {
  return CHARACTER * label.length > length ? 'right' : 'center'
}

/** Width of a figure beside which numbers can stand. */
export const wideWidth = 820
/** Width of a figure on a phone. */
export const narrowWidth = 360

import type { PlotOptions } from '@observablehq/plot'
import { figureSvg } from './figure-svg.js'
import { html } from './html.js'

export interface GridLayout {
  /** Panels beside each other. */
  readonly columns: number
  /** Space between panels, in pixels. */
  readonly gap?: number
  readonly ariaLabel: string
}

/** Several figures of the same width as one image, row by row; `undefined` leaves a place empty. A string of SVG, as of `figureSvg`. */
export function figureGrid(panels: readonly (PlotOptions | undefined)[], { columns, gap = 16, ariaLabel }: GridLayout): string {
  const panelWidth = Math.max(...panels.map((panel) => panel?.width ?? 0))
  const rows = Array.from({ length: Math.ceil(panels.length / columns) }, (_, row) =>
    panels.slice(row * columns, (row + 1) * columns),
  )
  const heights = rows.map((row) => Math.max(0, ...row.map((panel) => panel?.height ?? 0)))
  const tops = heights.map((_, row) => heights.slice(0, row).reduce((sum, height) => sum + height + gap, 0))
  const width = columns * panelWidth + (columns - 1) * gap
  const height = heights.reduce((sum, value) => sum + value, 0) + gap * Math.max(0, rows.length - 1)
  const placed = rows.flatMap((row, rowIndex) =>
    row.map((panel, column) =>
      panel === undefined
        ? ''
        : figureSvg(panel).replace(/^<svg /, `<svg x="${column * (panelWidth + gap)}" y="${tops[rowIndex]}" `),
    ),
  )
  const opening = html`<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="${ariaLabel}" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" fill="currentColor">`
  return `${opening.text}${placed.join('')}</svg>`
}

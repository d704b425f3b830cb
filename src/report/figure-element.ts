import type { PlotOptions } from '@observablehq/plot'
import { figureSvg } from './figure-svg.js'
import { narrowWidth, wideWidth } from './figures/theme.js'
import { type Content, type Html, html, trusted } from './html.js'
import { type TableColumn, table } from './table.js'

export interface FigureTable {
  readonly caption: string
  readonly columns: readonly TableColumn[]
  readonly rows: readonly (readonly Content[])[]
}

export interface FigureElement {
  /** Stands above the figure: a heading or a key. */
  readonly lead?: Content
  readonly caption: Content
  /** The numbers behind the figure. */
  readonly data: FigureTable
}

/** A figure drawn twice, for a page and for a phone, of which the style sheet shows one, with its caption and its numbers. */
export function responsiveFigure(draw: (width: number) => PlotOptions, element: FigureElement): Html {
  return figureElement(
    html`<div class="wide">${trusted(figureSvg(draw(wideWidth)))}</div><div class="narrow">${trusted(figureSvg(draw(narrowWidth)))}</div>`,
    element,
  )
}

/** A figure with its caption and its numbers. */
export function figureElement(image: Html, { lead, caption, data }: FigureElement): Html {
  return html`<figure>${lead}${image}<figcaption>${caption}</figcaption>
<details><summary>The numbers of this figure</summary>${table(data.caption, data.columns, data.rows)}</details></figure>`
}

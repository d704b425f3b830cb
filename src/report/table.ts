import { type Content, type Html, html } from './html.js'

export interface TableColumn {
  readonly title: Content
  /** Numbers are set flush right in figures of equal width. */
  readonly numeric?: boolean
}

/** A table that scrolls sideways on its own when the page is narrow. The first cell of a row is its header. */
export function table(caption: string, columns: readonly TableColumn[], rows: readonly (readonly Content[])[]): Html {
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table><caption><span>${caption}</span></caption>
<thead><tr>${columns.map((column) => html`<th scope="col"${numericClass(column)}>${column.title}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map((content, index) => cell(content, columns[index], index === 0))}</tr>\n`)}</tbody></table></div>`
}

function cell(content: Content, column: TableColumn, isHeader: boolean): Html {
  return isHeader
    ? html`<th scope="row"${numericClass(column)}>${content}</th>`
    : html`<td${numericClass(column)}>${content}</td>`
}

function numericClass(column: TableColumn): Html | undefined {
  return column.numeric ? html` class="number"` : undefined
}

import * as Plot from '@observablehq/plot'
import { parseHTML } from 'linkedom'
import { html } from './html.js'

/**
 * An Observable Plot as a string of SVG, drawn without a browser. The figure's colours are CSS variables and `currentColor`, with fall-backs,
 * so that it follows the page that it stands in; `ariaLabel` becomes the name of the image.
 */
export function figureSvg({ ariaLabel, ...options }: Plot.PlotOptions): string {
  const { document } = parseHTML('<!doctype html><html><body></body></html>')
  const figure = Plot.plot({ ...options, document: document as unknown as NonNullable<Plot.PlotOptions['document']> })
  // the image has one name: those that Plot gives to its groups are not allowed on elements without a role
  const markup = (figure as unknown as { readonly outerHTML: string }).outerHTML.replace(
    /(<g\b[^>]*?) aria-label="[\w -]*"/g,
    '$1',
  )
  // linkedom leaves < in attributes as it is, which XML forbids: the only attribute with text from data is written here
  return markup.replace(
    /^<svg /,
    () => html`<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="${ariaLabel ?? undefined}" `.text,
  )
}

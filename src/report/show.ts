import type { PlotOptions } from '@observablehq/plot'
import { figureSvg } from './figure-svg.js'
import { html } from './html.js'
import { asText } from './text/as-text.js'

/** A notebook that can show HTML. */
interface Notebook {
  html(markup: string): void
}

/**
 * Shows a value where the program runs: in a notebook (tslab, or Deno's kernel) figures are drawn and reports stand in a frame of their own; anything else, and
 * everything outside of notebooks, is written as text with `console.log`.
 *
 * @param value draws, a fit, an analysis, effects, a diagnosis, a validation ...; a figure such as `effectForest(analysis)`; SVG; or a page such as `renderReport(analysis)`
 * @example
 * ```ts
 * import { show } from 'poolite'
 *
 * show([{ trial: 'ACT-1', effect: 1.5 }, { trial: 'ACT-2', effect: 0.25 }])
 * ```
 */
export function show(value: unknown): void {
  const notebook = currentNotebook()
  const markup = markupOf(value)
  if (markup === undefined) console.log(asText(value))
  else if (notebook) notebook.html(markup)
  else console.log(typeof value === 'string' ? pageText(value) : asText(value))
}

/** HTML of a figure or page; undefined for values that are text. */
function markupOf(value: unknown): string | undefined {
  if (isFigure(value)) return figureSvg(value)
  if (typeof value !== 'string') return undefined
  if (/^\s*<svg\b/i.test(value)) return value
  if (!isPage(value)) return undefined
  return html`<iframe srcdoc="${value}" sandbox="" title="${titleOf(value)}" style="width: 100%; height: 40rem; border: 1px solid"></iframe>`
    .text
}

const isFigure = (value: unknown): value is PlotOptions => typeof value === 'object' && value !== null && 'marks' in value

const isPage = (text: string): boolean => /^\s*<!doctype html/i.test(text)

const titleOf = (page: string): string => /<title>([^<]*)<\/title>/i.exec(page)?.[1] ?? 'page'

/** A terminal has no use for markup: what it is and how long. */
const pageText = (text: string): string =>
  isPage(text) ? `page: ${titleOf(text)} (${text.length} characters of HTML)` : `figure: ${text.length} characters of SVG`

/** What the kernels put into the global scope. */
interface KernelScope {
  readonly __tslab__?: { require(name: 'tslab'): { readonly display: Notebook } }
  readonly Deno?: { readonly jupyter: { broadcast(type: string, content: object): Promise<void> } }
}

function currentNotebook(): Notebook | undefined {
  const { __tslab__: tslab, Deno: deno } = globalThis as KernelScope
  try {
    if (tslab) return tslab.require('tslab').display
    // outside of its kernel Deno throws when asked for `jupyter`
    const jupyter = deno?.jupyter
    return (
      jupyter && {
        html: (markup) => void jupyter.broadcast('display_data', { data: { 'text/html': markup }, metadata: {}, transient: {} }),
      }
    )
  } catch {
    return undefined
  }
}

import { extname } from 'node:path'
import { scalars } from '../draws/scalars.js'
import { UsageError } from '../errors/usage-error.js'
import { type DiagnosticKind, diagnosticCaptions, diagnosticPanels, type Panel } from '../report/diagnostic-panels.js'
import { figureGrid } from '../report/figure-grid.js'
import { figurePage } from '../report/figure-page.js'
import { type FigureTheme, standaloneSvg } from '../report/standalone-svg.js'
import { namedQuantities, worstQuantities } from './choose-quantities.js'
import { loadDrawsFiles } from './load-draws.js'
import { loadFit } from './load-fits.js'
import type { LoadedFit, SourceOptions } from './loaded-fit.js'
import type { Terminal } from './terminal.js'
import { requireFree } from './write-file.js'
import { writeWholeFile } from './write-output.js'

export interface PlotOptions extends SourceOptions {
  readonly kind: DiagnosticKind
  readonly out: string
  readonly variables?: readonly string[]
  /** File of prior draws. */
  readonly prior?: string
  /** Of the whole image, in pixels. */
  readonly width: number
  readonly theme: FigureTheme
  readonly json?: boolean
}

const limits: Partial<Record<DiagnosticKind, number>> = { pairs: 4 }
const usualLimit = 12
const gap = 16

/** `poolite plot`: figures of the draws of a run or of files, as an SVG image or as a page with the numbers behind them. */
export async function plot(sources: readonly string[], options: PlotOptions, terminal: Terminal): Promise<void> {
  const { kind, out, width, theme } = options
  const write = writerFor(out)
  requireFree(out)
  const fit = await loadFit(sources, options)
  const prior = options.prior === undefined ? fit.prior : (await loadDrawsFiles([options.prior], {})).draws
  const limit = limits[kind] ?? usualLimit
  const quantities = options.variables ? namedQuantities(fit.draws, options.variables) : worstQuantities(fit.draws, limit)
  if (!options.variables && kind !== 'energy' && quantities.length === limit)
    terminal.talk(`poolite: showing the ${limit} quantities with the smallest effective sample size; --variables names others.\n`)
  const panels = diagnosticPanels(kind, {
    quantities,
    ...(fit.sampler && { sampler: fit.sampler }),
    ...(prior && { prior: scalars(prior) }),
  })
  writeWholeFile(out, write === 'html' ? page(fit, kind, panels) : image(fit, kind, panels, quantities.length, width, theme))
  const names = kind === 'energy' ? ['energy'] : quantities.map(({ name }) => name)
  terminal.data(options.json ? `${JSON.stringify({ out, kind, quantities: names })}\n` : `${out}\n`)
}

function page({ name }: LoadedFit, kind: DiagnosticKind, panels: readonly (Panel | undefined)[]): string {
  const shown = panels.filter((panel) => panel !== undefined)
  return figurePage(titleOf(name, kind), diagnosticCaptions[kind], shown)
}

function image(
  { name }: LoadedFit,
  kind: DiagnosticKind,
  panels: readonly (Panel | undefined)[],
  quantityCount: number,
  width: number,
  theme: FigureTheme,
): string {
  const isNarrow = width < 560
  const columns = isNarrow || panels.length === 1 ? 1 : kind === 'pairs' ? quantityCount - 1 : 2
  const panelWidth = Math.max(220, Math.floor((width - gap * (columns - 1)) / columns))
  const places = columns === 1 ? panels.filter((panel) => panel !== undefined) : panels
  const drawn = places.map((panel) => panel?.draw(panelWidth))
  return standaloneSvg(figureGrid(drawn, { columns, gap, ariaLabel: titleOf(name, kind) }), theme)
}

function titleOf(name: string, kind: DiagnosticKind): string {
  const titles: Record<DiagnosticKind, string> = {
    trace: 'Trace of the draws',
    rank: 'Ranks of the chains',
    autocorrelation: 'Autocorrelation of the draws',
    ess: 'Effective sample size',
    energy: 'Energy',
    pairs: 'Pairs of quantities',
    'prior-posterior': 'Prior and posterior',
  }
  return `${titles[kind]}: ${name}`
}

function writerFor(out: string): 'svg' | 'html' {
  const extension = extname(out).toLowerCase()
  if (extension === '.svg') return 'svg'
  if (extension === '.html' || extension === '.htm') return 'html'
  const isPng = extension === '.png'
  throw new UsageError({
    file: out,
    problem: isPng ? 'poolite writes no PNG' : `no figure can be written to a file that ends in "${extension}"`,
    ...(isPng && { reason: 'that takes a program that draws fonts' }),
    remedy: isPng
      ? 'Write .svg, then for instance: rsvg-convert --zoom 2 -o figure.png figure.svg'
      : 'Give a name that ends in .svg or .html.',
  })
}

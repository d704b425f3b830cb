import type { Draws } from '../draws/draws.js'
import { scalars } from '../draws/scalars.js'
import { selectVariables } from '../draws/select-variables.js'
import { UsageError } from '../errors/usage-error.js'
import { type DiagnosticKind, diagnosticCaptions, diagnosticPanels, type Panel } from '../report/diagnostic-panels.js'
import { figureGrid } from '../report/figure-grid.js'
import { figurePage } from '../report/figure-page.js'
import { type PersonKind, personKinds } from '../report/person-figures.js'
import { type FigureTheme, standaloneSvg } from '../report/standalone-svg.js'
import { namedQuantities, worstQuantities } from './choose-quantities.js'
import { writerFor } from './figure-writer.js'
import { loadDrawsFiles } from './load-draws.js'
import { loadFit } from './load-fits.js'
import type { LoadedFit, SourceOptions } from './loaded-fit.js'
import { plotPerson } from './plot-person.js'
import type { Terminal } from './terminal.js'
import { requireFree } from './write-file.js'

export interface PlotOptions extends SourceOptions {
  readonly kind: DiagnosticKind | PersonKind
  /** A profile of the protocol, for figures about a person; the reference patient when absent. */
  readonly profile?: string
  /** The data of the run, for models that predict from the patients of the trials. */
  readonly data?: string
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
  const { kind, out } = options
  const write = writerFor(out)
  requireFree(out)
  if (isPersonKind(kind)) {
    await plotPerson(sources, { ...options, kind }, write, terminal)
    return
  }
  refusePersonOptions(options)
  const fit = await loadFit(sources, options)
  const prior = options.prior === undefined ? fit.prior : (await loadDrawsFiles([options.prior], {})).draws
  const limit = limits[kind] ?? usualLimit
  const quantities = options.variables
    ? namedQuantities(fit.draws, options.variables)
    : worstQuantities(
        kind === 'prior-posterior' && prior ? selectVariables(fit.draws, sharedNames(fit.draws, prior)) : fit.draws,
        limit,
      )
  if (!options.variables && kind !== 'energy' && quantities.length === limit)
    terminal.talk(`poolite: showing the ${limit} quantities with the smallest effective sample size; --variables names others.\n`)
  const panels = diagnosticPanels(kind, {
    quantities,
    ...(fit.sampler && { sampler: fit.sampler }),
    ...(prior && { prior: scalars(prior) }),
  })
  write(
    () => page(fit, kind, panels),
    () => image(fit, kind, panels, quantities.length, options),
  )
  const names = kind === 'energy' ? ['energy'] : quantities.map(({ name }) => name)
  terminal.data(options.json ? `${JSON.stringify({ out, kind, quantities: names })}\n` : `${out}\n`)
}

/** Variables that both have: of others there is no prior to compare with. All when there are none, so that the plot says what is lacking. */
function sharedNames(posterior: Draws, prior: Draws): string[] {
  const names = posterior.variables.map(({ name }) => name)
  const shared = names.filter((name) => prior.variables.some((variable) => variable.name === name))
  return shared.length > 0 ? shared : names
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
  { width, theme }: Pick<PlotOptions, 'width' | 'theme'>,
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

const isPersonKind = (kind: PlotOptions['kind']): kind is PersonKind => (personKinds as readonly string[]).includes(kind)

function refusePersonOptions({ kind, profile, data }: PlotOptions): void {
  if (profile === undefined && data === undefined) return
  throw new UsageError({
    problem: `--${profile === undefined ? 'data' : 'profile'} does not go with --kind ${kind}`,
    remedy: `Leave it out, or draw one of ${personKinds.join(', ')}.`,
  })
}

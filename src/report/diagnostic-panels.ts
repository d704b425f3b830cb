import type { PlotOptions } from '@observablehq/plot'
import type { Draws } from '../draws/draws.js'
import type { Scalar } from '../draws/scalars.js'
import { UsageError } from '../errors/usage-error.js'
import type { FigureTable } from './figure-element.js'
import { autocorrelationData, autocorrelationFigure, autocorrelationTable } from './figures/autocorrelation.js'
import { essEvolutionData, essEvolutionFigure, essEvolutionTable } from './figures/effective-sample-size.js'
import { energyData, energyFigure, energyTable } from './figures/energy.js'
import { pairData, pairFigure, pairTable } from './figures/pair.js'
import { priorPosteriorData, priorPosteriorFigure, priorPosteriorTable } from './figures/prior-posterior.js'
import { rankFigure, rankTable } from './figures/rank.js'
import { rankData } from './figures/rank-data.js'
import { traceData, traceFigure, traceTable } from './figures/trace.js'

export const diagnosticKinds = ['trace', 'rank', 'autocorrelation', 'ess', 'energy', 'pairs', 'prior-posterior'] as const
export type DiagnosticKind = (typeof diagnosticKinds)[number]

/** One figure at any width, with the numbers behind it. */
export interface Panel {
  readonly draw: (width: number) => PlotOptions
  readonly table: FigureTable
}

export interface PanelInput {
  /** Quantities to show, in order. */
  readonly quantities: readonly Scalar[]
  /** Divergent transitions for trace and pairs; needed for energy. */
  readonly sampler?: Draws
  /** Quantities of the same names under the prior, for prior-posterior. */
  readonly prior?: readonly Scalar[]
}

/** What to look for in a figure of this kind. */
export const diagnosticCaptions: Readonly<Record<DiagnosticKind, string>> = {
  trace:
    'Draws in the order of each chain; the lines across are the median and the 5% and 95% quantiles of all chains. Rows should look alike and show no trend. A cross marks a divergent transition.',
  rank: 'Ranks of each chain among all draws, as differences of distribution functions. Chains that agree stay within the shaded band with probability 95%; one that leaves it is drawn thick and named.',
  autocorrelation:
    'Autocorrelation at each lag: bars are means over chains, thin lines reach from the least to the greatest chain. Independent draws would lie between the dashed lines.',
  ess: 'Effective sample size of the first part of the draws: bulk (solid) and tail (dashed). Both should grow in proportion to the draws and end above the dotted cut-off.',
  energy:
    'Energy about the mean of its chain (filled) and its changes from draw to draw (line). Where the line is much narrower the sampler is slow to reach the tails.',
  pairs:
    'Draws of two quantities against each other. Crosses are divergent transitions: where they gather the sampler cannot follow the posterior.',
  'prior-posterior':
    'Posterior draws (filled) and prior draws (dashed). Where the two coincide the data say little; where the posterior lies in a tail of the prior, they disagree.',
}

/**
 * The figures of one kind. Pairs come row by row in a triangle of `quantities.length - 1` columns, with `undefined` in empty places.
 * @throws UsageError for energy without a sampler, prior-posterior without a prior, and pairs of fewer than two quantities.
 */
export function diagnosticPanels(kind: DiagnosticKind, { quantities, sampler, prior }: PanelInput): (Panel | undefined)[] {
  const each = <Data>(
    data: (quantity: Scalar) => Data,
    figure: (data: Data, width: number) => PlotOptions,
    table: (data: Data) => FigureTable,
  ) => quantities.map((quantity) => panel(data(quantity), figure, table))
  switch (kind) {
    case 'trace':
      return each((quantity) => traceData(quantity, sampler), traceFigure, traceTable)
    case 'rank':
      return each(rankData, rankFigure, rankTable)
    case 'autocorrelation':
      return each((quantity) => autocorrelationData(quantity), autocorrelationFigure, autocorrelationTable)
    case 'ess':
      return each(essEvolutionData, essEvolutionFigure, essEvolutionTable)
    case 'energy':
      return [panel(energyData(requireSampler(sampler)), energyFigure, energyTable)]
    case 'pairs':
      return pairs(quantities, sampler)
    case 'prior-posterior':
      return each((quantity) => priorPosteriorData(priorOf(quantity, prior), quantity), priorPosteriorFigure, priorPosteriorTable)
  }
}

function panel<Data>(data: Data, figure: (data: Data, width: number) => PlotOptions, table: (data: Data) => FigureTable): Panel {
  return { draw: (width) => figure(data, width), table: table(data) }
}

function pairs(quantities: readonly Scalar[], sampler: Draws | undefined): (Panel | undefined)[] {
  if (quantities.length < 2)
    throw new UsageError({ problem: 'a plot of pairs needs two quantities', remedy: 'Name at least two variables.' })
  return quantities
    .slice(1)
    .flatMap((y, row) =>
      quantities
        .slice(0, -1)
        .map((x, column) => (column <= row ? panel(pairData(x, y, sampler), pairFigure, pairTable) : undefined)),
    )
}

function requireSampler(sampler: Draws | undefined): Draws {
  if (sampler) return sampler
  throw new UsageError({
    problem: 'there are no energies to plot',
    reason: 'these draws came without what the sampler says about them',
    remedy: 'Give the draws of the sampler too, or a file that holds both, such as CmdStan CSV or ArviZ JSON.',
  })
}

function priorOf({ name }: Scalar, prior: readonly Scalar[] | undefined): Scalar {
  const found = prior?.find((quantity) => quantity.name === name)
  if (found) return found
  throw new UsageError({
    problem: prior ? `the prior draws have no "${name}"` : 'there are no prior draws to compare with',
    remedy: 'Give prior draws of the same variables.',
  })
}

import { DataError } from '../errors/data-error.js'
import { requireAlike, requireFiles } from './cmdstan-agreement.js'
import { samplerNameOf } from './cmdstan-columns.js'
import { type CmdStanFile, type CmdStanRow, cmdStanFile } from './cmdstan-file.js'
import { readLabelComments } from './cmdstan-labels.js'
import { bracketName } from './cmdstan-names.js'
import { type CmdStanPlan, type PlannedRows, planRows } from './cmdstan-plan.js'
import { columnLayout } from './column-layout.js'
import { type Draws, scalarNames, type Variable } from './draws.js'
import { drawsText } from './draws-text.js'
import { parseNumber } from './parse-cell.js'
import { printable } from './printable.js'
import type { SampledDraws } from './sampled-draws.js'
import { requireFinished } from './unfinished.js'

export interface CmdStanText {
  readonly name: string
  readonly text: string
}

export interface FromCmdStanOptions {
  /**
   * What to do with files that are still being written or were cut off, and chains of unequal length: refuse them, which is the default, or
   * cut all chains to the draws that every one of them holds.
   */
  readonly unfinished?: 'refuse' | 'cut'
}

export interface CmdStanDraws extends SampledDraws {
  /** Warmup, where it was saved. */
  readonly warmup?: SampledDraws
  /** Of the first file. */
  readonly plan: CmdStanPlan
}

/**
 * Draws from the CSV files of CmdStan, one file for each chain, in the order given; those of rstan's `sample_file` and of `toCmdStan` too.
 * `beta.2.1` becomes element `[2,1]` of `beta`; draws that are not finite are kept as they are. Columns that end in `__` are the sampler's:
 * those of `samplerNameOf` become `sampler`, others are left out.
 * @throws DataError with file, row and column for no files, the same file twice, files of different models or settings, a cell that is not
 * a number, and, unless told to cut, unfinished files and chains of unequal length.
 */
export function fromCmdStan(texts: readonly CmdStanText[], { unfinished = 'refuse' }: FromCmdStanOptions = {}): CmdStanDraws {
  requireFiles(texts)
  const files = texts.map(({ name, text }) => cmdStanFile(text, name))
  const planned = files.map(planRows)
  requireAlike(files, planned)
  if (unfinished === 'refuse') requireFinished(files, planned)
  const draws = cut(planned.map((rows) => rows.draws))
  if (draws[0].length === 0) throw noDraws(files, planned)
  const warmup = cut(planned.map((rows) => rows.warmup))
  return {
    ...sampled(files, draws),
    ...(warmup[0].length > 0 && { warmup: sampled(files, warmup) }),
    plan: planned[0].plan,
  }
}

type ChainRows = readonly (readonly CmdStanRow[])[]

/** Every chain with as many rows as the shortest has. */
function cut(chains: ChainRows): ChainRows {
  const length = Math.min(...chains.map((rows) => rows.length))
  return chains.map((rows) => rows.slice(0, length))
}

function sampled(files: readonly CmdStanFile[], chains: ChainRows): SampledDraws {
  const [{ columns, comments }] = files
  const isInternal = (name: string) => name.endsWith('__')
  const sizes = { chainCount: chains.length, drawCount: chains[0].length }
  const values = (names: readonly string[]) =>
    interleave(
      files,
      chains,
      names.map((name) => columns.indexOf(name)),
    )
  const stanNames = new Map(columns.filter((name) => !isInternal(name)).map((name) => [bracketName(name), name]))
  const labels = readLabelComments(comments)
  const variables = columnLayout([...stanNames.keys()]).map((layout): Variable => {
    const shape = relabelled(layout, labels.get(layout.name))
    return { ...shape, values: values(layout.columns.map((name) => stanNames.get(name)!)) }
  })
  const sampler = columns
    .filter((name) => samplerNameOf.has(name))
    .map((name): Variable => ({ name: samplerNameOf.get(name)!, dimensions: [], values: values([name]) }))
  const isHamiltonian = sampler.some(({ name }) => name === 'energy' || name === 'step_size')
  return {
    draws: printable({ ...sizes, variables }, drawsText),
    ...(isHamiltonian && { sampler: { ...sizes, variables: sampler } satisfies Draws }),
  }
}

/** The name and the dimensions that poolite knew, when they fit the columns. */
function relabelled(layout: Omit<Variable, 'values'>, known: Omit<Variable, 'values'> | undefined): Omit<Variable, 'values'> {
  const { name, dimensions } = layout
  const fits =
    known?.dimensions.length === dimensions.length &&
    known.dimensions.every(({ labels }, axis) => labels.length === dimensions[axis].labels.length)
  return known && fits && new Set(scalarNames(known)).size === scalarNames(layout).length ? known : { name, dimensions }
}

function interleave(files: readonly CmdStanFile[], chains: ChainRows, positions: readonly number[]): Float64Array {
  const drawCount = chains[0].length
  const values = new Float64Array(chains.length * drawCount * positions.length)
  let index = 0
  chains.forEach((rows, chain) => {
    const { name, columns } = files[chain]
    for (const { cells, line } of rows)
      for (const position of positions)
        values[index++] = parseNumber(cells[position], { file: name, row: line, column: columns[position] })
  })
  return values
}

function noDraws(files: readonly CmdStanFile[], planned: readonly PlannedRows[]): DataError {
  const index = planned.findIndex((rows) => rows.draws.length === 0)
  return new DataError({
    file: files[index].name,
    problem: 'the file holds no draws yet',
    ...(planned[index].warmup.length > 0 && { reason: `it holds ${planned[index].warmup.length} rows of warmup` }),
    remedy: 'Wait for the sampler, or leave the file out.',
  })
}

import type { ChainAdaptation } from '../contract/analysis.js'
import { UsageError } from '../errors/usage-error.js'
import { cmdStanColumns } from './cmdstan-columns.js'
import { labelComments } from './cmdstan-labels.js'
import { type StanVariable, stanVariables } from './cmdstan-names.js'
import { type Draws, elementCount } from './draws.js'
import { eachBlock } from './each-block.js'
import { exactText } from './exact-text.js'
import type { SampledDraws } from './sampled-draws.js'

/** What CmdStan writes beside the draws; what is not given is left out of the files. */
export interface CmdStanSettings {
  readonly modelName?: string
  readonly seed?: number
  /** Warmup transitions per chain, which are not among the draws. */
  readonly warmup?: number
  readonly targetAcceptance?: number
  readonly maximumTreeDepth?: number
  /** Step size and inverse metric of each chain, `[chain]`. */
  readonly adaptation?: readonly ChainAdaptation[]
  /** What each chain took, `[chain]`. */
  readonly chainSeconds?: readonly { readonly warmup: number; readonly sampling: number }[]
}

/**
 * The draws as CmdStan CSV, one text for each chain, for `rstan::read_stan_csv`, `cmdstanr::read_cmdstan_csv` and other readers of Stan's
 * output. Variables have Stan's dotted names, `gamma.1` for `gamma[age]`; comments keep the labels for `fromCmdStan`. Numbers are exact.
 *
 * Without sampler draws the files are those of Stan's fixed-parameter sampler: `lp__` and `accept_stat__` of zero.
 * @throws UsageError for weighted draws, which the format cannot hold.
 */
export function toCmdStan(fit: SampledDraws, settings: CmdStanSettings = {}): string[] {
  return cmdStanLines(fit, settings).map((lines) => [...lines].join(''))
}

/** The same, line by line: one list for each chain. */
export function cmdStanLines({ draws, sampler }: SampledDraws, settings: CmdStanSettings = {}): Iterable<string>[] {
  if (draws.logWeights)
    throw new UsageError({
      problem: 'these draws carry weights',
      reason: 'CmdStan CSV has no place for them, and whoever reads the file would take the draws as equally likely',
      remedy: 'Export them in the format posterior or parquet.',
    })
  const names = stanVariables(draws.variables)
  const stanSampler = sampler ? samplerColumns(sampler) : fixedParameterColumns
  const header = [...stanSampler.map(({ name }) => name), ...names.flatMap(({ columns }) => columns)].join(',')
  const labels = labelComments(draws.variables.map((variable, index) => ({ stanName: names[index].name, variable })))
  return Array.from({ length: draws.chainCount }, (_, chain) => ({
    *[Symbol.iterator]() {
      const before = [
        ...headerComments(draws, chain, sampler !== undefined, settings),
        header,
        ...labels,
        ...(sampler ? adaptationComments(sampler, chain, settings) : []),
      ]
      for (const line of before) yield `${line}\n`
      for (const cells of rowsOfChain(draws, chain, names, stanSampler)) yield `${cells.map(stanText).join(',')}\n`
      for (const line of elapsedComments(settings.chainSeconds?.[chain])) yield `${line}\n`
    },
  }))
}

interface SamplerColumn {
  readonly name: string
  /** `[chain, draw]`; zeros when absent. */
  readonly values?: Float64Array
}

function samplerColumns(sampler: Draws): SamplerColumn[] {
  return cmdStanColumns.flatMap(([name, ours]) => {
    const found = sampler.variables.find((variable) => variable.name === ours)
    return found ? [{ name, values: found.values }] : []
  })
}

const fixedParameterColumns: readonly SamplerColumn[] = [{ name: 'lp__' }, { name: 'accept_stat__' }]

function* rowsOfChain(
  draws: Draws,
  chain: number,
  names: readonly StanVariable[],
  sampler: readonly SamplerColumn[],
): Generator<number[]> {
  const sizes = draws.variables.map(elementCount)
  for (const { firstDraw, drawCount, values } of eachBlock(draws, chain))
    for (let draw = 0; draw < drawCount; draw++) {
      const row = chain * draws.drawCount + firstDraw + draw
      const cells = sampler.map((column) => column.values?.[row] ?? 0)
      names.forEach(({ elements }, variable) => {
        for (const element of elements) cells.push(values[variable][draw * sizes[variable] + element])
      })
      yield cells
    }
}

function headerComments({ drawCount }: Draws, chain: number, isSampled: boolean, settings: CmdStanSettings): string[] {
  const { modelName = 'poolite', seed, warmup = 0, targetAcceptance, maximumTreeDepth, adaptation } = settings
  const line = (depth: number, name: string, value: string | number | undefined) =>
    value === undefined ? [] : [`# ${'  '.repeat(depth)}${name} = ${value}`]
  const engaged = [...line(3, 'engaged', 1), ...line(3, 'delta', targetAcceptance)]
  const metric = adaptation?.[chain].metric === 'dense' ? 'dense_e' : isSampled ? 'diag_e' : undefined
  const nuts = [
    '#       hmc',
    ...line(4, 'engine', 'nuts'),
    '#           nuts',
    ...line(6, 'max_depth', maximumTreeDepth),
    ...line(4, 'metric', metric),
  ]
  return [
    // rstan and cmdstanr look for the version of the layout, which is that of CmdStan 2.32
    ...['major = 2', 'minor = 32', 'patch = 0'].map((part) => `# stan_version_${part}`),
    ...line(0, 'model', modelName.replace(/[^\w .-]/g, '_')),
    '# written by poolite in the layout of CmdStan',
    ...line(0, 'method', 'sample'),
    '#   sample',
    ...line(2, 'num_samples', drawCount),
    ...line(2, 'num_warmup', warmup),
    ...line(2, 'save_warmup', 0),
    ...line(2, 'thin', 1),
    ...(isSampled ? ['#     adapt', ...engaged, ...line(2, 'algorithm', 'hmc'), ...nuts] : line(2, 'algorithm', 'fixed_param')),
    ...line(0, 'id', chain + 1),
    ...(seed === undefined ? [] : ['# random', ...line(1, 'seed', seed)]),
  ]
}

function adaptationComments(sampler: Draws, chain: number, { adaptation }: CmdStanSettings): string[] {
  const stepSizes = sampler.variables.find(({ name }) => name === 'step_size')?.values
  const tuned = adaptation?.[chain]
  const stepSize = tuned?.stepSize ?? stepSizes?.[(chain + 1) * sampler.drawCount - 1]
  return [
    '# Adaptation terminated',
    ...(stepSize === undefined ? [] : [`# Step size = ${stanText(stepSize)}`]),
    ...(tuned ? metricComments(tuned) : []),
  ]
}

function metricComments({ metric, inverseMetric }: ChainAdaptation): string[] {
  const row = (values: Float64Array) => `# ${Array.from(values, stanText).join(', ')}`
  if (metric === 'diagonal') return ['# Diagonal elements of inverse mass matrix:', row(inverseMetric)]
  const dimension = Math.sqrt(inverseMetric.length)
  const rows = Array.from({ length: dimension }, (_, index) =>
    row(inverseMetric.subarray(index * dimension, (index + 1) * dimension)),
  )
  return ['# Elements of inverse mass matrix:', ...rows]
}

function elapsedComments(seconds: { readonly warmup: number; readonly sampling: number } | undefined): string[] {
  if (!seconds) return []
  const { warmup, sampling } = seconds
  return [
    '# ',
    `#  Elapsed Time: ${warmup.toFixed(3)} seconds (Warm-up)`,
    `#                ${sampling.toFixed(3)} seconds (Sampling)`,
    `#                ${(warmup + sampling).toFixed(3)} seconds (Total)`,
    '# ',
  ]
}

/** As R and Python both read it: R does not know `Infinity`, nor Stan's own `nan`. */
function stanText(value: number): string {
  if (Number.isFinite(value)) return exactText(value)
  return Number.isNaN(value) ? 'NaN' : value > 0 ? 'Inf' : '-Inf'
}

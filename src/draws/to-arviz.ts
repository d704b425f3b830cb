import { UsageError } from '../errors/usage-error.js'
import { arvizDimensions, arvizStatistics } from './arviz-names.js'
import type { Draws, Variable } from './draws.js'
import { exactText } from './exact-text.js'
import type { SampledDraws } from './sampled-draws.js'

export interface ToArvizOptions {
  /** Prior draws of the same or other variables. */
  readonly prior?: Draws
  /** Facts about the fit, such as the seed and the version of poolite. */
  readonly attributes?: Readonly<Record<string, string | number>>
}

/**
 * The draws as JSON for ArviZ: `az.from_dict(**json.load(open(file)))`, or from version 1.0 `groups = json.load(open(file))`, then
 * `az.from_dict({"posterior": groups["posterior"], ...}, coords=groups["coords"], dims=groups["dims"])`. Groups `posterior`, `sample_stats`
 * and `prior`, arrays nested `[chain][draw]...`.
 *
 * Draws that are not finite are written as `NaN`, `Infinity` and `-Infinity`, which Python's `json` reads and strict JSON does not know.
 * @throws UsageError for weighted draws, which ArviZ would take as equally likely.
 */
export function toArviz({ draws, sampler }: SampledDraws, { prior, attributes }: ToArvizOptions = {}): string {
  if (draws.logWeights || prior?.logWeights)
    throw new UsageError({
      problem: 'these draws carry weights',
      reason: 'ArviZ has no place for them and would take the draws as equally likely',
      remedy: 'Export them in the format posterior or parquet.',
    })
  const { coords, dims } = arvizDimensions([...draws.variables, ...(prior?.variables ?? [])])
  const groups = [
    ['posterior', group(draws)],
    ...(sampler ? [['sample_stats', statistics(sampler)]] : []),
    ...(prior ? [['prior', group(prior)]] : []),
    ['coords', JSON.stringify(coords)],
    ['dims', JSON.stringify(dims)],
    ...(attributes ? [['attrs', JSON.stringify(attributes)]] : []),
  ]
  return `{${groups.map(([name, text]) => `${JSON.stringify(name)}:${text}`).join(',\n')}}\n`
}

function group({ chainCount, drawCount, variables }: Draws): string {
  const member = ({ name, dimensions, values }: Variable) => {
    const shape = [chainCount, drawCount, ...dimensions.map(({ labels }) => labels.length)]
    return `${JSON.stringify(name)}:${nested(values, shape, exactText)}`
  }
  return `{${variables.map(member).join(',\n')}}`
}

function statistics({ chainCount, drawCount, variables }: Draws): string {
  const members = arvizStatistics.flatMap(([name, ours]) => {
    const found = variables.find((variable) => variable.name === ours)
    if (!found) return []
    const write = name === 'diverging' ? (value: number) => String(value !== 0) : exactText
    return [`${JSON.stringify(name)}:${nested(found.values, [chainCount, drawCount], write)}`]
  })
  return `{${members.join(',\n')}}`
}

/** An array of that shape, last index fastest, as nested lists. */
function nested(values: Float64Array, shape: readonly number[], write: (value: number) => string): string {
  const [length, ...rest] = shape
  if (rest.length === 0) return `[${Array.from(values, write).join(',')}]`
  const size = rest.reduce((product, count) => product * count, 1)
  return `[${Array.from({ length }, (_, index) => nested(values.subarray(index * size, (index + 1) * size), rest, write)).join(',')}]`
}

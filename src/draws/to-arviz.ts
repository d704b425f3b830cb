import { UsageError } from '../errors/usage-error.js'
import { arvizDimensions, arvizStatistics } from './arviz-names.js'
import { type Draws, elementCount, type Variable } from './draws.js'
import { eachBlock } from './each-block.js'
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
export function toArviz(fit: SampledDraws, options: ToArvizOptions = {}): string {
  return [...arvizParts(fit, options)].join('')
}

/** The same in parts, a draw of one variable at most. */
export function arvizParts({ draws, sampler }: SampledDraws, { prior, attributes }: ToArvizOptions = {}): Iterable<string> {
  if (draws.logWeights || prior?.logWeights)
    throw new UsageError({
      problem: 'these draws carry weights',
      reason: 'ArviZ has no place for them and would take the draws as equally likely',
      remedy: 'Export them in the format posterior or parquet.',
    })
  const { coords, dims } = arvizDimensions([...draws.variables, ...(prior?.variables ?? [])])
  return object(
    [
      ['posterior', group(draws)],
      ...(sampler ? [['sample_stats', statistics(sampler)] as const] : []),
      ...(prior ? [['prior', group(prior)] as const] : []),
      ['coords', [JSON.stringify(coords)]],
      ['dims', [JSON.stringify(dims)]],
      ...(attributes ? [['attrs', [JSON.stringify(attributes)]] as const] : []),
    ],
    '\n',
  )
}

type Member = readonly [name: string, value: Iterable<string>]

function* object(members: readonly Member[], end = ''): Iterable<string> {
  for (const [index, [name, value]] of members.entries()) {
    yield `${index === 0 ? '{' : ',\n'}${JSON.stringify(name)}:`
    yield* value
  }
  yield `${members.length === 0 ? '{' : ''}}${end}`
}

function group(draws: Draws): Iterable<string> {
  return object(draws.variables.map((variable) => [variable.name, nestedDraws(variable, draws, exactText)]))
}

function statistics(sampler: Draws): Iterable<string> {
  return object(
    arvizStatistics.flatMap(([name, ours]): Member[] => {
      const found = sampler.variables.find((variable) => variable.name === ours)
      if (!found) return []
      const write = name === 'diverging' ? (value: number) => String(value !== 0) : exactText
      return [[name, nestedDraws(found, sampler, write)]]
    }),
  )
}

/** `[chain][draw]...` as nested lists. */
function* nestedDraws(variable: Variable, draws: Draws, write: (value: number) => string): Iterable<string> {
  const shape = variable.dimensions.map(({ labels }) => labels.length)
  const size = elementCount(variable)
  for (const { chain, firstDraw, drawCount, values } of eachBlock({ ...draws, variables: [variable] })) {
    if (firstDraw === 0) yield chain === 0 ? '[[' : '],['
    for (let draw = 0; draw < drawCount; draw++)
      yield (firstDraw + draw > 0 ? ',' : '') + nested(values[0].subarray(draw * size, (draw + 1) * size), shape, write)
  }
  yield ']]'
}

/** An array of that shape, last index fastest, as nested lists; a number when it has none. */
function nested(values: Float64Array, shape: readonly number[], write: (value: number) => string): string {
  const [length, ...rest] = shape
  if (length === undefined) return write(values[0])
  const size = rest.reduce((product, count) => product * count, 1)
  return `[${Array.from({ length }, (_, index) => nested(values.subarray(index * size, (index + 1) * size), rest, write)).join(',')}]`
}

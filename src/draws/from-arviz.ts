import { DataError } from '../errors/data-error.js'
import { arvizStatistics } from './arviz-names.js'
import type { Dimension, Draws, Variable } from './draws.js'
import { drawsText } from './draws-text.js'
import { nestedValues } from './nested-values.js'
import { printable } from './printable.js'
import type { SampledDraws } from './sampled-draws.js'

export interface ArvizDraws extends SampledDraws {
  /** Draws of the group `prior`. */
  readonly prior?: Draws
}

type Json = Readonly<Record<string, unknown>>

/**
 * Draws from JSON of ArviZ: what `toArviz` writes, `InferenceData.to_json` (ArviZ before 1.0), and any JSON that `az.from_dict` takes.
 * Without `dims` and `coords` dimensions are called `beta_dim_0` and labelled from 0, as ArviZ does. Groups other than `posterior`,
 * `sample_stats` and `prior`, and statistics that poolite does not know, are left out.
 * @throws DataError with file and variable when the text is no JSON, has no group `posterior`, an array is ragged or holds something other
 * than numbers, or variables differ in chains or draws.
 */
export function fromArviz(text: string, file: string): ArvizDraws {
  const json = parse(text, file)
  const names = { dims: member(json, 'dims'), coords: member(json, 'coords') }
  if (!isObject(json.posterior))
    throw new DataError({
      file,
      problem: 'there is no group "posterior"',
      remedy: 'Give JSON with the groups of ArviZ, such as InferenceData.to_json and `poolite export --format arviz` write.',
    })
  const draws = groupDraws(json.posterior, 'posterior', names, file)
  const sampler = isObject(json.sample_stats) ? samplerDraws(json.sample_stats, draws, file) : undefined
  const prior = isObject(json.prior) ? groupDraws(json.prior, 'prior', names, file) : undefined
  return { draws, ...(sampler && { sampler }), ...(prior && { prior }) }
}

/** Python writes NaN and infinities as bare words; within strings they are left alone. */
function parse(text: string, file: string): Json {
  const strict = text.replace(/"(?:[^"\\]|\\.)*"|-?\bInfinity\b|\bNaN\b/g, (match) =>
    match.startsWith('"') ? match : `"\\u0000${match}"`,
  )
  let json: unknown
  try {
    json =
      strict === text ? JSON.parse(text) : JSON.parse(strict, (_, value) => (isSpecial(value) ? Number(value.slice(1)) : value))
  } catch (error) {
    const problem = `not valid JSON: ${(error as Error).message}`
    throw new DataError({ file, problem, reason: 'it may be cut off', remedy: 'Write the file again.' })
  }
  if (isObject(json)) return json
  throw new DataError({ file, problem: 'this is JSON but no object with groups of draws', remedy: 'Give the JSON of ArviZ.' })
}

function groupDraws(group: Json, groupName: string, { dims, coords }: { dims: Json; coords: Json }, file: string): Draws {
  let size: readonly number[] | undefined
  const variables = Object.entries(group).map(([name, array]): Variable => {
    const place = { file, column: name }
    const { values, shape } = nestedValues(array, place)
    if (shape.length < 2)
      throw new DataError({ ...place, problem: 'the array has no chains and draws', remedy: 'Nest it [chain][draw].' })
    size ??= shape
    requireSize(shape, size, place)
    const lengths = shape.slice(2)
    const own = Array.isArray(dims[name])
      ? dims[name].map(String).filter((dimension) => dimension !== 'chain' && dimension !== 'draw')
      : []
    return {
      name,
      values,
      dimensions: lengths.map((length, axis) => dimension(own[axis] ?? `${name}_dim_${axis}`, length, coords)),
    }
  })
  if (size === undefined || variables.length === 0)
    throw new DataError({ file, problem: `the group "${groupName}" is empty`, remedy: 'Give at least one variable.' })
  return printable({ chainCount: size[0], drawCount: size[1], variables }, drawsText)
}

function dimension(name: string, length: number, coords: Json): Dimension {
  const labels = Array.isArray(coords[name]) ? coords[name].map(String) : []
  const fits = labels.length === length && new Set(labels).size === length
  return { name, labels: fits ? labels : Array.from({ length }, (_, index) => String(index)) }
}

function samplerDraws(group: Json, { chainCount, drawCount }: Draws, file: string): Draws | undefined {
  const variables = arvizStatistics.flatMap(([name, ours]): Variable[] => {
    if (group[name] === undefined) return []
    const place = { file, column: name }
    const { values, shape } = nestedValues(group[name], place)
    requireSize(shape, [chainCount, drawCount], place)
    return shape.length === 2 ? [{ name: ours, dimensions: [], values }] : []
  })
  return variables.length === 0 ? undefined : { chainCount, drawCount, variables }
}

function requireSize(
  [chains, draws]: readonly number[],
  expected: readonly number[],
  place: { file: string; column: string },
): void {
  if (chains === expected[0] && draws === expected[1]) return
  throw new DataError({
    ...place,
    problem: `${chains} x ${draws} draws where other variables have ${expected[0]} x ${expected[1]}`,
    remedy: 'Give all variables for the same chains and draws.',
  })
}

/** A number that `parse` has put in quotes. */
function isSpecial(value: unknown): value is string {
  return typeof value === 'string' && value.startsWith('\u0000')
}

function member(json: Json, name: string): Json {
  return isObject(json[name]) ? json[name] : {}
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

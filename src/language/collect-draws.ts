import type { Prior } from '../contract/distribution.js'
import type { GeneratedQuantity, Model, ValuesOf } from '../contract/model.js'
import type { Stream } from '../contract/stream.js'
import { elementCount } from '../draws/draws.js'
import { type DrawsBuilder, drawsBuilder } from '../draws/draws-builder.js'
import { ModelError } from '../errors/model-error.js'
import { fillNormal } from '../random/fill-normal.js'
import type { CollectingOptions, DrawsCollector } from './conditioned-model.js'
import { numbered } from './parameters.js'
import { type Quantities, type Quantity, requireFit, requireNewNames } from './quantities.js'
import { readingPart } from './reading-part.js'

export interface DrawsJob<Data, Parameters extends Record<string, Prior>> extends Quantities {
  readonly model: Model<Data, Parameters>
  readonly data: Data
  readonly dimension: number
  /** Standard normal numbers that follow a position where the parameters are computed. */
  readonly noiseCount: number
}

/** Parameters, derived and generated quantities of all draws; what of a chain is random depends on its positions and its stream only. */
export function drawsCollector<Data, Parameters extends Record<string, Prior>>(
  job: DrawsJob<Data, Parameters>,
  { chainCount, drawCount, streamFor, largeDraws }: CollectingOptions,
): DrawsCollector {
  const { compiled, outputs, dimension, noiseCount, model } = job
  const streams = new Map<number, Stream>()
  const inputs = new Float64Array(dimension + noiseCount)
  const noise = inputs.subarray(dimension)
  let generated: readonly Quantity[] = []
  let builder: DrawsBuilder | undefined

  function begin(first: readonly Generated[]): DrawsBuilder {
    generated = first.map(({ name, dimensions }) => ({ name, dimensions }))
    return drawsBuilder({ chainCount, drawCount, variables: [...outputs, ...generated] }, largeDraws)
  }

  return {
    add(chain, positions) {
      const source = streams.get(chain) ?? streamFor(chain)
      streams.set(chain, source)
      for (let offset = 0; offset < positions.length; offset += dimension) {
        inputs.set(positions.subarray(offset, offset + dimension))
        fillNormal(source, noise)
        const values = compiled.callFrom(inputs, 0)
        const extra = model.generate ? checked(generate(job, source, values), outputs, model.name) : []
        builder ??= begin(extra)
        requireSame(extra, generated, model.name)
        builder.set([...values, ...extra.map((quantity) => quantity.values)])
      }
    },
    finish: () => (builder ?? begin([])).finish(),
  }
}

function generate<Data, Parameters extends Record<string, Prior>>(
  { model, data, outputs, parameterCount }: Pick<DrawsJob<Data, Parameters>, 'model' | 'data' | keyof Quantities>,
  source: Stream,
  values: readonly Float64Array[],
): Record<string, GeneratedQuantity> {
  const named = Object.fromEntries(
    outputs.slice(0, parameterCount).map(({ name }, index) => [name, values[index]]),
  ) as ValuesOf<Parameters>
  return readingPart(
    `generate of model "${model.name}"`,
    named,
    {},
    (parameters) => model.generate?.(source, parameters, data) ?? {},
  )
}

interface Generated extends Quantity {
  readonly values: ArrayLike<number>
}

/** @throws ModelError for names that parameters or derived quantities have, and dimensions that do not fit. */
function checked(quantities: Record<string, GeneratedQuantity>, others: readonly Quantity[], modelName: string): Generated[] {
  const where = `generate of model "${modelName}"`
  return Object.entries(quantities).map(([name, { value, dimensions: given }]) => {
    const values = typeof value === 'number' ? [value] : value
    const dimensions = given ?? (typeof value === 'number' ? [] : [numbered(name, 0, value.length)])
    requireNewNames(
      where,
      [{ name }],
      others.map((other) => other.name),
    )
    if (elementCount({ dimensions }) !== values.length) requireFit(name, [values.length], dimensions, where)
    return { name, dimensions, values }
  })
}

/** @throws ModelError unless a draw has the quantities of the first, of the same size. */
function requireSame(found: readonly Generated[], first: readonly Quantity[], modelName: string): void {
  if (found.length === 0 && first.length === 0) return
  const where = `generate of model "${modelName}"`
  for (const [index, { name, values }] of found.entries()) {
    const size = first[index]?.name === name ? elementCount(first[index]) : undefined
    if (size === undefined) continue
    if (values.length === size) continue
    throw new ModelError({
      problem: `quantity "${name}" in ${where} has ${values.length} elements in one draw and ${size} in another`,
      remedy: 'Give the same number of elements in every draw.',
    })
  }
  const names = [found, first].map((quantities) => quantities.map(({ name }) => name).join(', '))
  if (names[0] === names[1]) return
  throw new ModelError({
    problem: `${where} gives ${names[0] || 'nothing'} in one draw and ${names[1] || 'nothing'} in another`,
    remedy: 'Give the same quantities, in the same order, in every draw.',
  })
}

/** One trial of `generate` before anything is sampled, so that a mistake there shows at once. */
export function tryGenerate<Data, Parameters extends Record<string, Prior>>(
  job: Pick<DrawsJob<Data, Parameters>, 'model' | 'data' | keyof Quantities>,
  point: readonly Float64Array[],
  source: Stream,
): void {
  if (!job.model.generate) return
  checked(generate(job, source, job.compiled.call(point)), job.outputs, job.model.name)
}

import type { Prior } from '../contract/distribution.js'
import type { GeneratedQuantity, Model, ValuesOf } from '../contract/model.js'
import type { Stream } from '../contract/stream.js'
import type { Dimension, Draws } from '../draws/draws.js'
import { ModelError } from '../errors/model-error.js'
import { fillNormal } from '../random/fill-normal.js'
import { numbered } from './parameters.js'
import { type Quantities, type Quantity, requireFit, requireNewNames } from './quantities.js'
import { readingPart } from './reading-part.js'

export interface DrawsJob<Data, Parameters extends Record<string, Prior>> extends Quantities {
  readonly model: Model<Data, Parameters>
  readonly data: Data
  /** `[chain, draw, dimension]` */
  readonly positions: Float64Array
  readonly dimension: number
  /** Standard normal numbers that follow a position where the parameters are computed. */
  readonly noiseCount: number
  readonly chainCount: number
  readonly streamFor: (chain: number) => Stream
}

interface Column extends Quantity {
  /** Elements per draw. */
  readonly size: number
  readonly values: Float64Array
}

/** Parameters, derived and generated quantities of all draws; what of a chain is random depends on its positions and its stream only. */
export function collectDraws<Data, Parameters extends Record<string, Prior>>(job: DrawsJob<Data, Parameters>): Draws {
  const { compiled, outputs, positions, chainCount, dimension, noiseCount, model } = job
  const total = positions.length / dimension
  const drawCount = total / chainCount
  const columns = outputs.map((output, index) => column(output, compiled.outputShapes[index], total))
  const generated = new Map<string, Column>()
  const inputs = new Float64Array(dimension + noiseCount)
  const noise = inputs.subarray(dimension)
  for (let chain = 0; chain < chainCount; chain++) {
    const source = job.streamFor(chain)
    for (let draw = 0; draw < drawCount; draw++) {
      const row = chain * drawCount + draw
      inputs.set(positions.subarray(row * dimension, (row + 1) * dimension))
      fillNormal(source, noise)
      const values = compiled.callFrom(inputs, 0)
      columns.forEach((one, index) => {
        one.values.set(values[index], row * one.size)
      })
      if (model.generate) keep(generated, generate(job, source, values), row, total, outputs, model.name)
    }
  }
  const variables = [...columns, ...generated.values()].map(({ name, dimensions, values }) => ({ name, dimensions, values }))
  return { chainCount, drawCount, variables }
}

function column({ name, dimensions }: Quantity, shape: readonly number[], total: number): Column {
  const size = shape.reduce((product, length) => product * length, 1)
  return { name, dimensions, size, values: new Float64Array(total * size) }
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

function keep(
  kept: Map<string, Column>,
  quantities: Record<string, GeneratedQuantity>,
  row: number,
  total: number,
  others: readonly Quantity[],
  modelName: string,
): void {
  const where = `generate of model "${modelName}"`
  for (const [name, { value, dimensions }] of Object.entries(quantities)) {
    const values = typeof value === 'number' ? [value] : value
    const known = kept.get(name) ?? newColumn(name, values.length, dimensions ?? axesOf(name, value), total, others, where)
    kept.set(name, known)
    if (values.length !== known.size)
      throw new ModelError({
        problem: `quantity "${name}" in ${where} has ${values.length} elements in one draw and ${known.size} in another`,
        remedy: 'Give the same number of elements in every draw.',
      })
    known.values.set(values, row * known.size)
  }
}

function axesOf(name: string, value: GeneratedQuantity['value']): readonly Dimension[] {
  return typeof value === 'number' ? [] : [numbered(name, 0, value.length)]
}

function newColumn(
  name: string,
  length: number,
  dimensions: readonly Dimension[],
  total: number,
  others: readonly Quantity[],
  where: string,
): Column {
  requireNewNames(
    where,
    [{ name }],
    others.map((other) => other.name),
  )
  const shape = dimensions.map((axis) => axis.labels.length)
  const made = column({ name, dimensions }, shape, total)
  if (made.size !== length) requireFit(name, [length], dimensions, where)
  return made
}

/** One trial of `generate` before anything is sampled, so that a mistake there shows at once. */
export function tryGenerate<Data, Parameters extends Record<string, Prior>>(
  job: Pick<DrawsJob<Data, Parameters>, 'model' | 'data' | keyof Quantities>,
  point: readonly Float64Array[],
  source: Stream,
): void {
  if (!job.model.generate) return
  keep(new Map(), generate(job, source, job.compiled.call(point)), 0, 1, job.outputs, job.model.name)
}

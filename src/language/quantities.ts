import * as tf from '@tensorflow/tfjs'
import type { Prior } from '../contract/distribution.js'
import type { DerivedQuantity, Model, TensorsOf } from '../contract/model.js'
import type { Dimension } from '../draws/draws.js'
import { type CompiledFunction, type CompileOptions, compileFunction } from '../engine/compile.js'
import { ModelError } from '../errors/model-error.js'
import type { GivenData } from './given-data.js'
import { numbered } from './parameters.js'
import { readingPart } from './reading-part.js'
import { evaluateAll, type SampledForm } from './sampled-form.js'

export interface Quantity {
  readonly name: string
  readonly dimensions: readonly Dimension[]
}

/** What is kept of every draw apart from generated quantities: the parameters on their own scale, then the derived quantities. */
export interface Quantities {
  /** From unconstrained values, one array per sampled parameter, and noise for integrated ones, if there are any, to one array per quantity. */
  readonly compiled: CompiledFunction
  /** In the order of the outputs: so many parameters, then the derived quantities. */
  readonly outputs: readonly Quantity[]
  readonly parameterCount: number
}

/** @throws ModelError when `derived` fails, or a quantity has a name that is taken or dimensions that do not fit. */
export function compileQuantities<Data, Parameters extends Record<string, Prior>>(
  model: Model<Data, Parameters>,
  given: GivenData<Data>,
  form: SampledForm<Data>,
  options: CompileOptions,
): Quantities {
  const { parameters, inputShapes } = form
  let derived: Quantity[] = []
  const compiled = compileFunction(
    inputShapes,
    (tensors) => {
      const { data } = given.see(tensors.slice(inputShapes.length))
      const values = evaluateAll(form, tensors, data)
      const where = `derived of model "${model.name}"`
      const quantities = readingPart(where, values as TensorsOf<Parameters>, data, (...args) =>
        Object.entries(model.derived?.(...args) ?? {}),
      )
      const complete = quantities.map(([name, quantity]) => ({ name, ...checked(name, quantity, where) }))
      derived = complete.map(({ name, dimensions }) => ({ name, dimensions }))
      requireNewNames(
        where,
        derived,
        parameters.map(({ name }) => name),
      )
      return [...parameters.map((parameter) => values[parameter.name]), ...complete.map((quantity) => quantity.value)]
    },
    options,
  )
  return {
    compiled,
    outputs: [...parameters.map(({ name, dimensions }) => ({ name, dimensions })), ...derived],
    parameterCount: parameters.length,
  }
}

function checked(name: string, quantity: tf.Tensor | DerivedQuantity, where: string): Required<DerivedQuantity> {
  const { value, dimensions }: DerivedQuantity = quantity instanceof tf.Tensor ? { value: quantity } : quantity
  if (!(value instanceof tf.Tensor))
    throw new ModelError({
      problem: `quantity "${name}" in ${where} is not a tensor`,
      remedy: 'Give a tensor, or { value, dimensions } with a tensor as value.',
    })
  if (!dimensions) return { value, dimensions: value.shape.map((length, position) => numbered(name, position, length)) }
  requireFit(name, value.shape, dimensions, where)
  return { value, dimensions }
}

/** @throws ModelError unless there is one dimension per axis with one label per index. */
export function requireFit(name: string, shape: readonly number[], dimensions: readonly Dimension[], where: string): void {
  const given = dimensions.map((axis) => axis.labels.length)
  if (given.length === shape.length && given.every((length, axis) => length === shape[axis])) return
  throw new ModelError({
    problem: `quantity "${name}" in ${where} has shape [${shape}] but its dimensions have [${given}] labels`,
    remedy: 'Give one dimension per axis, with one label per element.',
  })
}

/** @throws ModelError when a quantity has the name of another one: draws are found by name. */
export function requireNewNames(where: string, quantities: readonly { readonly name: string }[], taken: readonly string[]): void {
  const repeated = quantities.find(({ name }) => taken.includes(name))
  if (repeated)
    throw new ModelError({
      problem: `${where} has a quantity "${repeated.name}", but a parameter or quantity of that name exists already`,
      reason: 'draws are found by name',
      remedy: 'Rename one of the two.',
    })
}

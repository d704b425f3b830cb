import * as tf from '@tensorflow/tfjs'
import type { Prior } from '../contract/distribution.js'
import type { IntegratedParameters, Model, TensorData } from '../contract/model.js'
import { inPart } from '../engine/translate-error.js'
import { ModelError } from '../errors/model-error.js'
import { evaluateParameters, type Parameter } from './parameters.js'
import { readingPart } from './reading-part.js'

type AnyParameters = Record<string, Prior>

/** What of a model is sampled: all of its parameters, or those that are left when some are integrated out. */
export interface SampledForm<Data> {
  /** The model of the sampled parameters alone; the data are one observation where others are integrated out. */
  readonly model: Model<Data, AnyParameters>
  /** All parameters, in order of declaration. */
  readonly parameters: readonly Parameter[]
  readonly sampled: readonly Parameter[]
  readonly integrated: IntegratedParameters<Data> | undefined
  /** Standard normal numbers that a draw of the integrated parameters needs. */
  readonly noiseCount: number
  /** Of what all parameters are computed from: an unconstrained value of each sampled one, then the noise, if any is needed. */
  readonly inputShapes: readonly (readonly number[])[]
}

/**
 * @param isFull sample all parameters, such as when observations have weights
 * @throws ModelError when a parameter to be integrated out does not exist, or the prior of another one refers to it by name.
 */
export function sampledForm<Data, Parameters extends AnyParameters>(
  model: Model<Data, Parameters>,
  data: Data,
  parameters: readonly Parameter[],
  isFull: boolean,
): SampledForm<Data> {
  const given = model as unknown as Model<Data, AnyParameters>
  const where = `integratedOut of model "${model.name}"`
  const integrated = isFull ? undefined : inPart(where, () => given.integratedOut?.(data))
  const shapesOf = (some: readonly Parameter[]) => some.map(({ transform }) => transform.unconstrainedShape)
  if (!integrated)
    return {
      model: given,
      parameters,
      sampled: parameters,
      integrated: undefined,
      noiseCount: 0,
      inputShapes: shapesOf(parameters),
    }
  const { names, logLikelihood } = integrated
  requireIndependent(parameters, names, where)
  const { logLikelihoodSum: _, ...others } = given
  const sampled = parameters.filter(({ name }) => !names.includes(name))
  const noiseCount = parameters.reduce((sum, { name, shape }) => sum + (names.includes(name) ? sizeOf(shape) : 0), 0)
  return {
    model: { ...others, logLikelihood: (values, tensors) => tf.reshape(logLikelihood(values, tensors), [1]) },
    parameters,
    sampled,
    integrated,
    noiseCount,
    inputShapes: [...shapesOf(sampled), [noiseCount]],
  }
}

function requireIndependent(parameters: readonly Parameter[], names: readonly string[], where: string): void {
  const unknown = names.find((name) => !parameters.some((parameter) => parameter.name === name))
  if (unknown !== undefined)
    throw new ModelError({
      problem: `${where} names "${unknown}", which is no parameter`,
      remedy: `Name some of ${parameters.map(({ name }) => name).join(', ')}.`,
    })
  for (const { name, prior } of parameters)
    for (const argument of prior.arguments)
      if (typeof argument === 'string' && names.includes(argument) && !names.includes(name))
        throw new ModelError({
          problem: `${where} names "${argument}", on which the prior of "${name}" depends`,
          reason: 'what is sampled can depend only on what is sampled',
          remedy: `Integrate "${name}" out too, or sample "${argument}".`,
        })
}

/**
 * Values of all parameters.
 * @param tensors of the shapes `inputShapes`; what follows is not read
 */
export function evaluateAll<Data>(
  { model, parameters, sampled, integrated }: SampledForm<Data>,
  tensors: readonly tf.Tensor[],
  data: TensorData<Data>,
): Record<string, tf.Tensor> {
  const { values } = evaluateParameters(sampled, tensors.slice(0, sampled.length))
  if (!integrated) return values
  const where = `integratedOut of model "${model.name}"`
  const drawn = readingPart(where, values, data, (others, seen) => integrated.draw(others, tensors[sampled.length], seen))
  return Object.fromEntries(
    parameters.map(({ name, shape }) => [name, values[name] ?? requireShape(name, shape, drawn[name], where)]),
  )
}

function requireShape(name: string, shape: readonly number[], value: unknown, where: string): tf.Tensor {
  if (value instanceof tf.Tensor && `${value.shape}` === `${shape}`) return value
  const found = value instanceof tf.Tensor ? `a tensor of shape [${value.shape}]` : 'no tensor'
  throw new ModelError({
    problem: `${where} draws ${found} for "${name}", whose shape is [${shape}]`,
    remedy: 'Give one tensor of the declared shape for every name.',
  })
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1)
}

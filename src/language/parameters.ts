import * as tf from '@tensorflow/tfjs'
import type { ParameterTensors, Prior, PriorArgument } from '../contract/distribution.js'
import type { Transform } from '../contract/transform.js'
import type { Dimension } from '../draws/draws.js'
import { tensorFrom } from '../engine/tfjs.js'
import { ModelError } from '../errors/model-error.js'
import { readingPart } from './reading-part.js'

/** A declared parameter with its shape resolved and its place on the unconstrained scale. */
export interface Parameter {
  readonly name: string
  /** For messages. */
  readonly modelName: string
  readonly prior: Prior
  readonly dimensions: readonly Dimension[]
  /** On its own scale. */
  readonly shape: readonly number[]
  /** From the unconstrained scale to the parameter, or to z when it is non-centred. */
  readonly transform: Transform
}

/**
 * @param modelName for messages, such as `model "linear"`
 * @throws ModelError when there are no parameters, one has no prior, or a prior refers to a parameter that is not declared before it.
 */
export function declareParameters(priors: Readonly<Record<string, Prior>>, modelName: string): Parameter[] {
  const names = Object.keys(priors ?? {})
  if (names.length === 0)
    throw new ModelError({
      problem: `${modelName} declares no parameters`,
      remedy: 'Declare at least one, such as mu: normal(0, 1).',
    })
  return names.map((name, index) => {
    const prior = priors[name]
    if (!prior?.distribution)
      throw new ModelError({
        problem: `parameter "${name}" of ${modelName} has no prior`,
        remedy: 'Give it one, such as normal(0, 1) or flat().',
      })
    for (const argument of prior.arguments)
      if (typeof argument === 'string') requireDeclared(name, argument, names.slice(0, index), names)
    const dimensions = prior.shape.map((axis, position) => (typeof axis === 'number' ? numbered(name, position, axis) : axis))
    const shape = dimensions.map((axis) => axis.labels.length)
    const known = prior.arguments.map((argument) => (typeof argument === 'number' ? argument : undefined))
    return { name, modelName, prior, dimensions, shape, transform: prior.distribution.support(shape, known) }
  })
}

/** An axis without labels of its own is labelled 1, 2, ... */
export function numbered(name: string, position: number, length: number): Dimension {
  return { name: `${name}_${position + 1}`, labels: Array.from({ length }, (_, index) => String(index + 1)) }
}

function requireDeclared(name: string, wanted: string, before: readonly string[], all: readonly string[]): void {
  if (before.includes(wanted)) return
  throw new ModelError({
    problem: `the prior of "${name}" refers to "${wanted}", which is not declared before it`,
    reason: all.includes(wanted) ? `"${wanted}" is declared later` : `the parameters are ${all.join(', ')}`,
    remedy: all.includes(wanted) ? `Move "${wanted}" above "${name}".` : 'Correct the name.',
  })
}

/** Parameters on their own scale, and the terms of log prior and log Jacobian. */
export interface EvaluatedParameters {
  readonly values: Readonly<Record<string, tf.Tensor>>
  /** Of each parameter, in order. */
  readonly logPriorTermsOf: readonly (readonly tf.Tensor[])[]
}

/**
 * @param unconstrained one tensor per parameter, in order
 * @throws ModelError naming the parameter whose prior fails or does not fit its shape.
 */
export function evaluateParameters(parameters: readonly Parameter[], unconstrained: readonly tf.Tensor[]): EvaluatedParameters {
  const values: Record<string, tf.Tensor> = {}
  const logPriorTermsOf: tf.Tensor[][] = []
  parameters.forEach((parameter, index) => {
    const { name, modelName } = parameter
    const { value, terms } = readingPart(`the prior of "${name}" in ${modelName}`, values, {}, (declared) =>
      evaluateOne(parameter, unconstrained[index], declared),
    )
    values[name] = value
    logPriorTermsOf.push(terms)
  })
  return { values, logPriorTermsOf }
}

function evaluateOne(
  parameter: Parameter,
  unconstrained: tf.Tensor,
  declared: ParameterTensors,
): { value: tf.Tensor; terms: tf.Tensor[] } {
  const { prior, transform, shape } = parameter
  const given = prior.arguments.map((argument) => resolveArgument(argument, declared, shape))
  const raw = transform.constrain(unconstrained)
  const { logProbability } = prior.distribution
  if (prior.nonCentered) {
    const [location, scale] = given.slice(-2)
    const value = tf.add(location, tf.mul(scale, raw))
    requireShape(parameter, value.shape)
    return { value, terms: [logProbability(raw, [...given.slice(0, -2), tensorFrom([0], []), tensorFrom([1], [])])] }
  }
  const logDensity = logProbability(raw, given)
  if (logDensity.size > raw.size) requireShape(parameter, logDensity.shape)
  const logJacobian = transform.logJacobian(unconstrained)
  return { value: raw, terms: logJacobian ? [logDensity, logJacobian] : [logDensity] }
}

function requireShape({ name, modelName, shape }: Parameter, found: readonly number[]): void {
  if (found.length === shape.length && found.every((length, axis) => length === shape[axis])) return
  throw new ModelError({
    problem: `the prior of "${name}" in ${modelName} has arguments of shape [${found}] for a parameter of shape [${shape}]`,
    reason: 'each element of a parameter has one value of every argument',
    remedy: `Declare "${name}" with the shape [${found}], or give arguments that broadcast to [${shape}].`,
  })
}

/** The tensor that an argument stands for, given the parameters declared before. */
export function resolveArgument(argument: PriorArgument, values: ParameterTensors, shape: readonly number[]): tf.Tensor {
  if (typeof argument === 'string') return values[argument]
  if (typeof argument === 'function') return argument(values)
  if (typeof argument === 'number') return tensorFrom([argument], [])
  const isOnePerElement = argument.length === shape.reduce((product, length) => product * length, 1)
  return tensorFrom(argument, isOnePerElement ? shape : [argument.length])
}

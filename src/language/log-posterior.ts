import * as tf from '@tensorflow/tfjs'
import type { Prior } from '../contract/distribution.js'
import type { Model, TensorData, TensorsOf } from '../contract/model.js'
import type { SummedTensor } from '../engine/compile.js'
import { ModelError } from '../errors/model-error.js'
import { giveData, requireOnePerObservation, type SeenData } from './given-data.js'
import { evaluateParameters, type Parameter } from './parameters.js'
import { readingPart } from './reading-part.js'

/** Log likelihood + log prior + log Jacobian at unconstrained values, one tensor per parameter: a scalar, and its terms. */
export function logPosterior<Data, Parameters extends Record<string, Prior>>(
  model: Model<Data, Parameters>,
  seen: SeenData<Data>,
  parameters: readonly Parameter[],
  unconstrained: readonly tf.Tensor[],
): SummedTensor {
  const { values, logPriorTermsOf } = evaluateParameters(parameters, unconstrained)
  const terms = [logLikelihoodSum(model, values as TensorsOf<Parameters>, seen), ...logPriorTermsOf.flat()]
  return { value: terms.map((term) => tf.sum(term)).reduce((sum, term) => tf.add(sum, term)), terms }
}

function logLikelihoodSum<Data, Parameters extends Record<string, Prior>>(
  model: Model<Data, Parameters>,
  values: TensorsOf<Parameters>,
  { data, caseWeights }: SeenData<Data>,
): tf.Tensor {
  if (caseWeights) {
    const terms = observationTerms(model, values, data)
    requireOnePerObservation(model.name, terms.size, caseWeights.size)
    return tf.mul(caseWeights, terms)
  }
  if (!model.logLikelihoodSum) return observationTerms(model, values, data)
  const sum = part(model, 'logLikelihoodSum', values, data)
  if (sum.size === 1) return sum
  throw new ModelError({
    problem: `logLikelihoodSum of model "${model.name}" has shape [${sum.shape}] instead of being one number`,
    remedy: 'Sum over the observations with tf.sum.',
  })
}

/** `[observation]` */
export function pointwiseLogLikelihood<Data, Parameters extends Record<string, Prior>>(
  model: Model<Data, Parameters>,
  values: TensorsOf<Parameters>,
  data: Data,
): tf.Tensor {
  return observationTerms(model, values, giveData(data, { areInputs: false }).see().data)
}

/** The same of data as tensors. */
export function observationTerms<Data, Parameters extends Record<string, Prior>>(
  model: Model<Data, Parameters>,
  values: TensorsOf<Parameters>,
  data: TensorData<Data>,
): tf.Tensor {
  const terms = part(model, 'logLikelihood', values, data)
  return tf.reshape(terms, [terms.size])
}

function part<Data, Parameters extends Record<string, Prior>>(
  model: Model<Data, Parameters>,
  name: 'logLikelihood' | 'logLikelihoodSum',
  values: TensorsOf<Parameters>,
  data: TensorData<Data>,
): tf.Tensor {
  const where = `${name} of model "${model.name}"`
  const value: unknown = readingPart(where, values, data, (parameters, tensors) => model[name]?.(parameters, tensors))
  if (value instanceof tf.Tensor) return value
  throw new ModelError({
    problem: `${where} returns ${kindOf(value)}`,
    reason: 'a log likelihood is a tensor made by tfjs operations',
    remedy: 'Return the tensor; a function body in braces needs a `return`.',
  })
}

function kindOf(value: unknown): string {
  if (value instanceof Promise) return 'a promise, as async functions do'
  return value === undefined ? 'nothing' : typeof value === 'object' ? 'an object' : `a ${typeof value}`
}

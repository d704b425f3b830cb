import * as tf from '@tensorflow/tfjs'
import type { Prior } from '../contract/distribution.js'
import type { Model, TensorsOf } from '../contract/model.js'
import { type CompiledFunction, compileFunction } from '../engine/compile.js'
import type { GivenData } from './given-data.js'
import { observationTerms } from './log-posterior.js'
import { evaluateParameters, type Parameter } from './parameters.js'

/** A few elements of every parameter. */
export function describeParameters(parameters: readonly Parameter[], values: readonly Float64Array[]): string {
  return parameters
    .map(({ name }, index) => `${name} = ${Array.from(values[index].subarray(0, 3), (value) => value.toPrecision(3)).join(', ')}`)
    .join('; ')
}

/**
 * Says which part of a log posterior is not finite at a position: the log likelihood of which observation, the prior of which parameter. Compiled
 * when first asked, which is when something has gone wrong already.
 * @returns one clause per such part, none when all is finite
 */
export function faultFinder<Data, Parameters extends Record<string, Prior>>(
  model: Model<Data, Parameters>,
  given: GivenData<Data>,
  parameters: readonly Parameter[],
): (position: Float64Array) => string[] {
  let compiled: CompiledFunction | undefined
  return (position) => {
    compiled ??= compileTerms(model, given, parameters)
    const [observations, ...priors] = compiled.callFrom(position, 0)
    const observation = observations.findIndex((value) => !Number.isFinite(value))
    return [
      ...(observation < 0 ? [] : [`the log likelihood of observation ${observation + 1} is ${observations[observation]}`]),
      ...priors.flatMap(([value], index) =>
        Number.isFinite(value) ? [] : [`the log prior of "${parameters[index].name}" is ${value}`],
      ),
    ]
  }
}

/** Log likelihoods `[observation]`, then one log prior, Jacobian included, per parameter. */
function compileTerms<Data, Parameters extends Record<string, Prior>>(
  model: Model<Data, Parameters>,
  given: GivenData<Data>,
  parameters: readonly Parameter[],
): CompiledFunction {
  return compileFunction(
    parameters.map((parameter) => parameter.transform.unconstrainedShape),
    (unconstrained) => {
      const { values, logPriorTermsOf } = evaluateParameters(parameters, unconstrained)
      const priors = logPriorTermsOf.map((terms) => terms.map((term) => tf.sum(term)).reduce((sum, term) => tf.add(sum, term)))
      return [observationTerms(model, values as TensorsOf<Parameters>, given.see().data), ...priors]
    },
    { checkPoints: [] },
  )
}

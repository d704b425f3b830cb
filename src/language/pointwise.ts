import type { Prior } from '../contract/distribution.js'
import type { Model, TensorsOf } from '../contract/model.js'
import { type CompiledFunction, type CompileOptions, compileFunction } from '../engine/compile.js'
import type { GivenData } from './given-data.js'
import { observationTerms } from './log-posterior.js'
import { evaluateParameters, type Parameter } from './parameters.js'

/** The log likelihood of each observation as a function of unconstrained values, one array per parameter. */
export function compilePointwise<Data, Parameters extends Record<string, Prior>>(
  model: Model<Data, Parameters>,
  given: GivenData<Data>,
  parameters: readonly Parameter[],
  options: CompileOptions,
): CompiledFunction {
  return compileFunction(
    parameters.map((parameter) => parameter.transform.unconstrainedShape),
    (tensors) => {
      const { values } = evaluateParameters(parameters, tensors.slice(0, parameters.length))
      return [observationTerms(model, values as TensorsOf<Parameters>, given.see(tensors.slice(parameters.length)).data)]
    },
    { ...options, name: `logLikelihood of model "${model.name}"` },
  )
}

/** @param positions `[chain, draw, dimension]` */
export function evaluatePointwise(
  compiled: CompiledFunction,
  positions: Float64Array,
  dimension: number,
): { values: Float64Array; observationCount: number } {
  const observationCount = compiled.outputShapes[0][0]
  const total = positions.length / dimension
  const values = new Float64Array(total * observationCount)
  for (let row = 0; row < total; row++) values.set(compiled.callFrom(positions, row * dimension)[0], row * observationCount)
  return { values, observationCount }
}

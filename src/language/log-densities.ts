import * as tf from '@tensorflow/tfjs'
import type { Prior } from '../contract/distribution.js'
import type { Model, TensorsOf } from '../contract/model.js'
import type { Draws } from '../draws/draws.js'
import { elementCount } from '../draws/draws.js'
import { variable } from '../draws/variable.js'
import { compileFunction } from '../engine/compile.js'
import type { ProgramCache } from '../engine/program-cache.js'
import { inPart } from '../engine/translate-error.js'
import { UsageError } from '../errors/usage-error.js'
import { giveData } from './given-data.js'
import { observationTerms } from './log-posterior.js'
import { declareParameters, numbered, type Parameter, resolveArgument } from './parameters.js'
import { readingPart } from './reading-part.js'

/**
 * Log likelihood of each observation and log prior density of each parameter at draws of the parameters, from whatever source. Of
 * the draws only the parameters are read, on their own scale, so the log prior holds no Jacobian; that of a non-centred parameter
 * is its density given its location and scale. Improper priors count 0.
 * @param options.cache where programs are kept for other data of the same shapes
 * @returns `log_likelihood` `[chain, draw, observation]` and `log_prior` `[chain, draw, parameter]`, labelled with the
 * parameters' names
 * @throws UsageError when a parameter is missing from the draws or has another number of elements there; ModelError as
 * `condition`.
 */
export function logDensities<Data, Parameters extends Record<string, Prior>>(
  model: Model<Data, Parameters>,
  data: Data,
  draws: Draws,
  { cache }: { readonly cache?: ProgramCache } = {},
): Draws {
  const named = `model "${model.name}"`
  const parameters = declareParameters(
    inPart(`parameters of ${named}`, () => model.parameters(data)),
    named,
  )
  const columns = parameters.map((parameter) => columnOf(draws, parameter))
  const rowOf = (row: number) => columns.map(({ values, size }) => values.subarray(row * size, (row + 1) * size))
  const total = draws.chainCount * draws.drawCount
  const given = giveData(data, { areInputs: cache !== undefined })
  const compiled = compileFunction(
    parameters.map(({ shape }) => shape),
    (tensors) => {
      const values = Object.fromEntries(parameters.map(({ name }, index) => [name, tensors[index]]))
      const seen = given.see(tensors.slice(parameters.length)).data
      return [observationTerms(model, values as TensorsOf<Parameters>, seen), logPriors(parameters, tensors)]
    },
    {
      name: `logLikelihood and priors of ${named}`,
      checkPoints: [rowOf(0)],
      inputNames: parameters.map(({ name }) => name),
      extraInputs: given.inputs,
      cache,
    },
  )
  const [logLikelihood, logPrior] = compiled.outputShapes.map(([length]) => new Float64Array(total * length))
  for (let row = 0; row < total; row++) {
    const [likelihoods, priors] = compiled.call(rowOf(row))
    logLikelihood.set(likelihoods, row * likelihoods.length)
    logPrior.set(priors, row * priors.length)
  }
  const observation = { ...numbered('observation', 0, compiled.outputShapes[0][0]), name: 'observation' }
  const parameter = { name: 'parameter', labels: parameters.map(({ name }) => name) }
  return {
    chainCount: draws.chainCount,
    drawCount: draws.drawCount,
    variables: [
      { name: 'log_likelihood', dimensions: [observation], values: logLikelihood },
      { name: 'log_prior', dimensions: [parameter], values: logPrior },
    ],
  }
}

function columnOf(draws: Draws, { name, shape, modelName }: Parameter): { values: Float64Array; size: number } {
  const found = variable(draws, name)
  const size = shape.reduce((product, length) => product * length, 1)
  if (elementCount(found) === size) return { values: found.values, size }
  throw new UsageError({
    problem: `"${name}" has ${elementCount(found)} elements in the draws and ${size} in ${modelName}`,
    reason: 'the draws come from another model or from other data',
    remedy: 'Give the model and the data that the draws were made with.',
  })
}

/** `[parameter]` */
function logPriors(parameters: readonly Parameter[], values: readonly tf.Tensor[]): tf.Tensor {
  const declared: Record<string, tf.Tensor> = {}
  const terms = parameters.map(({ name, modelName, prior, shape }, index) => {
    const term = readingPart(`the prior of "${name}" in ${modelName}`, declared, {}, (known) => {
      const given = prior.arguments.map((argument) => resolveArgument(argument, known, shape))
      return tf.sum(prior.distribution.logProbability(values[index], given))
    })
    declared[name] = values[index]
    return term
  })
  return tf.stack(terms)
}

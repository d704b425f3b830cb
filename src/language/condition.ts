import type { Prior } from '../contract/distribution.js'
import type { LogDensity } from '../contract/log-density.js'
import type { Model, TensorsOf } from '../contract/model.js'
import type { Stream } from '../contract/stream.js'
import type { Draws } from '../draws/draws.js'
import {
  type CompiledFunction,
  type CompileOptions,
  compileFunction,
  compileLogDensity,
  type EngineChoice,
} from '../engine/compile.js'
import type { PortableLogDensity } from '../engine/log-density-program.js'
import { inPart } from '../engine/translate-error.js'
import { stream } from '../random/stream.js'
import { collectDraws, tryGenerate } from './collect-draws.js'
import { logPosterior, pointwiseLogLikelihood } from './log-posterior.js'
import { declareParameters, evaluateParameters, type Parameter } from './parameters.js'
import { compileQuantities } from './quantities.js'

/** A model with its data: everything inference and prediction need, compiled. */
export interface ConditionedModel {
  readonly name: string
  /** Log posterior density on the unconstrained scale, Jacobians included. */
  readonly logDensity: LogDensity
  /** The log density for worker threads; absent when it is evaluated eagerly. */
  readonly portable?: PortableLogDensity
  readonly engine: EngineChoice
  /** A starting point, uniform on (-2, 2) in every unconstrained direction, as in Stan. `[dimension]` */
  propose(stream: Stream): Float64Array
  /** Values of all parameters at a position, for messages about failed starts. */
  describe(position: Float64Array): string
  /**
   * Parameters, derived and generated quantities at sampled positions.
   * @param positions `[chain, draw, dimension]`
   * @param streamFor randomness for generated quantities, one stream per chain
   */
  draws(positions: Float64Array, chainCount: number, streamFor: (chain: number) => Stream): Draws
  /** Log likelihood of each observation at sampled positions. `[chain, draw, observation]` */
  pointwiseLogLikelihood(positions: Float64Array): { readonly values: Float64Array; readonly observationCount: number }
}

const CHECK_POINTS = 2
/** Half-width of the uniform proposals: starts of chains as in Stan, and milder points for the self-check, where float32 must not overflow. */
const START_RADIUS = 2
const CHECK_RADIUS = 1

/**
 * Conditions a model on data and compiles it. Everything but the pointwise log likelihood is compiled and tried at once, so that mistakes show
 * before anything is sampled.
 * @param options.strict throw instead of falling back to a slower engine
 * @throws ModelError naming the parameter, operation or data entry at fault.
 */
export function condition<Data, Parameters extends Record<string, Prior>>(
  model: Model<Data, Parameters>,
  data: Data,
  options: { readonly strict?: boolean } = {},
): ConditionedModel {
  const named = `model "${model.name}"`
  const parameters = declareParameters(
    inPart(`parameters of ${named}`, () => model.parameters(data)),
    named,
  )
  const shapes = parameters.map((parameter) => parameter.transform.unconstrainedShape)
  const sizes = shapes.map((shape) => shape.reduce((product, length) => product * length, 1))
  const dimension = sizes.reduce((sum, size) => sum + size, 0)
  const starts = sizes.map((_, index) => sizes.slice(0, index).reduce((sum, size) => sum + size, 0))
  const split = (position: Float64Array) => sizes.map((size, index) => position.subarray(starts[index], starts[index] + size))
  const uniform = (source: Stream, radius: number) =>
    Float64Array.from({ length: dimension }, () => radius * (2 * source.uniform() - 1))
  const checkStream = stream(0, 'self-check')
  const checkPoints = Array.from({ length: CHECK_POINTS }, () => split(uniform(checkStream, CHECK_RADIUS)))
  const compileOptions = {
    checkPoints,
    inputNames: parameters.map((parameter) => parameter.name),
    strict: options.strict === true,
  }

  const { logDensity, engine, portable } = compileLogDensity(shapes, (inputs) => logPosterior(model, data, parameters, inputs), {
    ...compileOptions,
    name: `the log density of ${named}`,
  })
  const quantities = compileQuantities(model, data, parameters, { ...compileOptions, name: `derived of ${named}` })
  tryGenerate({ model, data, ...quantities }, checkPoints[0], checkStream)
  const pointwise = once(() => compilePointwise(model, data, parameters, compileOptions))
  return {
    name: model.name,
    logDensity,
    ...(portable ? { portable } : {}),
    engine: slowerOf(engine, quantities.compiled.engine),
    propose: (source) => uniform(source, START_RADIUS),
    describe: (position) => describeParameters(parameters, quantities.compiled.call(split(position))),
    draws: (positions, chainCount, streamFor) =>
      collectDraws({ model, data, positions, chainCount, streamFor, split, dimension, ...quantities }),
    pointwiseLogLikelihood: (positions) => evaluatePointwise(pointwise(), positions, dimension, split),
  }
}

/** The engine of the log density; when the derived quantities fell back to eager tfjs, with the reason. */
function slowerOf(logDensity: EngineChoice, quantities: EngineChoice): EngineChoice {
  if (logDensity.engine === 'eager' || quantities.fallbackReason === undefined) return logDensity
  return {
    ...logDensity,
    fallbackReason: `derived quantities are computed by eager tfjs in float32: ${quantities.fallbackReason}`,
  }
}

function once<Value>(make: () => Value): () => Value {
  let made: { value: Value } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

function describeParameters(parameters: readonly Parameter[], values: readonly Float64Array[]): string {
  return parameters
    .map(({ name }, index) => `${name} = ${Array.from(values[index].subarray(0, 3), (value) => value.toPrecision(3)).join(', ')}`)
    .join('; ')
}

function compilePointwise<Data, Parameters extends Record<string, Prior>>(
  model: Model<Data, Parameters>,
  data: Data,
  parameters: readonly Parameter[],
  options: CompileOptions,
): CompiledFunction {
  return compileFunction(
    parameters.map((parameter) => parameter.transform.unconstrainedShape),
    (inputs) => [pointwiseLogLikelihood(model, evaluateParameters(parameters, inputs).values as TensorsOf<Parameters>, data)],
    { ...options, name: `logLikelihood of model "${model.name}"` },
  )
}

function evaluatePointwise(
  compiled: CompiledFunction,
  positions: Float64Array,
  dimension: number,
  split: (position: Float64Array) => Float64Array[],
) {
  const observationCount = compiled.outputShapes[0][0]
  const total = positions.length / dimension
  const values = new Float64Array(total * observationCount)
  for (let row = 0; row < total; row++)
    values.set(compiled.call(split(positions.subarray(row * dimension, (row + 1) * dimension)))[0], row * observationCount)
  return { values, observationCount }
}

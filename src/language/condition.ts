import type { Prior } from '../contract/distribution.js'
import type { Model } from '../contract/model.js'
import type { Stream } from '../contract/stream.js'
import type { CheckedComputations } from '../engine/checked-computations.js'
import { type CompiledLogDensity, type CompileOptions, compileLogDensity, type EngineChoice } from '../engine/compile.js'
import type { ProgramCache } from '../engine/program-cache.js'
import type { InputValues } from '../engine/staged-program.js'
import { inPart } from '../engine/translate-error.js'
import { UsageError } from '../errors/usage-error.js'
import { stream } from '../random/stream.js'
import { drawsCollector, tryGenerate } from './collect-draws.js'
import type { CollectingOptions, ConditionedModel } from './conditioned-model.js'
import { describeParameters, faultFinder } from './describe-position.js'
import { CASE_WEIGHTS, checkedWeights, giveData } from './given-data.js'
import { logPosterior } from './log-posterior.js'
import { declareParameters } from './parameters.js'
import { compilePointwise, evaluatePointwise } from './pointwise.js'
import { priorPositions } from './prior-sampler.js'
import { compileQuantities } from './quantities.js'
import { sampledForm } from './sampled-form.js'

export type { ConditionedModel } from './conditioned-model.js'

const CHECK_POINTS = 2
/** Half-width of the uniform proposals: starts of chains as in Stan, and milder points for the self-check, where float32 must not overflow. */
const START_RADIUS = 2
const CHECK_RADIUS = 1

export interface ConditionOptions extends Pick<CompileOptions, 'strict' | 'prefer' | 'eagerBackend'> {
  /** Multiply the log likelihood of each observation, `[observation]`: for the bootstrap, power scaling, leaving observations out. */
  readonly caseWeights?: Float64Array | undefined
  /** With a cache, arrays of data are inputs of the compiled programs, which are used again for other data that give the same computation. */
  readonly cache?: ProgramCache | undefined
  /** Computations that were compared with tfjs for other data and are not again. */
  readonly known?: CheckedComputations | undefined
}

/**
 * Conditions a model on data and compiles it. Everything but the pointwise log likelihood is compiled and tried at once, so that mistakes show
 * before anything is sampled.
 * @param options.strict throw instead of falling back to a slower engine
 * @param options.prefer a slower engine than there is, for comparisons
 * @param options.eagerBackend the tfjs backend for what cannot be compiled, started by `chooseEagerBackend`; `cpu` when left out
 * @throws ModelError naming the parameter, operation or data entry at fault; UsageError for case weights that are not weights.
 */
export function condition<Data, Parameters extends Record<string, Prior>>(
  model: Model<Data, Parameters>,
  data: Data,
  options: ConditionOptions = {},
): ConditionedModel {
  const named = `model "${model.name}"`
  const parameters = declareParameters(
    inPart(`parameters of ${named}`, () => model.parameters(data)),
    named,
  )
  const form = sampledForm(model, data, parameters, options.caseWeights !== undefined)
  const { sampled, noiseCount } = form
  const shapes = sampled.map((parameter) => parameter.transform.unconstrainedShape)
  const sizes = shapes.map((shape) => shape.reduce((product, length) => product * length, 1))
  const dimension = sizes.reduce((sum, size) => sum + size, 0)
  const starts = sizes.map((_, index) => sizes.slice(0, index).reduce((sum, size) => sum + size, 0))
  const split = (position: Float64Array) => sizes.map((size, index) => position.subarray(starts[index], starts[index] + size))
  const uniform = (source: Stream, radius: number) =>
    Float64Array.from({ length: dimension }, () => radius * (2 * source.uniform() - 1))
  const checkStream = stream(0, 'self-check')
  const checkPoints = Array.from({ length: CHECK_POINTS }, () => split(uniform(checkStream, CHECK_RADIUS)))
  const withNoise = (point: readonly Float64Array[], noise: number) =>
    noiseCount > 0 ? [...point, new Float64Array(noiseCount).fill(noise)] : point
  const inputPoints = checkPoints.map((point) => withNoise(point, 0.5))
  const given = giveData(data, { areInputs: options.cache !== undefined, caseWeights: options.caseWeights })
  const compileOptions = {
    checkPoints,
    inputNames: sampled.map((parameter) => parameter.name),
    strict: options.strict === true,
    prefer: options.prefer,
    eagerBackend: options.eagerBackend,
    cache: options.cache,
    known: options.known,
  }
  const withoutWeights = { ...compileOptions, extraInputs: given.inputs.filter(({ name }) => name !== CASE_WEIGHTS) }

  const compiled = compileLogDensity(shapes, (inputs, extra) => logPosterior(form.model, given.see(extra), sampled, inputs), {
    ...compileOptions,
    extraInputs: given.inputs,
    name: `the log density of ${named}`,
  })
  const quantities = compileQuantities(model, given, form, {
    ...withoutWeights,
    checkPoints: inputPoints,
    name: `derived of ${named}`,
  })
  tryGenerate({ model, data, ...quantities }, inputPoints[0], checkStream)
  const pointwise = once(() => compilePointwise(form.model, given, sampled, withoutWeights))
  const findFaults = faultFinder(form.model, given, sampled)
  const collectDraws = (collecting: CollectingOptions) =>
    drawsCollector({ model, data, dimension, noiseCount, ...quantities }, collecting)
  const withLogDensity = ({ logDensity, engine, portable, withInputs }: CompiledLogDensity): ConditionedModel => ({
    name: model.name,
    logDensity,
    ...(portable ? { portable } : {}),
    engine: slowerOf(engine, quantities.compiled.engine),
    isPartlyEager: [engine, quantities.compiled.engine].some((used) => used.engine === 'eager'),
    propose: (source) => uniform(source, START_RADIUS),
    priorProposal: () => priorPositions(sampled, named),
    describe: (position) => {
      const values = quantities.compiled.call(withNoise(split(position), 0))
      return [describeParameters(parameters, values), ...findFaults(position)].join('; ')
    },
    draws(positions, chainCount, streamFor) {
      const length = positions.length / chainCount
      const collector = collectDraws({ chainCount, drawCount: length / dimension, streamFor })
      for (let chain = 0; chain < chainCount; chain++)
        collector.add(chain, positions.subarray(chain * length, (chain + 1) * length))
      return collector.finish()
    },
    collectDraws,
    pointwiseLogLikelihood: (positions) => evaluatePointwise(pointwise(), positions, dimension),
    withCaseWeights: (weights) => withLogDensity(withInputs(reweighted(weights, options.caseWeights))),
  })
  return withLogDensity(compiled)
}

function reweighted(weights: Float64Array, present: Float64Array | undefined): InputValues {
  if (present) return { [CASE_WEIGHTS]: checkedWeights(weights) }
  throw new UsageError({
    problem: 'the model was conditioned without case weights',
    reason: 'its program does not multiply by any',
    remedy: 'Condition it with `caseWeights`, all 1 to begin with.',
  })
}

/** The engine of the log density; when the derived quantities fell back to eager tfjs, with the reason. */
function slowerOf(logDensity: EngineChoice, quantities: EngineChoice): EngineChoice {
  if (logDensity.engine === 'eager' || quantities.engine !== 'eager') return logDensity
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

import type { Prior, PriorArgument } from '../contract/distribution.js'
import type { Model, ValuesOf } from '../contract/model.js'
import type { Stream } from '../contract/stream.js'
import type { Draws } from '../draws/draws.js'
import { type CompiledFunction, compileFunction } from '../engine/compile.js'
import { inPart } from '../engine/translate-error.js'
import { UsageError } from '../errors/usage-error.js'
import { declareParameters, type Parameter } from './parameters.js'

/** Draws parameters from their prior. */
export interface PriorSampler<Parameters extends Record<string, Prior>> {
  /** One draw of all parameters on their own scale, row-major. */
  draw(stream: Stream): ValuesOf<Parameters>
  /** Such draws as one chain, with the dimensions of the model. */
  collect(draws: readonly ValuesOf<Parameters>[]): Draws
}

/**
 * @throws UsageError when a prior is improper, naming the parameters: there is no distribution to draw from.
 */
export function priorSampler<Data, Parameters extends Record<string, Prior>>(
  model: Model<Data, Parameters>,
  data: Data,
): PriorSampler<Parameters> {
  const named = `model "${model.name}"`
  const parameters = declareParameters(
    inPart(`parameters of ${named}`, () => model.parameters(data)),
    named,
  )
  requireProper(parameters, named)
  const compiled = new Map<string, CompiledFunction>()
  return {
    draw: (stream) => drawAll(stream, parameters, compiled) as ValuesOf<Parameters>,
    collect: (draws) => ({
      chainCount: 1,
      drawCount: draws.length,
      variables: parameters.map(({ name, dimensions, shape }) => {
        const size = sizeOf(shape)
        const values = new Float64Array(draws.length * size)
        draws.forEach((one, draw) => {
          values.set(one[name], draw * size)
        })
        return { name, dimensions, values }
      }),
    }),
  }
}

/**
 * Draws positions on the unconstrained scale, `[dimension]`, from the prior.
 * @throws UsageError when a prior is improper, naming the parameters.
 */
export function priorPositions(parameters: readonly Parameter[], named: string): (stream: Stream) => Float64Array {
  requireProper(parameters, named)
  const compiled = new Map<string, CompiledFunction>()
  return (stream) => {
    const unconstrained: Float64Array[] = []
    drawAll(stream, parameters, compiled, (parameter, value, given) => {
      unconstrained.push(parameter.transform.unconstrain(standardised(parameter, value, given)))
    })
    return Float64Array.from(unconstrained.flatMap((part) => [...part]))
  }
}

/** z of a non-centred parameter, location + scale z; another as it is. */
function standardised({ prior }: Parameter, value: Float64Array, given: readonly Float64Array[]): Float64Array {
  if (!prior.nonCentered) return value
  const [location, scale] = given.slice(-2)
  const at = (argument: Float64Array, index: number) => argument[argument.length === 1 ? 0 : index]
  return value.map((element, index) => (element - at(location, index)) / at(scale, index))
}

function requireProper(parameters: readonly Parameter[], named: string): void {
  const improper = parameters.filter(({ prior }) => !prior.distribution.isProper).map(({ name }) => `"${name}"`)
  if (improper.length === 0) return
  throw new UsageError({
    problem: `${named} has no prior to draw from: ${improper.join(', ')} ${improper.length === 1 ? 'has' : 'have'} a flat prior`,
    reason: 'a flat prior on an unbounded parameter is not a probability distribution',
    remedy: 'Give every parameter a proper prior, such as normal(0, 10).',
  })
}

function drawAll(
  stream: Stream,
  parameters: readonly Parameter[],
  compiled: Map<string, CompiledFunction>,
  onDraw?: (parameter: Parameter, value: Float64Array, given: readonly Float64Array[]) => void,
): Record<string, Float64Array> {
  const values: Record<string, Float64Array> = {}
  parameters.forEach((parameter, index) => {
    const before = parameters.slice(0, index)
    const { prior, shape, name } = parameter
    const given = prior.arguments.map((argument, position) => {
      const { values: found, shape: ownShape } = resolve(argument, parameter, before, values, compiled, `${name} ${position}`)
      return expand(found, ownShape, shape)
    })
    values[name] = prior.distribution.draw(stream, shape, given)
    onDraw?.(parameter, values[name], given)
  })
  return values
}

interface Numbers {
  readonly values: Float64Array
  readonly shape: readonly number[]
}

function resolve(
  argument: PriorArgument,
  { name, modelName }: Parameter,
  before: readonly Parameter[],
  values: Readonly<Record<string, Float64Array>>,
  compiled: Map<string, CompiledFunction>,
  key: string,
): Numbers {
  if (typeof argument === 'number') return { values: Float64Array.of(argument), shape: [] }
  if (typeof argument === 'string')
    return { values: values[argument], shape: before.find((parameter) => parameter.name === argument)?.shape ?? [] }
  if (typeof argument !== 'function') return { values: Float64Array.from(argument), shape: [argument.length] }
  const inputs = before.map((parameter) => values[parameter.name])
  const known =
    compiled.get(key) ??
    compileFunction(
      before.map(({ shape }) => shape),
      (tensors) => [argument(Object.fromEntries(before.map((parameter, index) => [parameter.name, tensors[index]])))],
      { name: `the prior of "${name}" in ${modelName}`, checkPoints: [inputs], inputNames: before.map((each) => each.name) },
    )
  compiled.set(key, known)
  return { values: known.call(inputs)[0].slice(), shape: known.outputShapes[0] }
}

/** An argument repeated along the axes that it lacks, as broadcasting does; as it is where that does not apply. */
function expand(values: Float64Array, from: readonly number[], to: readonly number[]): Float64Array {
  const size = sizeOf(to)
  if (values.length === 1 || values.length === size || from.length > to.length) return values
  const padded = [...new Array<number>(to.length - from.length).fill(1), ...from]
  if (padded.some((length, axis) => length !== 1 && length !== to[axis])) return values
  return Float64Array.from({ length: size }, (_, flat) => {
    let rest = flat
    let position = 0
    let stride = 1
    for (let axis = to.length - 1; axis >= 0; axis--) {
      if (padded[axis] !== 1) position += (rest % to[axis]) * stride
      rest = Math.floor(rest / to[axis])
      stride *= padded[axis]
    }
    return values[position]
  })
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, length) => product * length, 1)
}

import type * as tf from '@tensorflow/tfjs'
import type { LogDensityWithInputs } from '../contract/log-density.js'
import { ModelError } from '../errors/model-error.js'
import './operations.js'
import type { CheckedComputations } from './checked-computations.js'
import { type CompiledProgram, compileProgram } from './compile-program.js'
import { eagerFunction, eagerLogDensity } from './eager-function.js'
import { type Graph, topologicalOrder } from './graph.js'
import { logDensityOf, type PortableLogDensity } from './log-density-program.js'
import type { ProgramCache } from './program-cache.js'
import { type Shape, sizeOf } from './shape.js'
import { checkInputs, type ExtraInput, type InputValues, instantiateStaged, withInputValues } from './staged-program.js'
import { constantTensor, type EagerBackend, valueAndGradients } from './tfjs.js'

export type TensorFunction = (inputs: tf.Tensor[]) => readonly tf.Tensor[]

export interface CompileOptions {
  /** What the function is called in messages, such as `the log density of model "linear"`. */
  readonly name?: string
  /** Points at which the compiled program is compared with the graph and with eager tfjs, `[point][input]`. */
  readonly checkPoints: readonly (readonly Float64Array[])[]
  /** Names of inputs and outputs for messages. */
  readonly inputNames?: readonly string[]
  readonly outputNames?: readonly string[]
  /** Throw when the function cannot be compiled to WebAssembly, instead of using a slower engine. */
  readonly strict?: boolean
  /** Use a slower engine than there is, and call it no fallback: for comparisons. */
  readonly prefer?: 'javascript' | 'eager' | undefined
  /** Inputs that are set now and then and not at every evaluation: the function is called with them after the others. */
  readonly extraInputs?: readonly ExtraInput[]
  /** Programs compiled before, one of which may serve; what is compiled is added. */
  readonly cache?: ProgramCache | undefined
  /** Computations that need not be compared with tfjs again; those of the cache when left out. */
  readonly known?: CheckedComputations | undefined
  /** For what cannot be compiled: a backend that `chooseEagerBackend` has started; `cpu` when left out. */
  readonly eagerBackend?: EagerBackend | undefined
}

/** Which engine evaluates a function, and why not a faster one. */
export interface EngineChoice {
  readonly engine: 'webassembly' | 'javascript' | 'eager'
  readonly precision: 'float64' | 'float32'
  readonly fallbackReason?: string
}

/** A scalar, and terms whose elements it is the sum of. */
export interface SummedTensor {
  readonly value: tf.Tensor
  readonly terms: readonly tf.Tensor[]
}

/** A compiled function of arrays. Outputs are views into working memory: copy what must outlive the next call. */
export interface CompiledFunction {
  readonly outputShapes: readonly Shape[]
  readonly engine: EngineChoice
  call(inputs: readonly Float64Array[]): readonly Float64Array[]
  /** The same with the inputs one after another in `values`, from `start` on. */
  callFrom(values: Float64Array, start: number): readonly Float64Array[]
}

export interface CompiledLogDensity {
  readonly logDensity: LogDensityWithInputs
  readonly engine: EngineChoice
  /** For worker threads; absent when the log density is evaluated eagerly. */
  readonly portable?: PortableLogDensity
  /** The same log density with other values of extra inputs and a memory of its own. @throws UsageError as `setInputs` */
  withInputs(values: InputValues): CompiledLogDensity
}

/**
 * Records `build` and compiles it.
 * @throws ModelError when the function cannot be recorded, is not deterministic, or the compiled program fails its self-check
 */
export function compileFunction(inputShapes: readonly Shape[], build: TensorFunction, options: CompileOptions): CompiledFunction {
  const compiled = compileProgram({ inputShapes, build, options, outputNames: options.outputNames ?? [] })
  if ('reason' in compiled) {
    const evaluate = eagerFunction(
      inputShapes,
      withExtras(build, () => options.extraInputs ?? []),
      compiled.reason,
      options,
    )
    const parts = partsOf(inputShapes)
    return {
      ...evaluate,
      callFrom: (values, start) => evaluate.call(parts.map((part) => values.slice(start + part.start, start + part.end))),
    }
  }
  const { program } = instantiateStaged(compiled.portable)
  const { memory, inputOffsets, run } = program
  const outputs = program.outputs.map(({ offset, size }) => memory.subarray(offset, offset + size))
  const size = totalSize(inputShapes)
  return {
    outputShapes: compiled.graph.outputs.map((output) => output.shape),
    engine: compiled.engine,
    call(inputs) {
      for (let index = 0; index < inputs.length; index++) memory.set(inputs[index], inputOffsets[index])
      run()
      return outputs
    },
    callFrom(values, start) {
      for (let index = 0; index < size; index++) memory[index] = values[start + index]
      run()
      return outputs
    },
  }
}

/**
 * Compiles a scalar function of several tensors and its gradient into a log density over their elements, concatenated in order.
 * @param logDensity of those tensors and of the extra inputs; its terms, if given, are looked at in the self-check one by one
 * @throws ModelError as `compileFunction`, and when the function does not return a scalar or ignores an input
 */
export function compileLogDensity(
  inputShapes: readonly Shape[],
  logDensity: (inputs: tf.Tensor[], extra: tf.Tensor[]) => tf.Tensor | SummedTensor,
  options: CompileOptions,
): CompiledLogDensity {
  const split = (tensors: tf.Tensor[]) => [tensors.slice(0, inputShapes.length), tensors.slice(inputShapes.length)] as const
  const summed = (inputs: tf.Tensor[], extra: tf.Tensor[]): SummedTensor => {
    const found = logDensity(inputs, extra)
    return 'terms' in found ? found : { value: found, terms: [] }
  }
  const withTerms: TensorFunction = (tensors) => {
    const [inputs, extra] = split(tensors)
    let terms: readonly tf.Tensor[] = []
    const [value, ...gradients] = valueAndGradients((given) => {
      const sum = summed(given, extra)
      terms = sum.terms
      return sum.value
    }, inputs)
    if (value.size !== 1) throw notScalar(value.shape, options)
    return [value, ...gradients, ...terms]
  }
  const build: TensorFunction = (tensors) => withTerms(tensors).slice(0, 1 + inputShapes.length)
  const withoutGradients: TensorFunction = (tensors) => {
    const { value, terms } = summed(...split(tensors))
    return [value, ...terms]
  }
  const outputNames = ['the log density', ...(options.inputNames ?? []).map((name) => `the gradient of "${name}"`)]
  const examine = (graph: Graph) => refuseUnusedInputs(graph, inputShapes.length, options)
  const checked = { build: withTerms, withoutGradients }
  const compiled = compileProgram({ inputShapes, build, checked, options, outputNames, examine })
  return 'reason' in compiled
    ? eagerlyEvaluated(inputShapes, build, compiled.reason, options)
    : running(compiled, totalSize(inputShapes))
}

function running(compiled: CompiledProgram, dimension: number): CompiledLogDensity {
  const portable = { dimension, ...compiled.portable }
  return {
    logDensity: logDensityOf(instantiateStaged(compiled.portable), dimension),
    engine: compiled.engine,
    portable,
    withInputs: (values) => running({ ...compiled, portable: withInputValues(compiled.portable, values) }, dimension),
  }
}

function eagerlyEvaluated(
  inputShapes: readonly Shape[],
  build: TensorFunction,
  reason: string,
  options: CompileOptions,
): CompiledLogDensity {
  const { extraInputs: inputs = [] } = options
  let present = inputs
  const evaluate = eagerFunction(
    inputShapes,
    withExtras(build, () => present),
    reason,
    options,
  )
  const replaced = (values: InputValues) => {
    checkInputs(inputs, values)
    return present.map((input) => (input.name in values ? { ...input, values: values[input.name].slice() } : input))
  }
  return {
    logDensity: {
      ...eagerLogDensity(inputShapes, evaluate),
      inputs,
      setInputs(values) {
        present = replaced(values)
      },
    },
    engine: evaluate.engine,
    withInputs: (values) => eagerlyEvaluated(inputShapes, build, reason, { ...options, extraInputs: replaced(values) }),
  }
}

/** The function of the free inputs alone, with the extra inputs as they are at every evaluation. */
function withExtras(build: TensorFunction, extras: () => readonly ExtraInput[]): TensorFunction {
  return (inputs) => build([...inputs, ...extras().map(({ values, shape }) => constantTensor(values, shape))])
}

function totalSize(shapes: readonly Shape[]): number {
  return shapes.reduce((sum, shape) => sum + sizeOf(shape), 0)
}

/** Where each of several arrays lies when they are concatenated. */
function partsOf(shapes: readonly Shape[]): { readonly start: number; readonly end: number }[] {
  return shapes.map((shape, index) => {
    const start = totalSize(shapes.slice(0, index))
    return { start, end: start + sizeOf(shape) }
  })
}

function refuseUnusedInputs(
  graph: Graph,
  freeCount: number,
  { name = 'the log density', inputNames = [] }: CompileOptions,
): void {
  const used = new Set(topologicalOrder([graph.outputs[0]]).flatMap((node) => (node.kind === 'input' ? [node.index] : [])))
  const unused = graph.inputShapes
    .slice(0, freeCount)
    .flatMap((shape, index) => (used.has(index) || sizeOf(shape) === 0 ? [] : [inputNames[index] ?? `input ${index}`]))
  if (unused.length > 0)
    throw new ModelError({
      problem: `${name} does not depend on ${unused.map((input) => `"${input}"`).join(', ')}`,
      reason: 'with a flat prior and no part in the likelihood the posterior of such a parameter is improper',
      remedy: 'Use the parameter in the log likelihood, give it a proper prior, or remove it.',
    })
}

function notScalar(shape: Shape, { name = 'the log density' }: CompileOptions): ModelError {
  return new ModelError({
    problem: `${name} has shape [${shape}] instead of being one number`,
    reason: 'inference needs a scalar',
    remedy:
      'Sum over the observations with tf.sum; `logLikelihood` may return one value per observation, `logLikelihoodSum` may not.',
  })
}

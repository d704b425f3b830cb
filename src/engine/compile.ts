import type * as tf from '@tensorflow/tfjs'
import type { LogDensity } from '../contract/log-density.js'
import { ModelError } from '../errors/model-error.js'
import { UntraceableError } from '../errors/untraceable-error.js'
import './operations.js'
import { type Graph, topologicalOrder } from './graph.js'
import { instantiateLogDensity, type PortableLogDensity } from './log-density-program.js'
import { optimise } from './optimise.js'
import { instantiate, type PortableProgram, portableJavaScript, portableWebAssembly } from './program.js'
import { recordTwice } from './record.js'
import { type Schedule, schedule } from './schedule.js'
import { selfCheck } from './self-check.js'
import { type Shape, sizeOf } from './shape.js'
import { runEager, valueAndGradients } from './tfjs.js'
import { webAssemblyIsMissing } from './webassembly/host.js'

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
  /** Compile to JavaScript although WebAssembly is there: for comparisons. */
  readonly prefer?: 'javascript'
}

/** Which engine evaluates a function, and why not a faster one. */
export interface EngineChoice {
  readonly engine: 'webassembly' | 'javascript' | 'eager'
  readonly precision: 'float64' | 'float32'
  readonly fallbackReason?: string
}

/** A compiled function of arrays. Outputs are views into working memory: copy what must outlive the next call. */
export interface CompiledFunction {
  readonly outputShapes: readonly Shape[]
  readonly engine: EngineChoice
  call(inputs: readonly Float64Array[]): readonly Float64Array[]
}

export interface CompiledLogDensity {
  readonly logDensity: LogDensity
  readonly engine: EngineChoice
  /** For worker threads; absent when the log density is evaluated eagerly. */
  readonly portable?: PortableLogDensity
}

/**
 * Records `build` and compiles it.
 * @throws ModelError when the function cannot be recorded, is not deterministic, or the compiled program fails its self-check
 */
export function compileFunction(inputShapes: readonly Shape[], build: TensorFunction, options: CompileOptions): CompiledFunction {
  const traced = traceOrReason(inputShapes, build, options)
  if (!('graph' in traced)) return eagerFunction(inputShapes, build, traced.reason, options)
  const { graph } = traced
  const { portable, engine } = compileGraph(graph, build, options)
  const program = instantiate(portable)
  const outputs = program.outputs.map(({ offset, size }) => program.memory.subarray(offset, offset + size))
  return {
    outputShapes: graph.outputs.map((output) => output.shape),
    engine,
    call(inputs) {
      for (let index = 0; index < inputs.length; index++) program.memory.set(inputs[index], program.inputOffsets[index])
      program.run()
      return outputs
    },
  }
}

/**
 * Compiles a scalar function of several tensors and its gradient into a log density over their elements, concatenated in order.
 * @throws ModelError as `compileFunction`, and when the function does not return a scalar or ignores an input
 */
export function compileLogDensity(
  inputShapes: readonly Shape[],
  logDensity: (inputs: tf.Tensor[]) => tf.Tensor,
  options: CompileOptions,
): CompiledLogDensity {
  const build: TensorFunction = (inputs) => {
    const [value, ...gradients] = valueAndGradients(logDensity, inputs)
    if (value.size !== 1) throw notScalar(value.shape, options)
    return [value, ...gradients]
  }
  const traced = traceOrReason(inputShapes, build, options)
  if (!('graph' in traced)) return eagerLogDensity(inputShapes, eagerFunction(inputShapes, build, traced.reason, options))
  const { graph } = traced
  refuseUnusedInputs(graph, options)
  const names = ['the log density', ...(options.inputNames ?? []).map((name) => `the gradient of "${name}"`)]
  const { portable: program, engine } = compileGraph(graph, build, { ...options, outputNames: names })
  const portable = { dimension: totalSize(inputShapes), program }
  return { logDensity: instantiateLogDensity(portable), engine, portable }
}

function eagerLogDensity(inputShapes: readonly Shape[], evaluate: CompiledFunction): CompiledLogDensity {
  const starts = inputShapes.map((_, index) => totalSize(inputShapes.slice(0, index)))
  const logDensity: LogDensity = {
    dimension: totalSize(inputShapes),
    valueAndGradient(position, gradient) {
      const [value, ...gradients] = evaluate.call(
        inputShapes.map((shape, index) => position.slice(starts[index], starts[index] + sizeOf(shape))),
      )
      gradients.forEach((part, index) => {
        gradient.set(part, starts[index])
      })
      return value[0]
    },
  }
  return { logDensity, engine: evaluate.engine }
}

/** Float32 tfjs kernels on every call: slow, and the last resort. */
function eagerFunction(
  inputShapes: readonly Shape[],
  build: TensorFunction,
  fallbackReason: string,
  { name }: CompileOptions,
): CompiledFunction {
  const evaluate = (inputs: readonly Float64Array[]) => {
    let shapes: readonly Shape[] = []
    const values = runEager(
      inputs.map((input, index) => ({ values: input, shape: inputShapes[index] })),
      (tensors) => {
        const outputs = build(tensors)
        shapes = outputs.map((output) => output.shape)
        return outputs
      },
      name,
    )
    return { values, shapes }
  }
  const { shapes } = evaluate(inputShapes.map((shape) => new Float64Array(sizeOf(shape))))
  const engine: EngineChoice = { engine: 'eager', precision: 'float32', fallbackReason }
  return { outputShapes: shapes, engine, call: (inputs) => evaluate(inputs).values }
}

function traceOrReason(
  inputShapes: readonly Shape[],
  build: TensorFunction,
  options: CompileOptions,
): { graph: Graph } | { reason: string } {
  try {
    return { graph: recordTwice(inputShapes, build, options.name ?? 'the model') }
  } catch (error) {
    if (!(error instanceof UntraceableError) || options.strict) throw error
    return { reason: `${error.details.problem} (${error.details.reason})` }
  }
}

function totalSize(shapes: readonly Shape[]): number {
  return shapes.reduce((sum, shape) => sum + sizeOf(shape), 0)
}

function compileGraph(
  graph: Graph,
  build: TensorFunction,
  options: CompileOptions,
): { portable: PortableProgram; engine: EngineChoice } {
  const compiled = chooseEngine(schedule(optimise(graph)), options)
  selfCheck({
    graph,
    program: instantiate(compiled.portable),
    points: options.checkPoints,
    runEager: (inputs) => runEager(inputs, build, options.name),
    outputNames: options.outputNames ?? [],
  })
  return compiled
}

/** WebAssembly where the platform has it, else JavaScript. */
function chooseEngine(steps: Schedule, { prefer, strict }: CompileOptions): { portable: PortableProgram; engine: EngineChoice } {
  const javascript = (fallbackReason?: string) => ({
    portable: portableJavaScript(steps),
    engine: {
      engine: 'javascript' as const,
      precision: 'float64' as const,
      ...(fallbackReason === undefined ? {} : { fallbackReason }),
    },
  })
  if (prefer === 'javascript') return javascript()
  const missing = webAssemblyIsMissing()
  if (missing === undefined)
    return { portable: portableWebAssembly(steps), engine: { engine: 'webassembly', precision: 'float64' } }
  if (strict)
    throw new UntraceableError({
      problem: missing,
      reason: 'the strict setting allows no slower engine',
      remedy: 'Use a newer Node or leave out strict.',
    })
  return javascript(missing)
}

function refuseUnusedInputs(graph: Graph, { name = 'the log density', inputNames = [] }: CompileOptions): void {
  const used = new Set(topologicalOrder([graph.outputs[0]]).flatMap((node) => (node.kind === 'input' ? [node.index] : [])))
  const unused = graph.inputShapes.flatMap((shape, index) =>
    used.has(index) || sizeOf(shape) === 0 ? [] : [inputNames[index] ?? `input ${index}`],
  )
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

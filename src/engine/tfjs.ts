import * as tf from '@tensorflow/tfjs'
import { ModelError } from '../errors/model-error.js'
import { type Graph, type GraphNode, topologicalOrder } from './graph.js'
import { GraphBuilder } from './graph-builder.js'
import { interpret } from './interpret.js'
import { kernelRules } from './kernels/families.js'
import type { ElementType, TracedTensor } from './kernels/family.js'
import type { Shape } from './shape.js'
import { inPart, operationIn, placed } from './translate-error.js'
import { userPlace } from './user-place.js'

/**
 * Every touch of TensorFlow.js internals: a backend whose kernels record graph nodes instead of computing, float64 literals while it
 * records, and eager versions of our own operations. TensorFlow.js 4.22.0 is the last release; nothing outside this file knows its insides.
 */

const TRACE_BACKEND = 'poolite-trace'

/** Backends of tfjs that evaluate at once, best first. */
export const eagerBackends = ['tensorflow', 'wasm', 'cpu'] as const
export type EagerBackend = (typeof eagerBackends)[number]

let builder = new GraphBuilder()
const traced = new WeakMap<object, TracedTensor>()

/** What a model does while it is recorded, in order. */
export interface RecordingEvent {
  /** A tfjs kernel, or `constant`. */
  readonly operation: string
  readonly content: string
  readonly stack: string | undefined
}
let listener: ((event: RecordingEvent) => void) | undefined

class TraceBackend extends tf.KernelBackend {
  private held = 0
  /** Why the model must be refused, for what it did asynchronously and could not be told at once. */
  refusal: ModelError | undefined
  /** Inputs from here on are data. */
  freeCount = 0

  override write(values: tf.backend_util.BackendValues, shape: number[], dtype: tf.DataType): object {
    this.held++
    listener?.({ operation: 'constant', content: `${values}`, stack: new Error().stack })
    return record({ node: builder.constant((values ?? []) as ArrayLike<number>, shape), type: dtype })
  }
  override readSync(dataId: object): tf.backend_util.BackendValues {
    const { node } = lookUp(dataId)
    const inputs = topologicalOrder([node]).flatMap((needed) => (needed.kind === 'input' ? [needed.index] : []))
    if (inputs.some((index) => index < this.freeCount)) throw controlFlowError()
    if (inputs.length > 0) throw dataReadError()
    return interpret({ inputShapes: [], outputs: [node] }, [])[0] as unknown as tf.backend_util.BackendValues
  }
  override async read(dataId: object): Promise<tf.backend_util.BackendValues> {
    try {
      return this.readSync(dataId)
    } catch (error) {
      if (error instanceof ModelError) this.refusal = error
      return new Promise(() => {})
    }
  }
  override disposeData(): boolean {
    this.held--
    return true
  }
  override refCount(): number {
    return 1
  }
  override incRef(): void {}
  decRef(): void {}
  override numDataIds(): number {
    return this.held
  }
  override floatPrecision(): 16 | 32 {
    return 32
  }
  override epsilon(): number {
    return 1e-7
  }
  override move(dataId: object, values: tf.backend_util.BackendValues, shape: number[], dtype: tf.DataType): void {
    traced.set(dataId, { node: builder.constant(values as ArrayLike<number>, shape), type: dtype as ElementType })
  }
  override dispose(): void {}
}

const traceBackend = new TraceBackend()

function controlFlowError(): ModelError {
  return new ModelError({
    problem: 'the model reads the value of a tensor that depends on its parameters (dataSync, arraySync, data, array or print)',
    reason: 'a model is recorded once and then evaluated at many parameter values, so its control flow may not depend on them',
    remedy: 'Use tf.where, tf.maximum or another tensor operation instead of a JavaScript condition.',
  })
}

function dataReadError(): ModelError {
  return new ModelError({
    problem: 'the model reads values of its data (dataSync, arraySync, data, array or print), which are inputs of its program',
    reason: 'a program that is used again for other data may not depend on the values of the first',
    remedy: 'Leave out the program cache, or put what is computed from the data into the data.',
  })
}

function record(tensor: TracedTensor): object {
  const dataId = {}
  traced.set(dataId, tensor)
  return dataId
}

function lookUp(dataId: object): TracedTensor {
  const found = traced.get(dataId)
  if (found) return found
  // A tensor made before the trace, on another backend: its values are constants here.
  const info = internals().state.tensorInfo.get(dataId)
  if (!info) throw new Error('tensor without data')
  const values = info.backend.readSync(dataId) as ArrayLike<number>
  return { node: builder.constant(values, info.shape), type: info.dtype }
}

interface EngineInternals {
  readonly backendName: string | undefined
  /** Backends that have started, by name. */
  readonly registry: Readonly<Record<string, tf.KernelBackend>>
  readonly state: {
    readonly tensorInfo: { get(dataId: object): { backend: tf.KernelBackend; shape: number[]; dtype: ElementType } | undefined }
  }
}

type Inputs = Record<string, { dataId: object; shape: number[]; dtype: string }>

function registerTraceBackend(): void {
  if (tf.findBackendFactory(TRACE_BACKEND)) return
  tf.registerBackend(TRACE_BACKEND, () => traceBackend, -1)
  for (const kernelName of Object.keys(kernelRules))
    tf.registerKernel({
      kernelName,
      backendName: TRACE_BACKEND,
      kernelFunc: ({ inputs, attrs }) => {
        listener?.({ operation: kernelName, content: JSON.stringify(attrs ?? {}), stack: new Error().stack })
        const operands = Object.fromEntries(
          Object.entries(inputs as Inputs).map(([name, info]) => [name, withShape(lookUp(info.dataId), info.shape)]),
        )
        const attributes = (attrs ?? {}) as Record<string, unknown>
        const result = kernelRules[kernelName]({ builder, inputs: operands, attributes })
        const infos = [result].flat().map((tensor) => tensorInfo(tensor as TracedTensor))
        return Array.isArray(result) ? infos : infos[0]
      },
    })
}

/** tfjs reshapes by handing the same data on under another shape, so the tensor's own shape decides. */
function withShape(tensor: TracedTensor, shape: Shape): TracedTensor {
  return { node: builder.reshape(tensor.node, shape), type: tensor.type }
}

function tensorInfo(tensor: TracedTensor): tf.TensorInfo {
  return { dataId: record(tensor), shape: [...tensor.node.shape], dtype: tensor.type } as tf.TensorInfo
}

function registerEagerKernels(): void {
  for (const kernelName of Object.keys(kernelRules).filter((name) => name.startsWith('Poolite')))
    for (const backendName of eagerBackends) registerInterpreted(kernelName, backendName)
}

/** A kernel that the backend lacks, by the rule that says what it means. */
function registerInterpreted(kernelName: string, backendName: string): void {
  if (tf.getKernel(kernelName, backendName)) return
  tf.registerKernel({
    kernelName,
    backendName,
    kernelFunc: ({ inputs, attrs, backend }) =>
      runEagerly(kernelName, inputs as Inputs, attrs as never, backend as tf.KernelBackend),
  })
}

function runEagerly(
  kernelName: string,
  inputs: Inputs,
  attributes: Record<string, unknown>,
  backend: tf.KernelBackend,
): tf.TensorInfo | tf.TensorInfo[] {
  const local = new GraphBuilder()
  const infos = Object.values(inputs)
  const operands = Object.keys(inputs).map((name, index) => [
    name,
    { node: local.input(index, infos[index].shape), type: infos[index].dtype as ElementType },
  ])
  const result = kernelRules[kernelName]({ builder: local, inputs: Object.fromEntries(operands), attributes: attributes ?? {} })
  const outputs = [result].flat() as TracedTensor[]
  const values = interpret(
    { inputShapes: infos.map((info) => info.shape), outputs: outputs.map((output) => output.node) },
    infos.map((info) => Float64Array.from(backend.readSync(info.dataId) as ArrayLike<number>)),
  )
  const written = outputs.map(({ node, type }, index) => {
    const shape = [...node.shape]
    const dtype = type as tf.NumericDataType
    return { dataId: backend.write(tf.util.toTypedArray(values[index], dtype), shape, dtype), shape, dtype } as tf.TensorInfo
  })
  return Array.isArray(result) ? written : written[0]
}

const LOWEST_PRIORITY = -1

/**
 * Makes a backend ready to be switched to at once. The active backend stays, and so does the one that tfjs takes by itself. Kernels that the
 * backend lacks, such as the gradient of `gather` on wasm, are interpreted.
 * @param register imports what registers the backend
 * @throws whatever the package throws, and an Error when it registers no such backend.
 */
export async function startBackend(name: EagerBackend, register: () => Promise<unknown>): Promise<void> {
  const previous = activeBackend()
  try {
    await register()
  } finally {
    if (internals().backendName !== previous) void tf.setBackend(previous)
  }
  const factory = tf.findBackendFactory(name)
  if (!factory) throw new Error(`no backend "${name}" was registered`)
  // Started here and not by tfjs, which cannot be used while it waits for a backend.
  const backend = internals().registry[name] ?? (await factory())
  if (internals().registry[name] !== backend) {
    tf.removeBackend(name)
    tf.registerBackend(name, () => backend, LOWEST_PRIORITY)
  }
  for (const kernelName of Object.keys(kernelRules)) registerInterpreted(kernelName, name)
}

function internals(): EngineInternals {
  return tf.engine() as unknown as EngineInternals
}

/** Runs one of our own operations on whatever backend is active. */
export function runOperation(
  kernelName: string,
  inputs: Record<string, tf.Tensor>,
  attributes: Record<string, unknown> = {},
): tf.Tensor | tf.Tensor[] {
  registerEagerKernels()
  return tf.engine().runKernel(kernelName, inputs, attributes as never) as tf.Tensor | tf.Tensor[]
}

/**
 * While `body` runs, arrays that tfjs would make float32 are float64, so that a literal such as 0.1 enters the graph unrounded.
 * tfjs decides by the global `Float32Array`; it is replaced for the length of this synchronous call and always put back.
 */
function inFloat64<Result>(body: () => Result): Result {
  const narrow = globalThis.Float32Array
  const platform = tf.env().platform
  const isTypedArray = platform.isTypedArray
  platform.isTypedArray = (value): value is never =>
    value instanceof Float64Array || value instanceof narrow || isTypedArray.call(platform, value)
  globalThis.Float32Array = Float64Array as unknown as Float32ArrayConstructor
  try {
    return body()
  } finally {
    globalThis.Float32Array = narrow
    platform.isTypedArray = isTypedArray
  }
}

function onBackend<Result>(name: string, body: () => Result): Result {
  const previous = activeBackend()
  if (previous === name) return body()
  try {
    void tf.setBackend(name)
    if (tf.getBackend() !== name) throw new Error(`tfjs did not switch to its backend "${name}"`)
    return body()
  } finally {
    void tf.setBackend(previous)
  }
}

/** The user's backend, or the best there is when tfjs has not been used yet. */
function activeBackend(): string {
  try {
    tf.backend()
  } catch {
    // The best backend starts asynchronously, and nobody has waited for it yet.
  }
  return internals().backendName || 'cpu'
}

/** A float64 tensor while tracing, float32 otherwise. */
export function tensorFrom(values: ArrayLike<number>, shape: Shape): tf.Tensor {
  return constantTensor(new Float64Array(values), shape)
}

/** The same without a copy while tracing: for values that nobody writes to again. */
export function constantTensor(values: Float64Array, shape: Shape): tf.Tensor {
  return tf.getBackend() === TRACE_BACKEND
    ? tracedTensor(builder.sharedConstant(values, shape))
    : tf.tensor(new Float32Array(values), [...shape])
}

function tracedTensor(node: GraphNode): tf.Tensor {
  const tensor = tf.engine().makeTensor(new Float64Array(0) as never, [...node.shape], 'float32')
  traced.set(tensor.dataId, { node, type: 'float32' })
  return tensor
}

/**
 * Records the graph of `build`, which is called once with one tensor per input shape.
 * @param name what `build` is called in messages
 * @param freeCount inputs from here on are data
 * @throws UntraceableError for an operation that cannot be recorded, ModelError for control flow that depends on parameters and for any other
 * failure of `build`.
 */
export function traceGraph(
  inputShapes: readonly Shape[],
  build: (inputs: tf.Tensor[]) => readonly tf.Tensor[],
  name = 'the model',
  freeCount = inputShapes.length,
): Graph {
  registerTraceBackend()
  builder = new GraphBuilder()
  traceBackend.refusal = undefined
  traceBackend.freeCount = freeCount
  let outputs: GraphNode[] = []
  try {
    onBackend(TRACE_BACKEND, () =>
      inFloat64(() =>
        tf.tidy(() => {
          const inputs = inputShapes.map((shape, index) => tracedTensor(builder.input(index, shape)))
          outputs = inPart(name, () => build(inputs)).map((output) => withShape(lookUp(output.dataId), output.shape).node)
        }),
      ),
    )
    const { refusal } = traceBackend as TraceBackend
    if (refusal) throw placed(refusal, userPlace(refusal.stack))
  } catch (error) {
    const operation = !listener && error instanceof ModelError ? operationIn(error) : undefined
    if (operation === undefined) throw error
    const use = recordingEvents(inputShapes, build).find((event) => event.operation === operation)
    throw placed(error as ModelError, userPlace(use?.stack))
  }
  return { inputShapes, outputs }
}

/** Several recordings in one go: switching backends takes longer than recording a small model. */
export function whileRecording<Result>(body: () => Result): Result {
  registerTraceBackend()
  return onBackend(TRACE_BACKEND, body)
}

/** What `build` does while it is recorded once more, up to where it fails: to find the place of a mistake. */
export function recordingEvents(
  inputShapes: readonly Shape[],
  build: (inputs: tf.Tensor[]) => readonly tf.Tensor[],
): RecordingEvent[] {
  const events: RecordingEvent[] = []
  listener = (event) => events.push(event)
  try {
    traceGraph(inputShapes, build)
  } catch {
    // It fails as it did before.
  } finally {
    listener = undefined
  }
  return events
}

/**
 * Evaluates `build` with float32 tfjs kernels.
 * @param backend one that has been started; `cpu` always has
 * @throws ModelError when `build` fails.
 */
export function runEager(
  inputs: readonly { values: Float64Array; shape: Shape }[],
  build: (inputs: tf.Tensor[]) => readonly tf.Tensor[],
  name = 'the model',
  backend: EagerBackend = 'cpu',
): Float64Array[] {
  return onBackend(backend, () => {
    ;(tf.backend() as unknown as { firstUse?: boolean }).firstUse = false
    let outputs: Float64Array[] = []
    tf.tidy(() => {
      const tensors = inputs.map((input) => tensorFrom(input.values, input.shape))
      outputs = inPart(name, () => build(tensors).map((output) => Float64Array.from(output.dataSync())))
    })
    return outputs
  })
}

/** Value of a scalar function of several tensors and its gradient with respect to each; zero where it does not depend on one. */
export function valueAndGradients(build: (inputs: tf.Tensor[]) => tf.Tensor, inputs: tf.Tensor[]): tf.Tensor[] {
  const { value, grads } = tf.engine().gradients(() => build(inputs), inputs, undefined, true)
  return [value, ...inputs.map((input, index) => grads[index] ?? tf.zerosLike(input))]
}

import { callKernels } from './kernels/call-kernels.js'
import { scalarFunctions, scalarLibrary } from './scalar-functions.js'
import type { CallStep, Schedule } from './schedule.js'
import { type WebAssemblyModule, webAssembly } from './webassembly/host.js'

interface ProgramLayout {
  /** Elements of memory. */
  readonly memorySize: number
  /** What memory holds at the start. */
  readonly constants: Schedule['constants']
  /** Inputs lie one after another from offset 0. */
  readonly inputOffsets: readonly number[]
  readonly outputs: Schedule['outputs']
}

/**
 * A compiled function as plain data that can be posted to a worker thread: the worker needs neither tfjs nor the model nor the printers.
 * Made in `print-program.ts`, brought to life by `instantiate`.
 */
export type PortableProgram = ProgramLayout &
  (
    | {
        readonly engine: 'webassembly'
        readonly module: WebAssemblyModule
        /** Scalar functions that the module takes from the host. */
        readonly hostFunctions: readonly string[]
        /** Kernels that the module calls on the host, by their step's index. */
        readonly calls: readonly (readonly [index: number, step: CallStep])[]
      }
    | {
        readonly engine: 'javascript'
        /** Body of a function of (memory, scalar library, kernels) that returns `run`. */
        readonly source: string
      }
  )

/** A compiled function: write the inputs into `memory`, `run`, read the outputs from `memory`. Allocates nothing per run. */
export interface Program {
  readonly memory: Float64Array
  readonly inputOffsets: readonly number[]
  readonly outputs: Schedule['outputs']
  run(): void
}

const PAGE_BYTES = 65536

/** A running copy with a memory of its own. */
export function instantiate(portable: PortableProgram): Program {
  const { memorySize, constants, inputOffsets, outputs } = portable
  const { memory, run } =
    portable.engine === 'webassembly' ? linkWebAssembly(portable) : linkJavaScript(portable.source, memorySize)
  for (const { offset, values } of constants) memory.set(values, offset)
  return { memory, inputOffsets, outputs, run }
}

interface Linked {
  readonly memory: Float64Array
  readonly run: () => void
}

function linkJavaScript(source: string, memorySize: number): Linked {
  const memory = new Float64Array(memorySize)
  const link = new Function('memory', 'f', 'kernels', source) as (
    memory: Float64Array,
    f: typeof scalarLibrary,
    kernels: typeof callKernels,
  ) => () => void
  return { memory, run: link(memory, scalarLibrary, callKernels) }
}

function linkWebAssembly({
  module,
  hostFunctions,
  calls,
  memorySize,
}: Extract<PortableProgram, { engine: 'webassembly' }>): Linked {
  const pages = Math.ceil((memorySize * Float64Array.BYTES_PER_ELEMENT) / PAGE_BYTES)
  const wasmMemory = new webAssembly.Memory({ initial: pages, maximum: pages })
  const memory = new Float64Array(wasmMemory.buffer)
  const hosts = hostFunctions.map((name) => [`host_${name}`, scalarFunctions[name].evaluate] as const)
  const steps = calls.map(([index, { kernel, operands, results, settings }]) => {
    const call = callKernels[kernel]
    return [`step${index}`, () => call(memory, operands, results, settings)] as const
  })
  const { exports } = new webAssembly.Instance(module, {
    env: { memory: wasmMemory, ...Object.fromEntries([...hosts, ...steps]) },
  })
  return { memory, run: exports.run as () => void }
}

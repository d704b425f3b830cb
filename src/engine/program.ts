import type { GuestModule, JoinedModule } from '../contract/log-density.js'
import { callKernels } from './kernels/call-kernels.js'
import { scalarFunctions, scalarLibrary } from './scalar-functions.js'
import type { CallStep, Schedule } from './schedule.js'
import { type WebAssemblyMemory, type WebAssemblyModule, webAssembly } from './webassembly/host.js'

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
  /** A copy of the program as it is now, joined to another module in one memory; WebAssembly only. */
  readonly join?: (guest: GuestModule) => Pick<JoinedModule, 'memory' | 'guestOffset' | 'exports'>
}

const PAGE_BYTES = 65536

/** A running copy with a memory of its own. */
export function instantiate(portable: PortableProgram): Program {
  const { memorySize, constants, inputOffsets, outputs } = portable
  const { memory, run } =
    portable.engine === 'webassembly' ? linkWebAssembly(portable) : linkJavaScript(portable.source, memorySize)
  for (const { offset, values } of constants) memory.set(values, offset)
  const program = { memory, inputOffsets, outputs, run }
  return portable.engine === 'webassembly' ? { ...program, join: (guest) => join(portable, memory, guest) } : program
}

interface Linked {
  readonly memory: Float64Array
  readonly run: () => void
}

type WebAssemblyProgram = Extract<PortableProgram, { engine: 'webassembly' }>

function join(host: WebAssemblyProgram, present: Float64Array, { bytes, functions, elementCount }: GuestModule) {
  const guestOffset = 2 * Math.ceil(host.memorySize / 2)
  const { memory, run, wasmMemory } = linkWebAssembly({ ...host, memorySize: guestOffset + elementCount })
  memory.set(present.subarray(0, host.memorySize))
  const { exports } = new webAssembly.Instance(guestModule(bytes), { env: { memory: wasmMemory, run, ...functions } })
  return { memory, guestOffset, exports }
}

const guestModules = new WeakMap<Uint8Array, WebAssemblyModule>()

function guestModule(bytes: Uint8Array): WebAssemblyModule {
  const known = guestModules.get(bytes)
  if (known) return known
  const compiled = new webAssembly.Module(bytes)
  guestModules.set(bytes, compiled)
  return compiled
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
}: WebAssemblyProgram): Linked & { readonly wasmMemory: WebAssemblyMemory } {
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
  return { memory, run: exports.run as () => void, wasmMemory }
}

import { callKernels } from './kernels/families.js'
import { printJavaScript } from './print-javascript.js'
import { scalarLibrary } from './scalar-functions.js'
import type { Schedule } from './schedule.js'

/**
 * A compiled function as plain data that can be posted to a worker thread: the worker needs neither tfjs nor the model. Made by
 * `portableJavaScript`, brought to life by `instantiate`.
 */
export interface PortableProgram {
  readonly engine: 'javascript'
  /** Body of a function of (memory, scalar library, kernels) that returns `run`. */
  readonly source: string
  /** Elements of memory. */
  readonly memorySize: number
  /** What memory holds at the start. */
  readonly constants: Schedule['constants']
  /** Inputs lie one after another from offset 0. */
  readonly inputOffsets: readonly number[]
  readonly outputs: Schedule['outputs']
}

/** A compiled function: write the inputs into `memory`, `run`, read the outputs from `memory`. Allocates nothing per run. */
export interface Program {
  readonly memory: Float64Array
  readonly inputOffsets: readonly number[]
  readonly outputs: Schedule['outputs']
  run(): void
}

export function portableJavaScript(schedule: Schedule): PortableProgram {
  const { memorySize, constants, inputOffsets, outputs } = schedule
  return { engine: 'javascript', source: printJavaScript(schedule), memorySize, constants, inputOffsets, outputs }
}

/** A running copy with a memory of its own. */
export function instantiate({ source, memorySize, constants, inputOffsets, outputs }: PortableProgram): Program {
  const memory = new Float64Array(memorySize)
  for (const { offset, values } of constants) memory.set(values, offset)
  const link = new Function('memory', 'f', 'kernels', source) as (
    memory: Float64Array,
    f: typeof scalarLibrary,
    kernels: typeof callKernels,
  ) => () => void
  return { memory, inputOffsets, outputs, run: link(memory, scalarLibrary, callKernels) }
}

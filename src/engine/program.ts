import { callKernels } from './kernels/families.js'
import { printJavaScript } from './print-javascript.js'
import { scalarLibrary } from './scalar-functions.js'
import type { Schedule } from './schedule.js'

/** A compiled function: write the inputs into `memory`, `run`, read the outputs from `memory`. Allocates nothing per run. */
export interface Program {
  readonly memory: Float64Array
  /** Inputs lie one after another from offset 0. */
  readonly inputOffsets: readonly number[]
  readonly outputs: readonly { readonly offset: number; readonly size: number }[]
  run(): void
}

export function javascriptProgram(schedule: Schedule): Program {
  const memory = new Float64Array(schedule.memorySize)
  for (const { offset, values } of schedule.constants) memory.set(values, offset)
  const link = new Function('memory', 'f', 'kernels', printJavaScript(schedule)) as (
    memory: Float64Array,
    f: typeof scalarLibrary,
    kernels: typeof callKernels,
  ) => () => void
  return { memory, inputOffsets: schedule.inputOffsets, outputs: schedule.outputs, run: link(memory, scalarLibrary, callKernels) }
}

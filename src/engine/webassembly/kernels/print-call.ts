import type { KernelPrinter, Systems } from '../../kernels/call-kernel.js'
import { kernelForms } from '../../kernels/call-kernels.js'
import type { CallStep, Schedule } from '../../schedule.js'
import { Emitter } from '../emitter.js'
import { ELEMENT } from '../loop-parts.js'
import { LoopedSystems } from './looped-systems.js'
import { UnrolledSystems } from './unrolled-systems.js'

/** Memory beyond what the schedule lays out, for call steps: tables that are there from the start, and space shared by steps that run one after another. */
export class CallMemory {
  readonly constants: { readonly offset: number; readonly values: Float64Array }[] = []
  private readonly blocks: { offset: number; size: number }[] = []

  /** @param end where free memory begins, in elements */
  constructor(private end: number) {}

  /** Elements of memory with all that was taken, and one more that a vector read at the end may touch. */
  get size(): number {
    return this.end + 1
  }

  /** 32-bit integers, each in an element of its own: as subnormal numbers, whose bits they are. Address in bytes. */
  table(integers: readonly number[]): number {
    const offset = this.take(integers.length)
    const words = new BigInt64Array(integers.length)
    integers.forEach((integer, index) => {
      words[index] = BigInt(integer)
    })
    this.constants.push({ offset, values: new Float64Array(words.buffer) })
    return offset * ELEMENT
  }

  /** The space of a step's working matrix with this number; other steps use it too. */
  working(index: number, size: number): number {
    const known = this.blocks[index]
    if (known !== undefined && known.size >= size) return known.offset
    this.blocks[index] = { offset: this.take(size), size }
    return this.blocks[index].offset
  }

  private take(size: number): number {
    const offset = this.end
    this.end += size
    return offset
  }
}

export interface CallContext {
  readonly memory: CallMemory
  readonly constants: Schedule['constants']
  /** Name of the WebAssembly function for a scalar function, of one vector. */
  callName(name: string): string
}

/** A call step as a WebAssembly function; undefined when its kernel has no such form and has to be called on the host. */
export function printCall(name: string, step: CallStep, context: CallContext): string | undefined {
  const print = kernelForms[step.kernel].webAssembly
  if (!print) return undefined
  const emitter = new Emitter()
  const constants = step.operands.map(
    (operand) => context.constants.find(({ offset, values }) => offset === operand && values.length > 0)?.values,
  )
  print(kernelPrinter(emitter, context), { ...step, constants })
  return emitter.function(name)
}

function kernelPrinter(emitter: Emitter, { memory, callName }: CallContext): KernelPrinter {
  let workingCount = 0
  const space = (size: number) => memory.working(workingCount++, size)
  return {
    line: (text) => emitter.line(text),
    set: (local, type, value) => emitter.set(local, type, value),
    loop: (index, from, end, step, body) => emitter.loop(index, from, end, step, body),
    table: (integers) => memory.table(integers),
    space,
    call: (name, value) => `(call ${callName(name)} ${value})`,
    systems(count: number, isSmall: boolean, body: (systems: Systems) => void) {
      const systems = isSmall ? new UnrolledSystems(emitter, count, callName) : new LoopedSystems(emitter, count, callName, space)
      systems.print(body)
    },
  }
}

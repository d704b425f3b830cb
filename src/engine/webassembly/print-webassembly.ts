import { scalarFunctions } from '../scalar-functions.js'
import type { Schedule } from '../schedule.js'
import { assemble, type ModuleSource } from './assemble.js'
import { CallMemory, printCall } from './kernels/print-call.js'
import { mathFunctions } from './math/math-functions.js'
import { MathLibrary } from './math/math-library.js'
import { printAssemble } from './print-assemble.js'
import { printLoop } from './print-loop.js'

/** A schedule as a WebAssembly module that imports its memory and what it does not compute itself, and exports `run`. */
export interface PrintedModule {
  readonly bytes: Uint8Array
  /** Scalar functions imported from the host as `host_<name>`. */
  readonly hostFunctions: readonly string[]
  /** Steps that call a kernel on the host, imported as `step<index>`. */
  readonly callSteps: readonly number[]
  /** Elements of memory, with what kernels need beyond what the schedule lays out. */
  readonly memorySize: number
  /** Those of the schedule and of kernels. */
  readonly constants: Schedule['constants']
}

export function printWebAssembly(schedule: Schedule): PrintedModule {
  const hosts = new Set<string>()
  const math = new MathLibrary()
  const memory = new CallMemory(schedule.memorySize)
  const callSteps: number[] = []
  const context = {
    call: (name: string): string => {
      if (mathFunctions[name]) math.addFunction(mathFunctions[name])
      else hosts.add(name)
      return mathFunctions[name] ? `$${name}` : `$each_${name}`
    },
    inline: (name: string, operands: readonly string[]) => mathFunctions[name] && math.inline(mathFunctions[name], operands),
  }
  const functions = schedule.steps.flatMap((step, index) => {
    if (step.kind === 'loop') return [printLoop(`$step${index}`, step, context)]
    if (step.kind === 'assemble') return [printAssemble(`$step${index}`, step)]
    const printed = printCall(`$step${index}`, step, { memory, constants: schedule.constants, callName: context.call })
    if (printed === undefined) callSteps.push(index)
    return printed ?? []
  })
  const run = `(func $run ${schedule.steps.map((_, index) => `(call $step${index})`).join(' ')})`
  const library = math.print(memory.size)
  const source: ModuleSource = {
    imports: [
      ...[...hosts].map((name) => ({
        name: `host_${name}`,
        parameters: new Array(scalarFunctions[name].arity).fill('f64'),
        results: ['f64'] as const,
      })),
      ...callSteps.map((index) => ({ name: `step${index}`, parameters: [], results: [] })),
    ],
    functions: [...library.functions, ...[...hosts].map(perLane), ...functions, run].join('\n'),
    exports: ['run'],
    addresses: library.addresses,
  }
  return {
    bytes: assemble(source),
    hostFunctions: [...hosts],
    callSteps,
    memorySize: library.memorySize,
    constants: [...schedule.constants, ...memory.constants, ...library.constants],
  }
}

/** A host function applied to each lane. */
function perLane(name: string): string {
  const letters = ['$a', '$b', '$c'].slice(0, scalarFunctions[name].arity)
  const parameters = letters.map((letter) => `(param ${letter} v128)`).join(' ')
  const lane = (index: number) =>
    `(call $host_${name} ${letters.map((letter) => `(f64x2.extract_lane ${index} (local.get ${letter}))`).join(' ')})`
  return `(func $each_${name} ${parameters} (result v128) (f64x2.replace_lane 1 (f64x2.splat ${lane(0)}) ${lane(1)}))`
}

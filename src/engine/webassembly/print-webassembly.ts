import { scalarFunctions } from '../scalar-functions.js'
import type { Schedule } from '../schedule.js'
import { assemble, type ModuleSource } from './assemble.js'
import { mathFunctions } from './math/math-functions.js'
import { printAssemble } from './print-assemble.js'
import { printLoop } from './print-loop.js'

/** A schedule as a WebAssembly module that imports its memory and what it does not compute itself, and exports `run`. */
export interface PrintedModule {
  readonly bytes: Uint8Array
  /** Scalar functions imported from the host as `host_<name>`. */
  readonly hostFunctions: readonly string[]
  /** Steps that call a kernel on the host, imported as `step<index>`. */
  readonly callSteps: readonly number[]
}

export function printWebAssembly(schedule: Schedule): PrintedModule {
  const hosts = new Set<string>()
  const math = new Set<string>()
  const context = {
    call: (name: string): string => {
      if (mathFunctions[name]) addWithNeeds(name, math)
      else hosts.add(name)
      return mathFunctions[name] ? `$${name}` : `$each_${name}`
    },
  }
  const functions = schedule.steps.flatMap((step, index) => {
    if (step.kind === 'loop') return [printLoop(`$step${index}`, step, context)]
    return step.kind === 'assemble' ? [printAssemble(`$step${index}`, step)] : []
  })
  const callSteps = schedule.steps.flatMap((step, index) => (step.kind === 'call' ? [index] : []))
  const run = `(func $run ${schedule.steps.map((_, index) => `(call $step${index})`).join(' ')})`
  const source: ModuleSource = {
    imports: [
      ...[...hosts].map((name) => ({
        name: `host_${name}`,
        parameters: new Array(scalarFunctions[name].arity).fill('f64'),
        results: ['f64'] as const,
      })),
      ...callSteps.map((index) => ({ name: `step${index}`, parameters: [], results: [] })),
    ],
    functions: [...[...math].map((name) => mathFunctions[name].source), ...[...hosts].map(perLane), ...functions, run].join('\n'),
    exports: ['run'],
  }
  return { bytes: assemble(source), hostFunctions: [...hosts], callSteps }
}

function addWithNeeds(name: string, math: Set<string>): void {
  for (const needed of mathFunctions[name].needs) addWithNeeds(needed, math)
  math.add(name)
}

/** A host function applied to each lane. */
function perLane(name: string): string {
  const letters = ['$a', '$b', '$c'].slice(0, scalarFunctions[name].arity)
  const parameters = letters.map((letter) => `(param ${letter} v128)`).join(' ')
  const lane = (index: number) =>
    `(call $host_${name} ${letters.map((letter) => `(f64x2.extract_lane ${index} (local.get ${letter}))`).join(' ')})`
  return `(func $each_${name} ${parameters} (result v128) (f64x2.replace_lane 1 (f64x2.splat ${lane(0)}) ${lane(1)}))`
}

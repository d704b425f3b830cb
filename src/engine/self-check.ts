import { ModelError } from '../errors/model-error.js'
import type { Graph } from './graph.js'
import { interpret } from './interpret.js'
import type { Program } from './program.js'
import type { Shape } from './shape.js'

/**
 * Before a compiled program is used it is compared, at a few points, with two independent evaluations:
 * the unoptimised graph interpreted node by node in float64, which guards the optimiser, scheduler and printer; and eager tfjs in float32,
 * which guards the recording of the graph. The first must agree to rounding; for the second, the graph is interpreted once more with every
 * intermediate result rounded to float32, and how far that strays is the yardstick.
 */

/** Reordered sums of float64 numbers; relative to the largest magnitude in the output. */
const FLOAT64_TOLERANCE = 1e-8
/** Multiple of the float32 yardstick allowed, and a floor for outputs on which the yardstick happens to be exact. */
const FLOAT32_FACTOR = 30
const FLOAT32_FLOOR = 1e-4

export interface SelfCheckJob {
  readonly graph: Graph
  readonly program: Program
  readonly points: readonly (readonly Float64Array[])[]
  readonly runEager?: (inputs: readonly { values: Float64Array; shape: Shape }[]) => readonly Float64Array[]
  readonly outputNames: readonly string[]
}

/** @throws ModelError naming the output that disagrees; such a program must not be used. */
export function selfCheck({ graph, program, points, runEager, outputNames }: SelfCheckJob): void {
  for (const point of points) {
    const compiled = evaluateProgram(program, point)
    const exact = interpret(graph, point)
    compare(compiled, exact, () => FLOAT64_TOLERANCE, outputNames, 'the uncompiled graph in float64')
    if (!runEager) continue
    const rounded = interpret(graph, point, Math.fround)
    const eager = runEager(point.map((values, index) => ({ values, shape: graph.inputShapes[index] })))
    const strayed = (output: number) => FLOAT32_FLOOR + FLOAT32_FACTOR * distance(rounded[output], exact[output])
    compare(compiled, eager, strayed, outputNames, 'eager tfjs in float32')
  }
}

function evaluateProgram(program: Program, inputs: readonly Float64Array[]): Float64Array[] {
  inputs.forEach((values, index) => {
    program.memory.set(values, program.inputOffsets[index])
  })
  program.run()
  return program.outputs.map(({ offset, size }) => program.memory.slice(offset, offset + size))
}

/** Largest difference relative to the largest magnitude; NaN when one is finite where the other is not. */
function distance(left: Float64Array, right: Float64Array): number {
  let scale = Number.MIN_VALUE
  let worst = 0
  for (let index = 0; index < left.length; index++) {
    const [a, b] = [left[index], right[index]]
    if (!Number.isFinite(a) && !Number.isFinite(b)) continue
    scale = Math.max(scale, Math.abs(a), Math.abs(b))
    worst = Math.max(worst, Math.abs(a - b))
    if (Number.isNaN(a - b)) return Number.NaN
  }
  return worst === 0 ? 0 : worst / scale
}

function compare(
  compiled: readonly Float64Array[],
  reference: readonly Float64Array[],
  tolerance: (output: number) => number,
  names: readonly string[],
  what: string,
): void {
  compiled.forEach((values, output) => {
    const allowed = tolerance(output)
    const apart = distance(values, reference[output])
    // Float32 may overflow where float64 does not: the yardstick is then not a number and the comparison says nothing.
    if (Number.isNaN(allowed) || apart <= allowed) return
    if (Number.isNaN(apart) && what.includes('float32')) return
    throw new ModelError({
      problem: `the compiled model disagrees with ${what} in ${names[output] ?? `output ${output}`} (relative difference ${apart}, allowed ${allowed})`,
      reason: 'either the model depends on something that changes between calls, or an operation was compiled wrongly',
      remedy: 'Make the model a pure function of parameters and data; if it is one, please report this with the model.',
    })
  })
}

import type * as tf from '@tensorflow/tfjs'
import type { Graph } from '../../../src/engine/graph.js'
import { optimise } from '../../../src/engine/optimise.js'
import { portableJavaScript, portableWebAssembly } from '../../../src/engine/print-program.js'
import { instantiate, type Program } from '../../../src/engine/program.js'
import { type Schedule, schedule } from '../../../src/engine/schedule.js'
import { type Shape, sizeOf } from '../../../src/engine/shape.js'
import { runEager } from '../../../src/engine/tfjs.js'
import { stream } from '../../../src/random/stream.js'

/** Numbers that float32 holds exactly, so that eager tfjs starts from the same inputs. Row-major, one array per shape. */
export function exactInputs(shapes: readonly Shape[], [low, high]: readonly [number, number], key: string): Float64Array[] {
  const source = stream(1, key)
  return shapes.map((shape) =>
    Float64Array.from({ length: sizeOf(shape) }, () => Math.fround(low + (high - low) * source.uniform())),
  )
}

/** Reordered sums and another exponential: the two printers may differ by rounding. */
const PRINTERS_AGREE = 1e-12

/** The program of both printers as one: runs both and throws where they disagree. Reads and writes go to the memory of the WebAssembly one. */
export function programOf(steps: Schedule): Program {
  const [program, oracle] = [instantiate(portableWebAssembly(steps)), instantiate(portableJavaScript(steps))]
  const inputEnd = Math.min(program.memory.length, ...steps.constants.map(({ offset }) => offset), steps.memorySize)
  return {
    ...program,
    run() {
      oracle.memory.set(program.memory.subarray(0, inputEnd))
      program.run()
      oracle.run()
      for (const { offset, size } of program.outputs) {
        const apart = relativeDifference(
          program.memory.subarray(offset, offset + size),
          oracle.memory.subarray(offset, offset + size),
        )
        if (!(apart <= PRINTERS_AGREE)) throw new Error(`WebAssembly and JavaScript differ by ${apart}`)
      }
    },
  }
}

export function compileGraph(graph: Graph): Program {
  return programOf(schedule(optimise(graph)))
}

export function runProgram(program: Program, inputs: readonly Float64Array[]): Float64Array[] {
  inputs.forEach((values, index) => {
    program.memory.set(values, program.inputOffsets[index])
  })
  program.run()
  return program.outputs.map(({ offset, size }) => program.memory.slice(offset, offset + size))
}

/** The same function by eager tfjs in float32. */
export function evaluateEagerly(
  inputs: readonly Float64Array[],
  shapes: readonly Shape[],
  build: (inputs: tf.Tensor[]) => readonly tf.Tensor[],
): Float64Array[] {
  return runEager(
    inputs.map((values, index) => ({ values, shape: shapes[index] })),
    build,
  )
}

/** Largest difference relative to the largest magnitude of the expected array; infinite when they differ in length or in what is not finite. */
export function relativeDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) return Number.POSITIVE_INFINITY
  let scale = Number.MIN_VALUE
  let worst = 0
  for (let index = 0; index < expected.length; index++) {
    const [a, b] = [actual[index], expected[index]]
    if (Object.is(a, b) || a === b) {
      if (Number.isFinite(b)) scale = Math.max(scale, Math.abs(b))
      continue
    }
    if (!Number.isFinite(a) || !Number.isFinite(b)) return Number.POSITIVE_INFINITY
    scale = Math.max(scale, Math.abs(b))
    worst = Math.max(worst, Math.abs(a - b))
  }
  return worst / scale
}

/** Steps of the central differences; the smallest is coarse enough that rounding stays below the truncation that the others show. */
const STEP = 4e-3
/** Rounding errors of one evaluation, in units of the last place of its value. */
const OPERATIONS = 64

/**
 * Derivative of a smooth function at 0 by Richardson's extrapolation of central differences, and a bound of its error: the last extrapolation moved the estimate
 * by `moved`, which bounds its remaining truncation, and rounding adds the rest.
 */
export function derivative(f: (step: number) => number): { estimate: number; error: number } {
  let largest = Math.abs(f(0))
  const difference = (step: number): number => {
    const [above, below] = [f(step), f(-step)]
    largest = Math.max(largest, Math.abs(above), Math.abs(below))
    return (above - below) / (2 * step)
  }
  const [coarse, middle, fine] = [STEP, STEP / 2, STEP / 4].map(difference)
  const [first, second] = [(4 * middle - coarse) / 3, (4 * fine - middle) / 3]
  const rounding = (OPERATIONS * Number.EPSILON * largest) / (STEP / 4)
  return { estimate: second, error: Math.abs(second - first) + rounding }
}

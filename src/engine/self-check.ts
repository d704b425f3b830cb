import { ModelError } from '../errors/model-error.js'
import { agreesWithDifferences } from './gradient-check.js'
import type { Graph } from './graph.js'
import { interpreter } from './interpret.js'
import type { Program } from './program.js'
import type { Shape } from './shape.js'

/**
 * Before a compiled program is used it is compared with independent evaluations. At every point with the unoptimised graph interpreted node by
 * node in float64, which guards the optimiser, scheduler and printer: they must agree to rounding. At the first point with eager tfjs in
 * float32, which guards the recording of the graph: how far the interpreted graph strays when every intermediate result is rounded to float32 is
 * the yardstick. Which operations are recorded, with which settings, is the same at every point.
 *
 * Eager gradients cost most of all. Of a log density they are evaluated only where central differences of its value leave a doubt about the
 * recorded gradient; else eager tfjs evaluates the value and the terms it is the sum of, so that no small term hides behind a large one.
 */

/** Reordered sums of float64 numbers; relative to the largest magnitude in the output. */
const FLOAT64_TOLERANCE = 1e-8
/** Multiple of the float32 yardstick allowed, and a floor for outputs on which the yardstick happens to be exact. */
const FLOAT32_FACTOR = 30
const FLOAT32_FLOOR = 1e-4

type EagerEvaluation = (inputs: readonly { values: Float64Array; shape: Shape }[]) => readonly Float64Array[]

export interface SelfCheckJob {
  /** Its outputs are those of the program, then terms of the first, if it has gradients. */
  readonly graph: Graph
  readonly program: Program
  /** Where the program takes only the first so many inputs of a point: how the others are set. */
  readonly extra?: { readonly freeCount: number; readonly set: (values: readonly Float64Array[]) => void }
  readonly points: readonly (readonly Float64Array[])[]
  /** All outputs of the program. */
  readonly runEager?: EagerEvaluation
  /** Of a program whose outputs after the first are the gradients of the first: the first, then its terms. */
  readonly runEagerTerms?: EagerEvaluation | undefined
  readonly outputNames: readonly string[]
}

/** @throws ModelError naming the output that disagrees; such a program must not be used. */
export function selfCheck({ graph, program, extra, points, runEager, runEagerTerms, outputNames }: SelfCheckJob): void {
  const evaluate = interpreter(graph)
  const outputCount = program.outputs.length
  points.forEach((point, index) => {
    const free = point.slice(0, extra?.freeCount)
    extra?.set(point.slice(extra.freeCount))
    const compiled = evaluateProgram(program, free)
    const exact = evaluate(point)
    compare({ compiled, reference: exact, what: 'the uncompiled graph in float64', floor: FLOAT64_TOLERANCE, outputNames })
    if (index > 0 || !runEager) return
    let rounded: Float64Array[] | undefined
    const inputs = point.map((values, input) => ({ values, shape: graph.inputShapes[input] }))
    const compareEager = (reference: readonly Float64Array[], places: readonly number[]) => {
      const tolerance = (output: number) => {
        rounded ??= evaluate(point, Math.fround)
        return FLOAT32_FLOOR + FLOAT32_FACTOR * distance(rounded[places[output]], exact[places[output]])
      }
      const names = places.map((place) => outputNames[place] ?? (place < outputCount ? `output ${place}` : 'one of its terms'))
      const ours = places.map((place) => compiled[place] ?? exact[place])
      compare({ compiled: ours, reference, what: 'eager tfjs in float32', floor: FLOAT32_FLOOR, tolerance, outputNames: names })
    }
    const places = graph.outputs.map((_, place) => place)
    if (runEagerTerms && agreesWithDifferences(program, free, compiled))
      compareEager(runEagerTerms(inputs), [0, ...places.slice(outputCount)])
    else compareEager(runEager(inputs), places.slice(0, outputCount))
  })
}

function evaluateProgram(program: Program, inputs: readonly Float64Array[]): Float64Array[] {
  inputs.forEach((values, index) => {
    program.memory.set(values, program.inputOffsets[index])
  })
  program.run()
  return program.outputs.map(({ offset, size }) => program.memory.slice(offset, offset + size))
}

/** Largest difference relative to the largest magnitude; NaN when one is finite where the other is not. */
export function distance(left: Float64Array, right: Float64Array): number {
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

interface Comparison {
  readonly compiled: readonly Float64Array[]
  readonly reference: readonly Float64Array[]
  readonly what: string
  /** Always allowed. */
  readonly floor: number
  /** What is allowed when that is not enough. */
  readonly tolerance?: (output: number) => number
  readonly outputNames: readonly string[]
}

function compare({ compiled, reference, what, floor, tolerance, outputNames }: Comparison): void {
  compiled.forEach((values, output) => {
    const apart = distance(values, reference[output])
    if (apart <= floor) return
    const allowed = tolerance?.(output) ?? floor
    // Float32 may overflow where float64 does not: the comparison then says nothing, and neither does a yardstick that is not a number.
    if (apart <= allowed || (tolerance && Number.isNaN(allowed + apart))) return
    throw new ModelError({
      problem: `the compiled model disagrees with ${what} in ${outputNames[output] ?? `output ${output}`} (relative difference ${apart}, allowed ${allowed})`,
      reason: 'either the model depends on something that changes between calls, or an operation was compiled wrongly',
      remedy: 'Make the model a pure function of parameters and data; if it is one, please report this with the model.',
    })
  })
}

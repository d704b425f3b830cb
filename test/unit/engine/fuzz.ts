/**
 * Random graphs of random shapes through every engine: `npm run fuzz:engine -- [--cases 3000] [--seed 1]`. For each case, values and gradients:
 * WebAssembly = JavaScript = interpreted graph within 1e-12 (more only where the graph is ill-conditioned), values = eager tfjs within float32, gradients = central differences. Prints what
 * disagrees and exits 1. Last, a miscompilation is planted and must be caught.
 */
import { parseArgs } from 'node:util'
import * as tf from '@tensorflow/tfjs'
import '../../../src/engine/operations.js'
import type { Graph } from '../../../src/engine/graph.js'
import { interpret } from '../../../src/engine/interpret.js'
import { optimise } from '../../../src/engine/optimise.js'
import { portableJavaScript, portableWebAssembly } from '../../../src/engine/print-program.js'
import { instantiate } from '../../../src/engine/program.js'
import { type Schedule, schedule } from '../../../src/engine/schedule.js'
import { traceGraph, valueAndGradients } from '../../../src/engine/tfjs.js'
import { stream } from '../../../src/random/stream.js'
import { type RandomFunction, randomFunction } from './random-graph.js'
import { evaluateEagerly, exactInputs, relativeDifference, runProgram } from './support.js'

const { values: options } = parseArgs({
  options: { cases: { type: 'string', default: '3000' }, seed: { type: 'string', default: '1' } },
})
const [caseCount, seed] = [Number(options.cases), Number(options.seed)]

const FLOAT64 = 1e-12
/**
 * How far a graph strays when every intermediate result is rounded to some bits, in units of the last of them, is its condition; several
 * precisions, because one may be exact by luck. Eager tfjs in float32 and float64 arithmetic in another order may stray this many times as far in
 * their own last bits. Nearly all graphs are so well conditioned that the floors count.
 */
const FACTOR = 30
const ROUNDED_BITS = [24, 22, 20]
const roundedTo = (bits: number) => {
  const splitter = 2 ** (53 - bits) + 1
  return (value: number) => {
    const high = splitter * value
    return Number.isFinite(high) ? high - (high - value) : value
  }
}
const FLOAT32_FLOOR = 1e-5
/** Central differences with step h err by h^2 times third derivatives, and by rounding over h; both are below this for h = 1e-5. */
const STEP = 1e-5
const DIFFERENCES = 1e-5
const DIRECTIONS = 3
/** Below, at and above the lengths at which vectors, rows and columns run together. */
const LENGTHS = [1, 2, 3, 4, 5, 7, 8, 9, 16, 17]

/** Shifted, so that x and -x do not cancel and leave nothing but rounding. */
const objective =
  ({ build }: RandomFunction) =>
  (inputs: tf.Tensor[]) =>
    build(inputs)
      .map((output, position) => tf.mul(tf.mean(tf.sin(tf.add(output, 0.5))), 1 + position / 8))
      .reduce((a, b) => tf.add(a, b))

/** What is wrong with one case; nothing when all agree. */
function problemsOf(index: number): string[] {
  const one = randomFunction(stream(seed, 'fuzz', index), 3 + (index % 14), [0, 0.3, 1][index % 3], LENGTHS)
  const inputs = exactInputs(one.inputShapes, [-2, 2], `fuzz inputs ${seed} ${index}`)
  const problems: string[] = []
  const expectClose = (
    what: string,
    actual: readonly ArrayLike<number>[],
    expected: readonly ArrayLike<number>[],
    tolerance: (output: number) => number,
  ) =>
    actual.forEach((values, output) => {
      const apart = relativeDifference(values, expected[output])
      if (!(apart <= tolerance(output))) problems.push(`case ${index}: ${what}, output ${output}: ${apart}`)
    })
  const yardstick = (graph: Graph) => {
    const exact = interpret(graph, inputs)
    const rounded = ROUNDED_BITS.map((bits) => ({ bits, values: interpret(graph, inputs, roundedTo(bits)) }))
    const condition = (output: number) =>
      Math.max(...rounded.map(({ bits, values }) => relativeDifference(values[output], exact[output]) * 2 ** bits))
    return { exact, condition }
  }
  const compareEngines = (what: string, graph: Graph): Float64Array[] => {
    const steps = schedule(optimise(graph))
    const { exact, condition } = yardstick(graph)
    const float64 = (output: number) => FLOAT64 + FACTOR * condition(output) * 2 ** -53
    const webAssembly = runProgram(instantiate(portableWebAssembly(steps)), inputs)
    const javascript = runProgram(instantiate(portableJavaScript(steps)), inputs)
    expectClose(`${what}, WebAssembly against interpreted`, webAssembly, exact, float64)
    expectClose(`${what}, JavaScript against interpreted`, javascript, exact, float64)
    expectClose(`${what}, WebAssembly against JavaScript`, webAssembly, javascript, float64)
    return webAssembly
  }
  try {
    const forward = traceGraph(one.inputShapes, one.build)
    const values = compareEngines('values', forward)
    const { exact, condition } = yardstick(forward)
    const eager = evaluateEagerly(inputs, one.inputShapes, one.build)
    expectClose('values against eager tfjs', values, eager, (output) => FLOAT32_FLOOR + FACTOR * condition(output) * 2 ** -24)
    expectClose('interpreted against eager tfjs', exact, eager, (output) => FLOAT32_FLOOR + FACTOR * condition(output) * 2 ** -24)
    const both = traceGraph(one.inputShapes, (given) => valueAndGradients(objective(one), given))
    const [, ...gradients] = compareEngines('gradient', both)
    problems.push(...gradientProblems(index, one, inputs, gradients))
  } catch (error) {
    problems.push(`case ${index}: ${(error as Error).message}`)
  }
  return problems
}

/** Directional derivatives; where two step sizes disagree the function has a kink and says nothing. */
function gradientProblems(
  index: number,
  one: RandomFunction,
  inputs: readonly Float64Array[],
  gradients: readonly Float64Array[],
): string[] {
  const graph = traceGraph(one.inputShapes, (given) => [objective(one)(given)])
  const at = (direction: readonly Float64Array[], size: number) =>
    interpret(
      graph,
      inputs.map((values, input) => values.map((value, element) => value + size * direction[input][element])),
    )[0][0]
  return Array.from({ length: DIRECTIONS }, (_, number) => {
    const source = stream(seed, 'direction', index, number)
    const direction = inputs.map((values) => values.map(() => 2 * source.uniform() - 1))
    const slope = (size: number) => (at(direction, size) - at(direction, -size)) / (2 * size)
    const [coarse, fine] = [slope(STEP), slope(STEP / 4)]
    const exact = gradients.reduce(
      (sum, gradient, input) => sum + gradient.reduce((part, slope, element) => part + slope * direction[input][element], 0),
      0,
    )
    const scale = Math.max(1, Math.abs(exact))
    if (Math.abs(coarse - fine) > DIFFERENCES * scale || Math.abs(fine - exact) <= DIFFERENCES * scale) return []
    return [`case ${index}: gradient ${exact} against central difference ${fine}`]
  }).flat()
}

/** One statement of one loop altered: the comparison with the interpreter must see it. */
function plantedIsCaught(): boolean {
  const graph = traceGraph([[9, 5], [5]], ([x, y]) => [tf.sum(tf.mul(tf.exp(x), y), 0)])
  const right = schedule(optimise(graph))
  const wrong: Schedule = {
    ...right,
    steps: right.steps.map((step) =>
      step.kind === 'loop'
        ? {
            ...step,
            statements: step.statements.map((one) =>
              one.kind === 'map' && one.function === 'exponential' ? { ...one, function: 'exponentialMinusOne' } : one,
            ),
          }
        : step,
    ),
  }
  const inputs = exactInputs([[9, 5], [5]], [-2, 2], 'planted')
  const apart = (steps: Schedule) =>
    relativeDifference(runProgram(instantiate(portableWebAssembly(steps)), inputs)[0], interpret(graph, inputs)[0])
  return apart(right) <= FLOAT64 && apart(wrong) > FLOAT64
}

const start = performance.now()
let mismatchCount = 0
for (let index = 0; index < caseCount; index++) {
  const problems = problemsOf(index)
  mismatchCount += problems.length
  for (const problem of problems.slice(0, 3)) console.log(problem)
  if ((index + 1) % 500 === 0)
    console.error(
      `${index + 1} of ${caseCount} cases, ${mismatchCount} mismatches, ${((performance.now() - start) / 1000).toFixed(0)} s`,
    )
}
const isCaught = plantedIsCaught()
console.log(
  `${caseCount} cases with seed ${seed}: ${mismatchCount} mismatches; planted miscompilation ${isCaught ? 'caught' : 'NOT caught'}`,
)
process.exitCode = mismatchCount === 0 && isCaught ? 0 : 1

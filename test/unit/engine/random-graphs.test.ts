import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import '../../../src/engine/operations.js'
import { interpret } from '../../../src/engine/interpret.js'
import { optimise } from '../../../src/engine/optimise.js'
import { portableWebAssembly } from '../../../src/engine/print-program.js'
import { instantiate } from '../../../src/engine/program.js'
import { type Schedule, schedule } from '../../../src/engine/schedule.js'
import { selfCheck } from '../../../src/engine/self-check.js'
import { traceGraph, valueAndGradients } from '../../../src/engine/tfjs.js'
import { stream } from '../../../src/random/stream.js'
import { type RandomFunction, randomFunction } from './random-graph.js'
import { compileGraph, evaluateEagerly, exactInputs, relativeDifference, runProgram } from './support.js'

const GRAPH_COUNT = 200
/** Reordered sums of at most some hundred terms of similar size. */
const FLOAT64 = 1e-12
/** A dozen steps, each of condition near 1, from inputs exact in float32; maxima and comparisons of nearly equal numbers only pass differences on. */
const FLOAT32 = 1e-4

const functions = Array.from({ length: GRAPH_COUNT }, (_, index) =>
  randomFunction(stream(7, 'random graph', index), 4 + (index % 12), [0, 0.3, 1][index % 3]),
)
const inputsOf = ({ inputShapes }: RandomFunction, index: number) => exactInputs(inputShapes, [-2, 2], `random inputs ${index}`)
/** Shifted, so that x and -x do not cancel and leave nothing but rounding. */
const withGradients =
  ({ build }: RandomFunction) =>
  (inputs: tf.Tensor[]) =>
    valueAndGradients(
      (given) =>
        build(given)
          .map((output, position) => tf.mul(tf.sum(tf.sin(tf.add(output, 0.5))), 1 + position / 8))
          .reduce((a, b) => tf.add(a, b)),
      inputs,
    )

describe(`${GRAPH_COUNT} random compositions of operations`, () => {
  it('give the same compiled, interpreted and by eager tfjs', () => {
    functions.forEach((one, index) => {
      const inputs = inputsOf(one, index)
      const graph = traceGraph(one.inputShapes, one.build)
      const interpreted = interpret(graph, inputs)
      const eager = evaluateEagerly(inputs, one.inputShapes, one.build)
      runProgram(compileGraph(graph), inputs).forEach((values, output) => {
        expect(relativeDifference(values, interpreted[output]), `graph ${index}, output ${output}`).toBeLessThan(FLOAT64)
        expect(relativeDifference(values, eager[output]), `graph ${index}, output ${output}, eager`).toBeLessThan(FLOAT32)
      })
    })
  })
  it('give the same gradients compiled and interpreted', () => {
    functions.forEach((one, index) => {
      const inputs = inputsOf(one, index)
      const graph = traceGraph(one.inputShapes, withGradients(one))
      const interpreted = interpret(graph, inputs)
      runProgram(compileGraph(graph), inputs).forEach((values, output) => {
        expect(relativeDifference(values, interpreted[output]), `graph ${index}, output ${output}`).toBeLessThan(FLOAT64)
      })
    })
  })
  it('give the same again at another point and then at the first: no value survives from an earlier run', () => {
    functions.slice(0, 50).forEach((one, index) => {
      const [here, there] = [inputsOf(one, index), inputsOf(one, index + 1000)]
      const program = compileGraph(traceGraph(one.inputShapes, withGradients(one)))
      const first = runProgram(program, here)
      runProgram(program, there)
      expect(runProgram(program, here)).toEqual(first)
    })
  })
})

describe('memory', () => {
  it('is used again for values that are no longer needed', () => {
    const chain = (inputs: tf.Tensor[]) => {
      let x = inputs[0]
      for (let step = 0; step < 40; step++) x = tf.matMul(tf.tanh(x), tf.sin(x), false, true)
      return [x]
    }
    const { memorySize } = schedule(optimise(traceGraph([[10, 10]], chain)))
    expect(memorySize).toBeLessThan(100 * 8)
  })
})

describe('the self-check', () => {
  const build = ([x, y]: tf.Tensor[]) => [tf.sum(tf.mul(tf.exp(x), y), 0), tf.add(x, 1)]
  const shapes = [[3, 2], [2]]
  const graph = traceGraph(shapes, build)
  const job = (altered: Schedule) => ({
    graph,
    program: instantiate(portableWebAssembly(altered)),
    points: [exactInputs(shapes, [-1, 1], 'self-check')],
    outputNames: ['the sum', 'the shift'],
  })
  const right = schedule(optimise(graph))

  it('accepts the program that belongs to the graph', () => {
    expect(() =>
      selfCheck({
        ...job(right),
        runEager: (inputs) =>
          evaluateEagerly(
            inputs.map((one) => one.values),
            shapes,
            build,
          ),
      }),
    ).not.toThrow()
  })
  it('refuses a program compiled wrongly and names the output: another function, another address, another reduction', () => {
    const altering = (change: (statement: Record<string, unknown>) => Record<string, unknown>): Schedule => ({
      ...right,
      steps: right.steps.map((step) =>
        step.kind === 'loop' ? { ...step, statements: step.statements.map((one) => change({ ...one }) as never) } : step,
      ),
    })
    const otherFunction = altering((one) => (one.function === 'exponential' ? { ...one, function: 'exponentialMinusOne' } : one))
    const otherReduction = altering((one) => (one.kind === 'reduce' ? { ...one, reduction: 'maximum' } : one))
    const outputs = right.outputs.map(({ offset, size }) => ({ offset: offset + 1, size }))
    expect(() => selfCheck(job(otherFunction))).toThrow(/disagrees with the uncompiled graph in float64 in the sum/)
    expect(() => selfCheck(job(otherReduction))).toThrow(/disagrees with the uncompiled graph in float64 in the sum/)
    expect(() => selfCheck(job({ ...right, outputs }))).toThrow(/disagrees with the uncompiled graph/)
  })
  it('refuses a value that is finite where it should not be', () => {
    const logs = ([x]: tf.Tensor[]) => [tf.log(x)]
    const nan = traceGraph([[1]], logs)
    const program = compileGraph(traceGraph([[1]], ([x]) => [tf.abs(x)]))
    expect(() => selfCheck({ graph: nan, program, points: [[Float64Array.of(-1)]], outputNames: [] })).toThrow(/disagrees/)
  })
  it('refuses a recording that is not what tfjs computes', () => {
    const other = ([x, y]: tf.Tensor[]) => [tf.sum(tf.mul(tf.exp(x), y), 0), tf.add(x, 1.01)]
    expect(() =>
      selfCheck({
        ...job(right),
        runEager: (inputs) =>
          evaluateEagerly(
            inputs.map((one) => one.values),
            shapes,
            other,
          ),
      }),
    ).toThrow(/disagrees with eager tfjs in float32 in the shift/)
  })
})

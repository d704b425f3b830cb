import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { type CompileOptions, compileFunction, compileLogDensity } from '../../../src/engine/compile.js'
import type { Graph } from '../../../src/engine/graph.js'
import { interpret } from '../../../src/engine/interpret.js'
import { instantiateLogDensity, type PortableLogDensity } from '../../../src/engine/log-density-program.js'
import { cholesky, logDeterminant } from '../../../src/engine/operations.js'
import { optimise } from '../../../src/engine/optimise.js'
import { portableWebAssembly } from '../../../src/engine/print-program.js'
import { instantiate } from '../../../src/engine/program.js'
import { schedule } from '../../../src/engine/schedule.js'
import { selfCheck } from '../../../src/engine/self-check.js'
import { splitStages } from '../../../src/engine/split-stages.js'
import { instantiateStaged, type PortableStagedProgram } from '../../../src/engine/staged-program.js'
import { traceGraph } from '../../../src/engine/tfjs.js'
import { UsageError } from '../../../src/errors/usage-error.js'
import { stream } from '../../../src/random/stream.js'
import { randomFunction } from './random-graph.js'
import { exactInputs, relativeDifference, runProgram } from './support.js'

/** Reordered sums of at most some hundred terms of similar size. */
const FLOAT64 = 1e-12

/** log density of y_i ~ N(mu, exp(s)^2), each observation weighted; up to a constant. */
const weightedNormal = ([mu, logScale]: tf.Tensor[], [y, weights]: tf.Tensor[]) => {
  const residual = tf.div(tf.sub(y, mu), tf.exp(logScale))
  return tf.sum(tf.mul(weights, tf.sub(tf.mul(-0.5, tf.square(residual)), logScale)))
}
const y = Float64Array.of(0.3, -1.2, 2.5)
const weights = Float64Array.of(1, 2, 0.5)
const options: CompileOptions = {
  checkPoints: [[Float64Array.of(0.2), Float64Array.of(-0.3)]],
  extraInputs: [
    { name: 'y', shape: [3], values: y },
    { name: 'weights', shape: [3], values: weights },
  ],
}
const compile = (changes: Partial<CompileOptions> = {}) => compileLogDensity([[], []], weightedNormal, { ...options, ...changes })

function truth(mu: number, logScale: number, outcome: Float64Array, weight: Float64Array): number[] {
  const z = outcome.map((value) => (value - mu) / Math.exp(logScale))
  const sum = (term: (index: number) => number) => weight.reduce((total, each, index) => total + each * term(index), 0)
  return [
    sum((index) => -0.5 * z[index] ** 2 - logScale),
    sum((index) => z[index] / Math.exp(logScale)),
    sum((index) => z[index] ** 2 - 1),
  ]
}

function evaluate({ valueAndGradient }: { valueAndGradient(x: Float64Array, g: Float64Array): number }, x: readonly number[]) {
  const gradient = new Float64Array(x.length)
  return [valueAndGradient(Float64Array.from(x), gradient), ...gradient]
}

const others = { y: Float64Array.of(-2, 0.25, 1), weights: Float64Array.of(0, 3, 1) }

describe.each([
  ['WebAssembly', {}],
  ['JavaScript', { prefer: 'javascript' }],
] as const)('a log density with inputs, compiled to %s', (_, changes) => {
  it('has the value and gradient that belong to the inputs it was compiled with, and to those set later', () => {
    const { logDensity } = compile(changes)
    expect(logDensity.dimension).toBe(2)
    expect(logDensity.inputs).toEqual([
      { name: 'y', shape: [3] },
      { name: 'weights', shape: [3] },
    ])
    const expectTruth = (outcome: Float64Array, weight: Float64Array) =>
      expect(relativeDifference(evaluate(logDensity, [0.4, 0.1]), truth(0.4, 0.1, outcome, weight))).toBeLessThan(FLOAT64)
    expectTruth(y, weights)
    logDensity.setInputs({ weights: others.weights })
    expectTruth(y, others.weights)
    logDensity.setInputs(others)
    expectTruth(others.y, others.weights)
    // Negative control: what was set before no longer counts.
    expect(relativeDifference(evaluate(logDensity, [0.4, 0.1]), truth(0.4, 0.1, y, weights))).toBeGreaterThan(0.1)
  })
  it('with other inputs is another one: neither changes the other', () => {
    const first = compile(changes)
    const second = first.withInputs(others)
    const before = evaluate(first.logDensity, [0.4, 0.1])
    expect(relativeDifference(evaluate(second.logDensity, [0.4, 0.1]), truth(0.4, 0.1, others.y, others.weights))).toBeLessThan(
      FLOAT64,
    )
    expect(evaluate(first.logDensity, [0.4, 0.1])).toEqual(before)
    first.logDensity.setInputs({ weights: new Float64Array(3) })
    expect(evaluate(second.logDensity, [0.4, 0.1])[0]).not.toBe(0)
    expect(evaluate(first.logDensity, [0.4, 0.1]).every((value) => value === 0)).toBe(true)
  })
  it('is the same brought to life from plain data, also when copied, with the inputs it has there', () => {
    const portable = compile(changes).withInputs(others).portable as PortableLogDensity
    const copied = 'source' in portable.program ? structuredClone(portable) : portable
    const alive = instantiateLogDensity(copied)
    expect(relativeDifference(evaluate(alive, [1, -0.5]), truth(1, -0.5, others.y, others.weights))).toBeLessThan(FLOAT64)
    alive.setInputs({ y })
    expect(relativeDifference(evaluate(alive, [1, -0.5]), truth(1, -0.5, y, others.weights))).toBeLessThan(FLOAT64)
  })
})

describe('a log density with inputs', () => {
  it('copies what is set', () => {
    const { logDensity } = compile()
    const mine = y.slice()
    logDensity.setInputs({ y: mine })
    const before = evaluate(logDensity, [0, 0])
    mine.fill(9)
    logDensity.setInputs({ weights })
    expect(evaluate(logDensity, [0, 0])).toEqual(before)
  })
  it('refuses inputs that do not exist or do not fit, and keeps those it has', () => {
    const { logDensity, withInputs } = compile()
    const before = evaluate(logDensity, [0.4, 0.1])
    for (const set of [logDensity.setInputs, withInputs]) {
      expect(() => set({ y: others.y, z: y })).toThrow(UsageError)
      expect(() => set({ z: y })).toThrow(/no input "z" to set \(the inputs are "y", "weights"\)/)
      expect(() => set({ y: others.y, weights: new Float64Array(4) })).toThrow(
        /"weights" is given 4 values \(its shape is \[3\]\)/,
      )
    }
    expect(evaluate(logDensity, [0.4, 0.1])).toEqual(before)
    const without = compileLogDensity([[]], ([x]) => tf.square(x), { checkPoints: [] })
    expect(without.logDensity.inputs).toEqual([])
    expect(() => without.logDensity.setInputs({ y })).toThrow(/no input "y" to set \(there are none\)/)
  })
  it('lists those inputs only on which it depends', () => {
    const { logDensity } = compileLogDensity([[], []], (free, [, outcome, weight]) => weightedNormal(free, [outcome, weight]), {
      checkPoints: options.checkPoints,
      extraInputs: [{ name: 'idle', shape: [7], values: new Float64Array(7) }, ...(options.extraInputs ?? [])],
    })
    expect(logDensity.inputs.map(({ name }) => name)).toEqual(['y', 'weights'])
    expect(relativeDifference(evaluate(logDensity, [0.4, 0.1]), truth(0.4, 0.1, y, weights))).toBeLessThan(FLOAT64)
  })
  it('works out what depends on its inputs alone when they are set, not at every evaluation', () => {
    const values = Float64Array.of(2, 0.5, 0.5, 1)
    const { logDensity, portable } = compileLogDensity(
      [[2, 1]],
      ([x], [matrix]) => tf.add(tf.sum(tf.mul(tf.matMul(cholesky(matrix), x), x)), logDeterminant(matrix)),
      { checkPoints: [[Float64Array.of(1, 2)]], extraInputs: [{ name: 'matrix', shape: [2, 2], values }], prefer: 'javascript' },
    )
    const sourceOf = (program: unknown) => (program as { source: string }).source
    expect(sourceOf(portable?.program)).not.toContain('cholesky')
    expect(sourceOf(portable?.preparation?.program)).toContain('cholesky')
    // L = [[2, 0], [0.5, 1]] of A = [[4, 1], [1, 1.25]], det A = 4.
    logDensity.setInputs({ matrix: Float64Array.of(4, 1, 1, 1.25) })
    expect(evaluate(logDensity, [1, 3])[0]).toBeCloseTo(2 + 3 * (0.5 + 3) + Math.log(4), 12)
  })
  it('evaluates the same eagerly when an operation cannot be compiled', () => {
    const { logDensity, engine, withInputs } = compileLogDensity(
      [[]],
      ([mu], [outcome]) => tf.add(tf.sum(tf.mul(mu, outcome)), tf.cast(tf.argMax(outcome), 'float32')),
      { checkPoints: [], extraInputs: [{ name: 'y', shape: [3], values: y }] },
    )
    expect(engine.engine).toBe('eager')
    const at = (density: typeof logDensity) => evaluate(density, [2]).map((value) => Math.round(value * 1e4) / 1e4)
    expect(at(logDensity)).toEqual([2 * 1.6 + 2, 1.6])
    const other = withInputs({ y: others.y }).logDensity
    logDensity.setInputs({ y: Float64Array.of(1, 0, 0) })
    expect(at(logDensity)).toEqual([2, 1])
    expect(at(other)).toEqual([2 * -0.75 + 2, -0.75])
    expect(() => logDensity.setInputs({ y: new Float64Array(1) })).toThrow(UsageError)
  })
})

describe('a function with inputs', () => {
  it('takes its own inputs apart or in one array', () => {
    const { call, callFrom } = compileFunction([[2], []], ([x, a, extra]) => [tf.mul(x, a), tf.add(extra, x)], {
      checkPoints: [],
      extraInputs: [{ name: 'extra', shape: [2], values: Float64Array.of(10, 20) }],
    })
    const apart = call([Float64Array.of(1, 2), Float64Array.of(3)]).map((values) => [...values])
    expect(apart).toEqual([
      [3, 6],
      [11, 22],
    ])
    expect(callFrom(Float64Array.of(9, 9, 1, 2, 3), 2).map((values) => [...values])).toEqual(apart)
  })
})

const GRAPH_COUNT = 80

/** The program of a graph whose last inputs are set apart. */
function staged(graph: Graph, freeCount: number, values: readonly Float64Array[]): PortableStagedProgram {
  const { main, preparation, usedExtras } = splitStages(optimise(graph, freeCount), freeCount)
  const inputs = usedExtras.map((place) => ({
    name: `${place}`,
    place,
    shape: graph.inputShapes[freeCount + place],
    values: values[place],
  }))
  const program = portableWebAssembly(schedule(main))
  return inputs.length === 0
    ? { program }
    : { program, preparation: { program: portableWebAssembly(schedule(preparation)), inputs } }
}

describe(`${GRAPH_COUNT} random compositions of operations in two stages`, () => {
  it('give what the uncompiled graph gives, before and after their inputs are set anew', () => {
    for (let index = 0; index < GRAPH_COUNT; index++) {
      const one = randomFunction(stream(7, 'staged graph', index), 4 + (index % 12), [0, 0.3, 1][index % 3])
      const graph = traceGraph(one.inputShapes, one.build)
      const freeCount = index % (one.inputShapes.length + 1)
      const [here, there] = [0, 1].map((round) => exactInputs(one.inputShapes, [-2, 2], `staged ${index} ${round}`))
      const portable = staged(graph, freeCount, here.slice(freeCount))
      const { program, extraInputs, setInputs } = instantiateStaged(portable)
      const expectSame = (point: readonly Float64Array[]) => {
        const expected = interpret(graph, point)
        runProgram(program, point.slice(0, freeCount)).forEach((values, output) => {
          expect(relativeDifference(values, expected[output]), `graph ${index}, output ${output}`).toBeLessThan(FLOAT64)
        })
      }
      expectSame(here)
      setInputs(Object.fromEntries(extraInputs.map(({ name }) => [name, there[freeCount + Number(name)]])))
      expectSame(there)
    }
  })
})

describe('the self-check of a program with inputs', () => {
  const graph = traceGraph([[2], [2]], ([x, data]) => [tf.mul(x, tf.exp(data))])
  const points = [
    [Float64Array.of(1, 2), Float64Array.of(0.1, 0.7)],
    [Float64Array.of(-1, 0.5), Float64Array.of(0.7, 0.1)],
  ]
  const check = (isFrozen: boolean) => {
    const { program, setInputs } = instantiateStaged(staged(graph, 1, [points[0][1]]))
    const set = ([values]: readonly Float64Array[]) => isFrozen || setInputs({ 0: values })
    selfCheck({ graph, program, points, outputNames: [], extra: { freeCount: 1, set } })
  }
  it('accepts one that heeds them, and refuses one that keeps its first values', () => {
    expect(() => check(false)).not.toThrow()
    expect(() => check(true)).toThrow(/disagrees with the uncompiled graph/)
  })
  it('is not passed by the program of another graph', () => {
    const other = traceGraph([[2], [2]], ([x, data]) => [tf.mul(x, tf.expm1(data))])
    const program = instantiate(portableWebAssembly(schedule(optimise(other))))
    expect(() => selfCheck({ graph, program, points, outputNames: [] })).toThrow(/disagrees/)
  })
})

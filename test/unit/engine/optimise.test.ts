import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { type GraphNode, topologicalOrder } from '../../../src/engine/graph.js'
import { cholesky } from '../../../src/engine/operations.js'
import { optimise } from '../../../src/engine/optimise.js'
import { schedule } from '../../../src/engine/schedule.js'
import { traceGraph } from '../../../src/engine/tfjs.js'
import { compileGraph, runProgram } from './support.js'

type Build = (x: tf.Tensor) => tf.Tensor
const nodesOf = (build: Build, shape: number[] = [3]): GraphNode[] => {
  const graph = optimise(traceGraph([shape], ([x]) => [build(x)]))
  return topologicalOrder(graph.outputs)
}
const mapsOf = (build: Build, shape?: number[]) =>
  nodesOf(build, shape).flatMap((node) => (node.kind === 'map' ? [node.function] : []))
const valuesOf = (build: Build, x: number[]) => {
  const program = compileGraph(traceGraph([[x.length]], ([input]) => [build(input)]))
  return Array.from(runProgram(program, [Float64Array.from(x)])[0])
}

describe('the optimiser', () => {
  it('computes what depends on no input once, before the program runs', () => {
    const data = () =>
      tf.tensor2d([
        [2, 0.5],
        [0.5, 1],
      ])
    const build: Build = (x) => tf.mul(tf.sum(tf.log(cholesky(tf.matMul(data(), tf.transpose(data()))).slice([0, 0], [2, 1]))), x)
    expect(mapsOf(build)).toEqual(['multiply'])
    const kinds = new Set(nodesOf(build).map((node) => node.kind))
    expect(kinds.has('call') || kinds.has('contract') || kinds.has('reduce')).toBe(false)
    // L of [[4.25, 1.5], [1.5, 1.25]]: the first column is (sqrt 4.25, 1.5 / sqrt 4.25).
    expect(valuesOf(build, [2])[0]).toBeCloseTo(2 * Math.log(1.5), 14)
  })
  it('leaves out arithmetic that changes nothing', () => {
    const identities: Build[] = [
      (x) => tf.add(x, 0),
      (x) => tf.add(0, x),
      (x) => tf.sub(x, 0),
      (x) => tf.mul(x, 1),
      (x) => tf.mul(1, x),
      (x) => tf.div(x, 1),
      (x) => tf.neg(tf.neg(x)),
      (x) => tf.reshape(tf.transpose(tf.transpose(tf.reshape(x, [3, 1]))), [3]),
    ]
    for (const build of identities) {
      // What remains is the copy of the input into the output.
      expect(mapsOf((x) => tf.exp(build(x)))).toEqual(['exponential'])
      expect(valuesOf(build, [1.5, -2, 0.1])).toEqual([1.5, -2, 0.1])
    }
  })
  it('turns what amounts to a change of sign or to zero into that', () => {
    for (const build of [(x) => tf.sub(0, x), (x) => tf.mul(x, -1), (x) => tf.mul(-1, x)] as Build[]) {
      expect(mapsOf(build)).toEqual(['negate'])
      expect(valuesOf(build, [1.5, -2, 0.1])).toEqual([-1.5, 2, -0.1])
    }
    expect(valuesOf((x) => tf.add(tf.mul(x, 0), 2), [1, Number.POSITIVE_INFINITY])).toEqual([2, 2])
  })
  it('computes on the smaller array what is broadcast afterwards, and multiplies instead of summing copies', () => {
    const spread = nodesOf((x) => tf.sum(tf.exp(tf.broadcastTo(x, [50, 3]))))
    const sizes = spread.flatMap((node) => (node.kind === 'map' ? [node.shape] : []))
    expect(sizes.every((shape) => shape.length <= 2 && shape.reduce((a, b) => a * b, 1) <= 3)).toBe(true)
    expect(valuesOf((x) => tf.sum(tf.exp(tf.broadcastTo(x, [50, 2]))), [0, 1])[0]).toBeCloseTo(50 * (1 + Math.E), 11)
  })
  it('computes an expression that occurs twice once', () => {
    expect(mapsOf((x) => tf.mul(tf.exp(x), tf.exp(x)))).toEqual(['exponential', 'multiply'])
  })
  it('leaves out what no output needs', () => {
    expect(
      mapsOf((x) => {
        tf.exp(tf.sin(x))
        return tf.cos(x)
      }),
    ).toEqual(['cosine'])
  })
})

describe('the scheduler', () => {
  const stepsOf = (build: Build, shape: number[]) => schedule(optimise(traceGraph([shape], ([x]) => [build(x)]))).steps
  it('runs a chain of elementwise functions and the sum over it in one loop', () => {
    expect(stepsOf((x) => tf.sum(tf.mul(tf.exp(tf.sub(x, 1)), tf.square(x))), [20])).toHaveLength(1)
  })
  it('starts another loop where a value is needed as a whole', () => {
    expect(stepsOf((x) => tf.sum(tf.exp(tf.sub(x, tf.max(x)))), [20])).toHaveLength(2)
  })
})

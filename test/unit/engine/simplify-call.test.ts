import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import '../../../src/engine/operations.js'
import { affineIndices } from '../../../src/engine/affine-indices.js'
import { type Graph, topologicalOrder } from '../../../src/engine/graph.js'
import { interpret } from '../../../src/engine/interpret.js'
import { optimise } from '../../../src/engine/optimise.js'
import { sizeOf } from '../../../src/engine/shape.js'
import { traceGraph, valueAndGradients } from '../../../src/engine/tfjs.js'
import { compileGraph, evaluateEagerly, runProgram } from './support.js'

const kindsOf = (graph: Graph) => topologicalOrder(optimise(graph).outputs).map((node) => node.kind)

function recorded(
  shape: readonly number[],
  build: (x: tf.Tensor) => tf.Tensor,
): { graph: Graph; inputs: Float64Array[]; eager: number[] } {
  const graph = traceGraph([shape], ([x]) => [build(x)])
  const inputs = [Float64Array.from({ length: sizeOf(shape) }, (_, index) => index + 1)]
  return { graph, inputs, eager: [...evaluateEagerly(inputs, [shape], ([x]) => [build(x)])[0]] }
}

/** Small whole numbers: exact in float32. */
function expectWithoutCalls(shape: readonly number[], build: (x: tf.Tensor) => tf.Tensor, what: string): void {
  const { graph, inputs, eager } = recorded(shape, build)
  expect(kindsOf(graph), what).not.toContain('call')
  expect([...interpret(graph, inputs)[0]], what).toEqual(eager)
  expect([...runProgram(compileGraph(graph), inputs)[0]], what).toEqual(eager)
}

describe('affineIndices', () => {
  it('finds nested arithmetic progressions, the innermost last', () => {
    expect(affineIndices([7])).toEqual({ start: 7, lengths: [], steps: [] })
    expect(affineIndices([2, 5, 8])).toEqual({ start: 2, lengths: [3], steps: [3] })
    expect(affineIndices([3, 3, 1, 1])).toEqual({ start: 3, lengths: [2, 2], steps: [-2, 0] })
    expect(affineIndices([0, 1, 4, 5, 10, 11, 14, 15])).toEqual({ start: 0, lengths: [2, 2, 2], steps: [10, 4, 1] })
  })
  it('finds none in lists that are no such nest, and in empty ones', () => {
    for (const list of [[], [0, 1, 3], [0, 1, 2, 4], [2, 0, 1, 2], [0, 1, 1, 0]]) expect(affineIndices(list)).toBeUndefined()
  })
})

describe('lookups at known indices', () => {
  const patterns = {
    'one element': [2],
    'the whole': [0, 1, 2, 3, 4, 5],
    'a stretch': [2, 3, 4],
    'every second': [1, 3, 5],
    backwards: [5, 4, 3, 2, 1, 0],
    'one element repeated': [3, 3, 3],
    'each repeated': [0, 0, 2, 2, 4, 4],
    'the list repeated': [0, 1, 2, 0, 1, 2],
  }
  it('that follow a pattern need no kernel, forward and back', () => {
    for (const [name, indices] of Object.entries(patterns))
      for (const [shape, axis] of [
        [[6], 0],
        [[6, 2], 0],
        [[2, 6], 1],
        [[2, 6, 3], 1],
      ] as const) {
        const build = (x: tf.Tensor) => tf.gather(x, tf.tensor1d(indices, 'int32'), axis)
        expectWithoutCalls(shape, build, `${name} of [${shape}]`)
        const weighted = (x: tf.Tensor) => {
          const y = build(x)
          return tf.sum(tf.mul(y, tf.reshape(tf.range(1, y.size + 1), y.shape)))
        }
        expectWithoutCalls(shape, (x) => valueAndGradients(([one]) => weighted(one), [x])[1], `gradient, ${name} of [${shape}]`)
      }
  })
  it('are index maps that other operations take in: the diagonal of a matrix', () => {
    const { graph } = recorded([3, 3], (x) => tf.exp(tf.gather(tf.reshape(x, [9]), tf.tensor1d([0, 4, 8], 'int32'))))
    expect(kindsOf(graph)).toEqual(['input', 'view', 'map'])
  })
  it('are the input itself when they take all of it in order', () => {
    const { graph } = recorded([3, 2], (x) => tf.gather(x, tf.tensor1d([0, 1, 2], 'int32')))
    expect(kindsOf(graph)).toEqual(['input'])
  })
  it('of constants are constants', () => {
    const { graph } = recorded([3], (x) => tf.mul(x, tf.gather(tf.tensor1d([2, 5, 7]), tf.tensor1d([1, 2, 0], 'int32'))))
    expect(kindsOf(graph).sort()).toEqual(['constant', 'input', 'map'])
  })
  it('without a pattern, or outside, are left to the kernel', () => {
    for (const indices of [
      [0, 1, 3],
      [4, 5, 6],
      [-1, 0, 1],
    ]) {
      const graph = traceGraph([[6]], ([x]) => [tf.gather(x, tf.tensor1d(indices, 'int32'))])
      expect(kindsOf(graph)).toContain('call')
    }
  })
})

describe('segment sums at known identifiers', () => {
  it('that follow a pattern are sums over axes and assemblies', () => {
    for (const [ids, segments] of [
      [[0, 1, 2, 3, 4, 5], 6],
      [[5, 4, 3, 2, 1, 0], 6],
      [[1, 1, 1, 1, 1, 1], 3],
      [[0, 0, 0, 1, 1, 1], 2],
      [[0, 1, 2, 0, 1, 2], 3],
      [[6, 6, 4, 4, 2, 2], 8],
    ] as const)
      for (const shape of [[6], [6, 2], [6, 1, 3]])
        expectWithoutCalls(shape, (x) => tf.unsortedSegmentSum(x, tf.tensor1d([...ids], 'int32'), segments), `${ids} [${shape}]`)
  })
  it('that lead to one segment on several ways, or to none, are left to the kernel', () => {
    for (const ids of [
      [0, 1, 1, 2],
      [-1, 0, 1, 2],
      [0, 0, 1, 2],
    ]) {
      const build = (x: tf.Tensor) => tf.unsortedSegmentSum(x, tf.tensor1d(ids, 'int32'), 3)
      const { graph, inputs, eager } = recorded([4], build)
      expect(kindsOf(graph)).toContain('call')
      expect([...runProgram(compileGraph(graph), inputs)[0]]).toEqual(eager)
    }
  })
})

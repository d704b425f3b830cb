import * as tf from '@tensorflow/tfjs'
import { afterEach, describe, expect, it } from 'vitest'
import { type CompileOptions, compileFunction } from '../../../src/engine/compile.js'
import { traceGraph } from '../../../src/engine/tfjs.js'

const options: CompileOptions = { checkPoints: [], strict: true }
const evaluate = (build: (x: tf.Tensor) => tf.Tensor, x: readonly number[], shape: number[] = [x.length]) =>
  Array.from(compileFunction([shape], ([input]) => [build(input)], options).call([Float64Array.from(x)])[0])

describe('a recorded model computes in float64', () => {
  it('with literals as JavaScript has them, not rounded to float32', () => {
    expect(evaluate((x) => tf.mul(x, 0.1), [3, 0.7])).toEqual([3 * 0.1, 0.7 * 0.1])
    expect(evaluate((x) => tf.add(x, tf.scalar(1 / 3)), [0.1])).toEqual([0.1 + 1 / 3])
    expect(evaluate((x) => tf.div(x, tf.tensor1d([0.3, 0.7])), [1, 2])).toEqual([1 / 0.3, 2 / 0.7])
    expect(evaluate((x) => tf.sub(x, tf.tensor2d([[0.1, 0.2]])), [1, 2], [1, 2])).toEqual([1 - 0.1, 2 - 0.2])
    expect(evaluate((x) => tf.add(x, tf.fill([2], 0.1)), [1, 2])).toEqual([1.1, 2.1])
    expect(evaluate((x) => tf.clipByValue(x, 0.1, 0.3), [0, 1])).toEqual([0.1, 0.3])
    expect(evaluate((x) => tf.add(x, tf.linspace(0, 1, 4)), [0, 0, 0, 0])).toEqual([0, 1 / 3, 2 / 3, 1])
    expect(evaluate((x) => tf.pad(x, [[1, 0]], 0.1), [0.2])).toEqual([0.1, 0.2])
    expect(evaluate((x) => x.mul(0.1).add(0.2), [3])).toEqual([3 * 0.1 + 0.2])
  })
  it('with constants that it makes from arrays of any kind', () => {
    expect(evaluate((x) => tf.mul(x, tf.tensor1d(Float64Array.from([0.1, 1 / 3]) as never)), [1, 1])).toEqual([0.1, 1 / 3])
    expect(evaluate((x) => tf.mul(x, tf.tensor1d([2, 3], 'int32')), [0.1, 0.1])).toEqual([0.1 * 2, 0.1 * 3])
    expect(evaluate((x) => tf.mul(x, tf.tensor1d(new Float32Array([1, 2]))), [0.1, 0.1])).toEqual([0.1, 0.2])
  })
  it('with a Float32Array from outside the model, which keeps the values it has', () => {
    const narrow = new Float32Array([0.1, 2])
    expect(evaluate((x) => tf.mul(x, tf.tensor1d(narrow)), [1, 1])).toEqual([Math.fround(0.1), 2])
    expect(evaluate((x) => tf.mul(x, narrow), [1, 1])).toEqual([Math.fround(0.1), 2])
  })
  it('with functions to the last bit or two of JavaScript', () => {
    const x = 0.3
    const cases: [(t: tf.Tensor) => tf.Tensor, number][] = [
      [tf.exp, Math.exp(x)],
      [tf.log1p, Math.log1p(x)],
      [tf.sigmoid, 1 / (1 + Math.exp(-x))],
      [tf.softplus, Math.log1p(Math.exp(x))],
      [tf.tanh, Math.tanh(x)],
    ]
    for (const [operation, truth] of cases) expect(Math.abs(evaluate(operation, [x])[0] / truth - 1)).toBeLessThan(1e-15)
  })
  it('with remainders that are exact, also next to a multiple of the divisor', () => {
    expect(evaluate((x) => tf.mod(x, 0.1), [0.3, 5.1, 1])).toEqual([0.3 % 0.1, 5.1 % 0.1, 1 % 0.1])
    expect(evaluate((x) => tf.mod(x, 3), [-1, 7, -6])).toEqual([2, 1, -0])
  })
  it('negative control: eager tfjs rounds the same literal to float32', () => {
    expect(tf.mul(tf.scalar(1), 0.1).dataSync()[0]).not.toBe(0.1)
  })
})

describe('tensors that a model closes over', () => {
  it('are constants with the values that their backend holds', () => {
    const kept = tf.tensor2d([
      [1, 2],
      [3, 0.5],
    ])
    expect(evaluate((x) => tf.reshape(tf.matMul(tf.reshape(x, [1, 2]), kept), [2]), [0.1, 10])).toEqual([0.1 + 30, 0.2 + 5])
    expect(kept.isDisposed).toBe(false)
    expect(Array.from(kept.dataSync())).toEqual([1, 2, 3, 0.5])
    kept.dispose()
  })
})

describe('recording leaves no trace', () => {
  const narrow = globalThis.Float32Array
  afterEach(() => tf.setBackend('cpu'))

  const failing = () => {
    throw new Error('a mistake in the model')
  }
  it('in the global Float32Array, also when the model throws', () => {
    evaluate((x) => tf.mul(x, 2), [1])
    expect(globalThis.Float32Array).toBe(narrow)
    expect(() => traceGraph([[2]], failing)).toThrow('a mistake in the model')
    expect(globalThis.Float32Array).toBe(narrow)
    expect(tf.tensor1d([0.1]).dataSync()).toBeInstanceOf(narrow)
  })
  it('in the recognition of typed arrays by tfjs', () => {
    const recognise = tf.env().platform.isTypedArray
    expect(() => traceGraph([[2]], failing)).toThrow()
    expect(tf.env().platform.isTypedArray).toBe(recognise)
  })
  it("in the user's backend, also when the model throws", () => {
    tf.registerBackend('users-own', () => tf.findBackend('cpu') as tf.KernelBackend, 0)
    void tf.setBackend('users-own')
    evaluate((x) => tf.mul(x, 2), [1])
    expect(tf.getBackend()).toBe('users-own')
    expect(() => traceGraph([[2]], failing)).toThrow()
    expect(tf.getBackend()).toBe('users-own')
    void tf.setBackend('cpu')
    tf.removeBackend('users-own')
  })
  it('in the number of tensors that tfjs holds', () => {
    evaluate((x) => tf.mul(x, 2), [1])
    const before = tf.memory().numTensors
    evaluate((x) => tf.sum(tf.mul(tf.exp(x), tf.tensor1d([0.1, 0.2]))), [1, 2])
    expect(() => traceGraph([[2]], failing)).toThrow()
    expect(tf.memory().numTensors).toBe(before)
  })
})

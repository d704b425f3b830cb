import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { compileLogDensity } from '../../../src/engine/compile.js'
import { agreesWithDifferences } from '../../../src/engine/gradient-check.js'
import type { Graph } from '../../../src/engine/graph.js'
import { optimise } from '../../../src/engine/optimise.js'
import { portableJavaScript } from '../../../src/engine/print-program.js'
import { instantiate } from '../../../src/engine/program.js'
import { schedule } from '../../../src/engine/schedule.js'
import { selfCheck } from '../../../src/engine/self-check.js'
import { runEager, traceGraph, valueAndGradients } from '../../../src/engine/tfjs.js'
import { exactInputs, runProgram } from './support.js'

const shapes = [[4], [2, 3], []]
const point = exactInputs(shapes, [-1, 1], 'gradient check')
const smooth = ([x, y, z]: tf.Tensor[]) => tf.add(tf.sum(tf.mul(tf.sin(x), tf.exp(z))), tf.sum(tf.square(tf.add(tf.tanh(y), z))))
type Gradients = (inputs: tf.Tensor[]) => tf.Tensor[]
const recorded = (outputs: Gradients): Graph => traceGraph(shapes, outputs)
const judge = (outputs: Gradients) => {
  const program = instantiate(portableJavaScript(schedule(optimise(recorded(outputs)))))
  return agreesWithDifferences(program, point, runProgram(program, point))
}
const right: Gradients = (inputs) => valueAndGradients(smooth, inputs)
/** The gradients with one element of one of them changed by so much of the largest. */
const spoilt =
  (input: number, share: number): Gradients =>
  (inputs) =>
    right(inputs).map((output, position) => {
      if (position !== input + 1) return output
      const first = tf.tensor1d(Array.from({ length: output.size }, (_, element) => Number(element === 0)))
      return tf.add(output, tf.mul(tf.reshape(first, output.shape), tf.mul(share, tf.max(tf.abs(output)))))
    })

describe('central differences', () => {
  it('agree with gradients that are right', () => expect(judge(right)).toBe(true))
  it.each([0, 1, 2])('disagree when one element of the gradient of input %i is off by 1e-4 of the largest', (input) => {
    expect(judge(spoilt(input, 1e-4))).toBe(false)
    expect(judge(spoilt(input, 1e-12))).toBe(true) // negative control: the construction itself changes nothing
  })
  it('do not say where a gradient vanishes, or nothing is finite', () => {
    const flat: Gradients = (inputs) =>
      valueAndGradients(([x, y, z]) => tf.add(smooth([x, y, z]), tf.neg(tf.sum(tf.square(tf.add(tf.tanh(y), z))))), inputs)
    expect(judge(flat)).toBe(false)
    const undefinedValue: Gradients = (inputs) =>
      valueAndGradients(([x, y, z]) => tf.add(smooth([x, y, z]), tf.log(tf.sub(z, 5))), inputs)
    expect(judge(undefinedValue)).toBe(false)
  })
})

describe('the self-check of a log density', () => {
  const terms = ([x, y, z]: tf.Tensor[]) => [tf.mul(tf.sin(x), tf.exp(z)), tf.square(tf.add(tf.tanh(y), z))]
  /** @param recordedOutputs what is compiled, then terms; @param eagerGradients what eager tfjs finds */
  function check(recordedOutputs: Gradients, eagerGradients: Gradients = right) {
    const graph = recorded(recordedOutputs)
    const calls = { all: 0, terms: 0 }
    selfCheck({
      graph,
      program: instantiate(portableJavaScript(schedule(optimise({ ...graph, outputs: graph.outputs.slice(0, 4) })))),
      points: [point],
      runEager: (inputs) => {
        calls.all++
        return runEager(inputs, eagerGradients)
      },
      runEagerTerms: (inputs) => {
        calls.terms++
        return runEager(inputs, (tensors) => [smooth(tensors), ...terms(tensors)])
      },
      outputNames: ['the log density', 'x', 'y', 'z'],
    })
    return calls
  }
  it('evaluates no gradients eagerly when differences agree with the recorded ones', () => {
    expect(check((inputs) => [...right(inputs), ...terms(inputs)])).toEqual({ all: 0, terms: 1 })
  })
  it('refuses gradients that were recorded wrongly, by eager tfjs, and names the input', () => {
    expect(() => check(spoilt(1, 0.01))).toThrow(/disagrees with eager tfjs in float32 in y/)
  })
  it('leaves the last word to eager tfjs: a gradient may be declared other than the derivative', () => {
    expect(check(spoilt(1, 0.01), spoilt(1, 0.01))).toEqual({ all: 1, terms: 0 })
  })
  it('refuses a term that was recorded wrongly though it is small beside the value', () => {
    const shifted: Gradients = (inputs) => {
      const [first, second] = terms(inputs)
      return [...right(inputs), first, tf.add(second, tf.mul(1e-3, second))]
    }
    expect(() => check(shifted)).toThrow(/disagrees with eager tfjs in float32 in one of its terms/)
  })
  it('takes the terms from who gives them, and they change nothing', () => {
    const options = { checkPoints: [point] }
    const summed = compileLogDensity(shapes, (inputs) => ({ value: smooth(inputs), terms: terms(inputs) }), options)
    const plain = compileLogDensity(shapes, smooth, options)
    const position = Float64Array.from(point.flatMap((values) => [...values]))
    const [a, b] = [new Float64Array(11), new Float64Array(11)]
    expect(summed.logDensity.valueAndGradient(position, a)).toBe(plain.logDensity.valueAndGradient(position, b))
    expect(a).toEqual(b)
    expect(summed.portable?.program.outputs).toEqual(plain.portable?.program.outputs)
  })
})

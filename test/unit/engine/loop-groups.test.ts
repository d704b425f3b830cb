import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { optimise } from '../../../src/engine/optimise.js'
import { schedule } from '../../../src/engine/schedule.js'
import { traceGraph } from '../../../src/engine/tfjs.js'
import { programOf, runProgram } from './support.js'

const stepsOf = (shapes: number[][], build: (inputs: tf.Tensor[]) => tf.Tensor[]) => schedule(optimise(traceGraph(shapes, build)))

describe('a value that is moved into the step of its user', () => {
  it('is not stored when only that step reads it, at the same element', () => {
    // The sum must be complete before the last step begins, and the exponentials would fit into the first.
    const { steps } = stepsOf([[7], [7]], ([x, y]) => [tf.mul(tf.exp(y), tf.sum(tf.square(x)))])
    const stored = steps.flatMap((step) =>
      step.kind === 'loop'
        ? step.statements.flatMap((one) => (one.kind === 'map' && one.function === 'exponential' ? [one.store] : []))
        : [],
    )
    expect(stored).toEqual([undefined])
  })
  it('stays where it is when its user also reads other elements of it', () => {
    const steps = stepsOf([[5]], ([x]) => [tf.sub(tf.exp(x), tf.reverse(tf.exp(x)))])
    const x = Float64Array.of(0.1, 0.7, -0.4, 1.3, 0.2)
    const [found] = runProgram(programOf(steps), [x])
    const expected = x.map((value, index) => Math.exp(value) - Math.exp(x[4 - index]))
    // Two exponentials of at most e^1.3, each right to an ulp, and a difference.
    found.forEach((value, index) => {
      expect(Math.abs(value - expected[index])).toBeLessThanOrEqual(12 * Number.EPSILON)
    })
  })
})

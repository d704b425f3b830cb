import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import type { LogDensity } from '../../../src/contract/log-density.js'
import { compileLogDensity } from '../../../src/engine/compile.js'
import { cholesky, multivariateNormalLogProbability } from '../../../src/engine/operations.js'
import { stream } from '../../../src/random/stream.js'

const options = { checkPoints: [], strict: true }
const { logDensity } = compileLogDensity(
  [[3], [], [2, 2]],
  ([mu, tau, x]) => {
    const data = tf.tensor2d([
      [1, 2, 3],
      [2, 3, 5],
    ])
    const normal = tf.sum(tf.sub(tf.neg(tf.square(tf.div(tf.sub(data, mu), tf.exp(tau)))), tau))
    const matrix = tf.add(tf.matMul(x, x, false, true), tf.eye(2))
    return tf.add(normal, tf.add(tf.sum(cholesky(matrix)), multivariateNormalLogProbability(tf.slice(mu, [0], [2]), matrix)))
  },
  options,
)

const EVALUATIONS = 1e5
/** Sampling the heap allocates too, hence seldom. */
const SAMPLES = 50
/** A returned number may be boxed (16 bytes); an array of the gradient's size would take 160 bytes with its header. */
const BYTES_PER_EVALUATION = 32
/** What the collector keeps of compiled code and the like: under one byte per evaluation. */
const KEPT_BYTES = 1e5

setFlagsFromString('--expose-gc')
const collectGarbage: () => void = runInNewContext('gc')

/** Bytes allocated per evaluation, as the sum of all increases of the heap, and bytes kept after collection. */
function allocation(density: Pick<LogDensity, 'valueAndGradient'>): { perEvaluation: number; kept: number } {
  const position = Float64Array.from({ length: 8 }, (_, index) => Math.sin(index))
  const gradient = new Float64Array(8)
  const evaluate = (count: number) => {
    for (let index = 0; index < count; index++) density.valueAndGradient(position, gradient)
  }
  evaluate(EVALUATIONS / 2)
  collectGarbage()
  const before = process.memoryUsage().heapUsed
  let allocated = 0
  let last = before
  for (let sample = 0; sample < SAMPLES; sample++) {
    evaluate(EVALUATIONS / SAMPLES)
    const now = process.memoryUsage().heapUsed
    allocated += Math.max(0, now - last)
    last = now
  }
  collectGarbage()
  return { perEvaluation: allocated / EVALUATIONS, kept: process.memoryUsage().heapUsed - before }
}

describe('evaluating a log density', () => {
  it('allocates no array and keeps nothing', () => {
    // What is kept for good is kept in every round; code that is optimised late is kept once.
    const rounds = Array.from({ length: 3 }, () => allocation(logDensity))
    expect(Math.min(...rounds.map(({ perEvaluation }) => perEvaluation))).toBeLessThan(BYTES_PER_EVALUATION)
    expect(Math.min(...rounds.map(({ kept }) => kept))).toBeLessThan(KEPT_BYTES)
  })
  it('negative control: one array per evaluation is noticed', () => {
    let kept: Float64Array | undefined
    const wasteful = (position: Float64Array) => {
      kept = Float64Array.from(position)
      return kept[0]
    }
    expect(allocation({ valueAndGradient: wasteful }).perEvaluation).toBeGreaterThan(BYTES_PER_EVALUATION)
    expect(kept).toHaveLength(8)
  })
  it('negative control: an array kept at every hundredth evaluation is noticed in every round', () => {
    const kept: Float64Array[] = []
    let count = 0
    const leaking = (position: Float64Array, gradient: Float64Array) => {
      if (++count % 100 === 0) kept.push(position.slice())
      return logDensity.valueAndGradient(position, gradient)
    }
    for (let round = 0; round < 3; round++) expect(allocation({ valueAndGradient: leaking }).kept).toBeGreaterThan(KEPT_BYTES)
  })
  it('gives the same bits every time, whatever came in between', () => {
    const source = stream(3, 'positions')
    const positions = Array.from({ length: 50 }, () => Float64Array.from({ length: 8 }, () => 2 * source.uniform() - 1))
    const run = () =>
      positions.map((position) => {
        const gradient = new Float64Array(8)
        return [logDensity.valueAndGradient(position, gradient), ...gradient]
      })
    const first = run()
    logDensity.valueAndGradient(new Float64Array(8).fill(Number.NaN), new Float64Array(8))
    logDensity.valueAndGradient(new Float64Array(8).fill(1e300), new Float64Array(8))
    expect(run()).toEqual(first)
  })
  it('changes neither the position nor anything but the gradient', () => {
    const position = Float64Array.from({ length: 8 }, (_, index) => index / 8)
    const copy = position.slice()
    logDensity.valueAndGradient(position, new Float64Array(8))
    expect(position).toEqual(copy)
  })
  it('returns what is not finite outside the support, and never throws', () => {
    const { logDensity: log } = compileLogDensity([[1]], ([x]) => tf.sum(tf.log(x)), options)
    for (const x of [-1, Number.NaN]) expect(log.valueAndGradient(Float64Array.of(x), new Float64Array(1))).toBeNaN()
    expect(log.valueAndGradient(Float64Array.of(0), new Float64Array(1))).toBe(Number.NEGATIVE_INFINITY)
  })
})

import { readFileSync } from 'node:fs'
import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import type { LogDensity } from '../../../../src/contract/log-density.js'
import { compileLogDensity } from '../../../../src/engine/compile.js'
import { denseMetric, diagonalMetric, type Metric } from '../../../../src/inference/metric.js'
import { nativeNuts } from '../../../../src/inference/native/native-nuts.js'
import { nuts } from '../../../../src/inference/nuts.js'
import { evaluate } from '../../../../src/inference/state.js'
import { fillNormal } from '../../../../src/random/fill-normal.js'
import { stream } from '../../../../src/random/stream.js'
import { moduleFile, printTrajectoryModule } from './print-trajectory-module.js'

const MAXIMUM_DEPTH = 6
/** exp of more is not finite. */
const LARGEST_EXPONENT = 709

/** A quartic in two parameters, so that the gradient comes in two pieces, of which one may have one element. */
function quartic(dimension: number): LogDensity {
  const sizes = dimension === 1 ? [1] : [1, dimension - 1]
  return compileLogDensity(
    sizes.map((size) => [size]),
    (parameters) => {
      const x = tf.concat(parameters.map((one) => tf.reshape(one, [-1])))
      return tf.neg(tf.sum(tf.add(tf.square(tf.square(x)), tf.square(tf.sub(x, tf.mul(0.5, tf.mean(x)))))))
    },
    { checkPoints: [sizes.map((size) => new Float64Array(size).fill(0.3))] },
  ).logDensity
}

function randomMetric(kind: Metric['kind'], dimension: number, seed: number): Metric {
  const source = stream(seed, 'metric')
  if (kind === 'diagonal') return diagonalMetric(Float64Array.from({ length: dimension }, () => 0.2 + source.uniform()))
  const factor = fillNormal(source, new Float64Array(dimension * dimension))
  const covariance = new Float64Array(dimension * dimension)
  for (let i = 0; i < dimension; i++)
    for (let j = 0; j < dimension; j++) {
      for (let k = 0; k < dimension; k++)
        covariance[i * dimension + j] += (0.3 * factor[i * dimension + k] * factor[j * dimension + k]) / dimension
      if (i === j) covariance[i * dimension + j] += 0.2
    }
  return denseMetric(covariance, dimension)!
}

/** What both say about the same transitions: state, statistics, and the random numbers that follow. */
function compare(logDensity: LogDensity, settings: readonly { readonly stepSize: number; readonly metric: Metric }[]) {
  const { dimension } = logDensity
  const native = nativeNuts(logDensity, MAXIMUM_DEPTH)!
  const plain = nuts(dimension)
  const [source, again] = [stream(5), stream(5)]
  let state = evaluate(new Float64Array(dimension).fill(0.4), logDensity)
  return settings.map((tuned) => {
    const one = native(source, state, logDensity, tuned)
    const other = plain.step(again, state, logDensity, { ...tuned, maximumTreeDepth: MAXIMUM_DEPTH })
    state = other.state
    return { native: { ...one, next: source.uniform() }, plain: { ...other, next: again.uniform() } }
  })
}

describe.each([1, 2, 3, 4, 5, 8, 11])('a NUTS transition inside WebAssembly, in %i dimensions', (dimension) => {
  const logDensity = quartic(dimension)

  it.each(['diagonal', 'dense'] as const)('is that of the plain sampler, bit for bit, with a %s metric', (kind) => {
    // Steps from far too short (trees of full depth) to far too long (divergences), and a new metric now and then.
    const settings = Array.from({ length: 120 }, (_, index) => ({
      stepSize: [0.01, 0.1, 0.3, 0.6, 1.2, 40][index % 6],
      metric: randomMetric(kind, dimension, Math.floor(index / 30)),
    }))
    const pairs = compare(logDensity, settings)
    for (const { native, plain } of pairs) expect(native).toEqual(plain)
    const depths = new Set(pairs.map(({ plain }) => plain.info.treeDepth))
    expect(depths.has(MAXIMUM_DEPTH)).toBe(true)
    expect(pairs.some(({ plain }) => plain.info.isDivergent)).toBe(true)
    expect(pairs.filter(({ plain }) => plain.info.treeDepth > 1 && !plain.info.isDivergent).length).toBeGreaterThan(20)
  })
})

describe('a NUTS transition inside WebAssembly', () => {
  it('changes from one kind of metric to the other as warmup does', () => {
    const metrics = [
      randomMetric('diagonal', 5, 1),
      randomMetric('dense', 5, 2),
      randomMetric('diagonal', 5, 3),
      randomMetric('dense', 5, 4),
    ]
    const settings = Array.from({ length: 80 }, (_, index) => ({ stepSize: 0.4, metric: metrics[Math.floor(index / 20)] }))
    for (const { native, plain } of compare(quartic(5), settings)) expect(native).toEqual(plain)
  })

  it('keeps the weights of a trajectory that gains hundreds of units of energy', () => {
    // Leapfrog steps of 0.4 change the energy of a normal by up to 4% of 300^2: exp(gain) overflows.
    const logDensity = compileLogDensity([[3]], ([x]) => tf.mul(-0.5, tf.sum(tf.square(x))), {
      checkPoints: [[Float64Array.of(0.1, 0.2, 0.3)]],
    }).logDensity
    const tuned = { stepSize: 0.4, metric: diagonalMetric(Float64Array.of(1, 1, 1)) }
    const gains = [120, 300].flatMap((spread) =>
      Array.from({ length: 60 }, (_, seed) => {
        const start = evaluate(
          fillNormal(stream(seed, 'start'), new Float64Array(3)).map((x) => spread * x),
          logDensity,
        )
        const one = nativeNuts(logDensity, 7)!(stream(seed), start, logDensity, tuned)
        const other = nuts(3).step(stream(seed), start, logDensity, { ...tuned, maximumTreeDepth: 7 })
        expect(one).toEqual(other)
        return -start.logDensity - other.info.energy
      }),
    )
    expect(Math.max(...gains)).toBeGreaterThan(LARGEST_EXPONENT)
  })

  it.each(['diagonal', 'dense'] as const)(
    'forgets a gradient that was not a number, which a %s metric spreads behind the last coordinate',
    (kind) => {
      // Where a square root has no real value neither has its slope; the position goes on from inside.
      const logDensity = compileLogDensity([[3]], ([x]) => tf.sum(tf.sub(tf.sqrt(x), tf.square(x))), {
        checkPoints: [[Float64Array.of(0.4, 0.5, 0.6)]],
      }).logDensity
      const tuned = { stepSize: 0.6, metric: randomMetric(kind, 3, 1) }
      const pairs = compare(logDensity, new Array(60).fill(tuned))
      for (const { native, plain } of pairs) expect(native).toEqual(plain)
      const divergent = pairs.filter(({ plain }) => plain.info.isDivergent).length
      expect(divergent).toBeGreaterThan(5)
      expect(divergent).toBeLessThan(55)
    },
  )

  it('evaluates the inputs that the log density had when the transition was made, and the other copy stays as it is', () => {
    const centred = compileLogDensity([[2]], ([x], [centre]) => tf.mul(-0.5, tf.sum(tf.square(tf.sub(x, centre)))), {
      checkPoints: [[Float64Array.of(0.1, 0.2)]],
      extraInputs: [{ name: 'centre', shape: [2], values: Float64Array.of(0, 0) }],
    }).logDensity
    centred.setInputs({ centre: Float64Array.of(50, 50) })
    const far = nativeNuts(centred, MAXIMUM_DEPTH)!
    const tuned = { stepSize: 0.5, metric: diagonalMetric(Float64Array.of(1, 1)) }
    let state = evaluate(Float64Array.of(49, 51), centred)
    centred.setInputs({ centre: Float64Array.of(0, 0) })
    const source = stream(1)
    for (let step = 0; step < 20; step++) state = far(source, state, centred, tuned).state
    // 20 transitions of N(50, 1): more than 10 from the centre would be 10 standard deviations.
    expect(Math.abs(state.position[0] - 50)).toBeLessThan(10)
  })

  it('is not to be had for a log density that is not a WebAssembly program', () => {
    expect(nativeNuts({ dimension: 1, valueAndGradient: () => 0 }, 5)).toBeUndefined()
  })
})

it('the module is that of its source: run `npm run generate:trajectory` after a change', () => {
  expect(readFileSync(moduleFile, 'utf8')).toBe(printTrajectoryModule())
})

import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { flat } from '../../../src/distributions/flat.js'
import { normal, normalLogProbability } from '../../../src/distributions/normal.js'
import { RunError } from '../../../src/errors/run-error.js'
import { posteriorMode } from '../../../src/fitting/posterior-mode.js'
import { condition } from '../../../src/language/condition.js'
import { model } from '../../../src/language/model.js'

const streams = { seed: 1, purpose: 'mode', study: 'a' }

describe('the posterior mode', () => {
  it('of normal given normal is the precision-weighted mean', () => {
    const mean = model({
      name: 'mean',
      parameters: (_: { y: number[] }) => ({ mu: normal(0, 1) }),
      logLikelihood: ({ mu }, { y }) => normalLogProbability(y, mu, 2),
    })
    const { position, gradientCount } = posteriorMode(condition(mean, { y: [1, 2, 3] }), streams)
    // the climb ends within sqrt(1e-2) of a posterior standard deviation, 1 / sqrt(1 + 3 / 4)
    expect(Math.abs(position[0] - 6 / 4 / (1 + 3 / 4))).toBeLessThan(0.1 * 0.76)
    expect(gradientCount).toBeGreaterThan(1)
  })

  it('is the highest of those that several starts lead to', () => {
    // (mu^2 - 1)^2 has minima at 1 and -1; a slope makes the one at 1 the better
    const twoModes = model({
      name: 'two modes',
      parameters: (_: object) => ({ mu: normal(0, 10) }),
      logLikelihood: ({ mu }) => tf.reshape(tf.sub(tf.mul(2, mu), tf.mul(5, tf.square(tf.sub(tf.square(mu), 1)))), [1]),
    })
    const conditioned = condition(twoModes, {})
    const modeFrom = (points: readonly number[]) =>
      posteriorMode(conditioned, {
        ...streams,
        start: points.map((point) => Float64Array.of(point)),
        starts: points.length,
      }).position[0]
    // where 20 mu (mu^2 - 1) = 2 but for the prior: near 1 and near -1
    expect(modeFrom([-1.2])).toBeCloseTo(-0.946, 1)
    expect(modeFrom([-1.2, 1.2])).toBeCloseTo(1.047, 1)
    expect(modeFrom([1.2, -1.2])).toBeCloseTo(1.047, 1)
  })

  it('that is nowhere is refused', () => {
    const improper = model({
      name: 'improper',
      parameters: (_: object) => ({ mu: flat() }),
      logLikelihood: ({ mu }) => tf.reshape(tf.square(mu), [1]),
    })
    expect(() => posteriorMode(condition(improper, {}), streams)).toThrow(RunError)
    expect(() => posteriorMode(condition(improper, {}), streams)).toThrow(/no mode was found/)
  })
})

import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import type { Prior } from '../../../src/contract/distribution.js'
import type { IntegratedParameters, Model } from '../../../src/contract/model.js'
import { halfNormal } from '../../../src/distributions/half-normal.js'
import { normal, normalLogProbability } from '../../../src/distributions/normal.js'
import { variable } from '../../../src/draws/variable.js'
import { ModelError } from '../../../src/errors/model-error.js'
import { condition } from '../../../src/language/condition.js'
import { logDensities } from '../../../src/language/log-densities.js'
import { model } from '../../../src/language/model.js'
import { stream } from '../../../src/random/stream.js'
import { itIntegratesOut } from '../../contract/integrated-form.js'

interface Data {
  readonly y: Float64Array
}
const data: Data = { y: Float64Array.of(0.3, -1.1, 2.2, 0.7, 1.9) }

/** y_i ~ N(mu, sigma^2), mu ~ N(0, 1): given sigma the mean of the outcomes is N(0, 1 + sigma^2 / n), and the rest does not depend on mu. */
const integrated: IntegratedParameters<Data> = {
  names: ['mu'],
  logLikelihood: ({ sigma }, { y }) => {
    const mean = tf.mean(y)
    const variance = tf.add(1, tf.div(tf.square(sigma), y.size))
    const within = tf.div(tf.sum(tf.square(tf.sub(y, mean))), tf.square(sigma))
    const spread = tf.add(within, tf.mul(2 * (y.size - 1), tf.log(sigma)))
    return tf.sub(normalLogProbability(mean, 0, tf.sqrt(variance)), tf.mul(0.5, spread))
  },
  draw: ({ sigma }, noise, { y }) => {
    const precision = tf.add(1, tf.div(y.size, tf.square(sigma)))
    const mean = tf.div(tf.sum(y), tf.mul(tf.square(sigma), precision))
    return { mu: tf.add(mean, tf.div(tf.reshape(noise, []), tf.sqrt(precision))) }
  },
}
const normalMean = (form?: Partial<IntegratedParameters<Data>>): Model<Data> =>
  model({
    name: 'normal mean',
    parameters: (_: Data): Record<string, Prior> => ({ mu: normal(0, 1), sigma: halfNormal(1) }),
    logLikelihood: ({ mu, sigma }, { y }) => normalLogProbability(y, mu, sigma),
    derived: ({ mu, sigma }) => ({ ratio: tf.div(mu, sigma) }),
    ...(form && { integratedOut: () => ({ ...integrated, ...form }) }),
  })

describe('parameters that are integrated out', () => {
  itIntegratesOut(normalMean({}) as Model<unknown>, data)
  const conditioned = condition(normalMean({}), data, { strict: true })
  it('are not sampled', () => {
    expect(conditioned.logDensity.dimension).toBe(1)
    expect(condition(normalMean(), data).logDensity.dimension).toBe(2)
  })
  it('stand among the draws where they were declared, and derived quantities see them', () => {
    const draws = conditioned.draws(Float64Array.of(0.1, 0.2, 0.3), 1, () => stream(1, 'noise'))
    expect(draws.variables.map(({ name }) => name)).toEqual(['mu', 'sigma', 'ratio'])
    const [mu, sigma, ratio] = ['mu', 'sigma', 'ratio'].map((name) => variable(draws, name).values)
    ratio.forEach((value, draw) => {
      expect(value).toBeCloseTo(mu[draw] / sigma[draw], 14)
    })
  })
  it('of a chain depend on its positions and its stream only', () => {
    const draws = (chains: number) =>
      conditioned.draws(Float64Array.of(0.1, 0.2, 0.3, 0.4).subarray(0, 2 * chains), chains, (chain) => stream(1, 'noise', chain))
    expect(variable(draws(2), 'mu').values.subarray(0, 2)).toEqual(variable(draws(1), 'mu').values)
  })
  it('leave observations to be told apart by their draws', () => {
    const draws = conditioned.draws(Float64Array.of(0.1, 0.2), 1, () => stream(1, 'noise'))
    expect(variable(logDensities(normalMean({}), data, draws), 'log_likelihood').values).toHaveLength(2 * data.y.length)
  })
  it('are sampled where observations have weights', () => {
    expect(condition(normalMean({}), data, { caseWeights: new Float64Array(5).fill(1) }).logDensity.dimension).toBe(2)
  })
  it.each<[string, Partial<IntegratedParameters<Data>>, RegExp]>([
    ['a name that is no parameter', { names: ['theta'] }, /names "theta", which is no parameter.*mu, sigma/s],
    ['draws without one of them', { draw: () => ({}) }, /no tensor for "mu"/],
    ['draws of another shape', { draw: (_, noise) => ({ mu: noise }) }, /a tensor of shape \[1\] for "mu", whose shape is \[\]/],
  ])('refuse %s', (_, form, message) => {
    expect(() => condition(normalMean(form), data)).toThrow(ModelError)
    expect(() => condition(normalMean(form), data)).toThrow(message)
  })
  it('refuse to be what the prior of a sampled parameter depends on', () => {
    const dependent = {
      ...normalMean({}),
      parameters: () => ({ mu: normal(0, 1), sigma: halfNormal(1), other: normal('mu', 1) }),
    }
    expect(() => condition(dependent as Model<Data>, data)).toThrow(/names "mu", on which the prior of "other" depends/)
  })
})

/** y ~ MVN(0, alpha^2 exp(-(x_i - x_j)^2 / (2 rho^2)) + sigma I); rho ~ Gamma(25, 4), alpha ~ half-N(0, 2), sigma ~ half-N(0, 1). */
import * as tf from '@tensorflow/tfjs'
import { gamma } from '../../../src/distributions/gamma.js'
import { halfNormal } from '../../../src/distributions/half-normal.js'
import { multivariateNormalLogProbability } from '../../../src/engine/operations.js'
import { model } from '../../../src/language/model.js'

interface Data {
  readonly y: number[]
  readonly squaredDistance: number[][]
  readonly identity: number[][]
}

const gaussianProcess = model({
  name: 'gp_regr',
  parameters: (_data: Data) => ({ rho: gamma(25, 4), alpha: halfNormal(2), sigma: halfNormal(1) }),
  logLikelihood: ({ rho, alpha, sigma }, { y, squaredDistance, identity }) => {
    const correlation = tf.exp(tf.div(tf.mul(squaredDistance, -0.5), tf.square(rho)))
    const covariance = tf.add(tf.mul(tf.square(alpha), correlation), tf.mul(sigma, identity))
    return tf.reshape(multivariateNormalLogProbability(y, covariance), [1])
  },
})

export default ({ x, y }: { x: number[]; y: number[] }) => ({
  model: gaussianProcess,
  data: {
    y,
    squaredDistance: x.map((left) => x.map((right) => (left - right) ** 2)),
    identity: x.map((_, row) => x.map((_, column) => Number(row === column))),
  },
})

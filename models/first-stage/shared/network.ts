/**
 * A Bayesian neural network as a random function:
 *
 *     h_1 = a(W_1 x + b_1),   h_l = a(W_l h_(l-1) + b_l),   f(x) = v' h_L
 *
 *     W_1[k, j] ~ N(0, r_j^2),   r_j ~ half-N(0, input^2),   W_l ~ N(0, 1 / width),   b_l ~ N(0, 1),
 *     v ~ N(0, s^2 / width),   s ~ half-N(0, output^2)
 *
 * One scale r_j for each input lets an input fade that does not matter (automatic relevance determination), and weights that shrink with the
 * width keep the prior of f the same however wide the network is (Neal 1996, Bayesian Learning for Neural Networks, 10.1007/978-1-4612-0745-3,
 * ch. 2 and 4). All weights are sampled standardised.
 */
import * as tf from '@tensorflow/tfjs'
import type { Prior } from '../../../src/contract/distribution.js'
import { halfNormal } from '../../../src/distributions/half-normal.js'
import { normal } from '../../../src/distributions/normal.js'
import type { PlainFunction, RandomFunction } from './random-function.js'

export type Activation = 'tanh' | 'softplus' | 'swish'

export interface NetworkSettings {
  /** Units of each hidden layer. */
  readonly width: number
  /** Hidden layers. */
  readonly depth: number
  readonly activation: Activation
  readonly inputScale: number
  readonly outputScale: number
}

const tensorActivations: Readonly<Record<Activation, (value: tf.Tensor) => tf.Tensor>> = {
  tanh: (value) => tf.tanh(value),
  softplus: (value) => tf.softplus(value),
  swish: (value) => tf.mul(value, tf.sigmoid(value)),
}
const plainActivations: Readonly<Record<Activation, (value: number) => number>> = {
  tanh: Math.tanh,
  softplus: (value) => Math.max(value, 0) + Math.log1p(Math.exp(-Math.abs(value))),
  swish: (value) => value / (1 + Math.exp(-value)),
}

export function network(settings: NetworkSettings): RandomFunction {
  const { width, depth, activation, inputScale, outputScale } = settings
  const hiddenLayers = Array.from({ length: depth - 1 }, (_, index) => index + 2)
  return {
    priors(name, inputs) {
      const hidden: Record<string, Prior> = Object.fromEntries(
        hiddenLayers.flatMap((layer) => [
          [`${name}Weights${layer}`, normal(0, 1 / Math.sqrt(width), { shape: [width, width], nonCentered: true })],
          [`${name}Biases${layer}`, normal(0, 1, { shape: [width] })],
        ]),
      )
      return {
        [`${name}InputScale`]: halfNormal(inputScale, { shape: [inputs] }),
        [`${name}Weights1`]: normal(0, `${name}InputScale`, { shape: [width, inputs], nonCentered: true }),
        [`${name}Biases1`]: normal(0, 1, { shape: [width] }),
        ...hidden,
        [`${name}OutputScale`]: halfNormal(outputScale),
        [`${name}Output`]: normal(0, (parameters) => tf.div(parameters[`${name}OutputScale`], Math.sqrt(width)), {
          shape: [width],
          nonCentered: true,
        }),
      }
    },
    tensor(name, parameters, rows) {
      const act = tensorActivations[activation]
      const layer = (values: tf.Tensor, index: number) =>
        act(tf.add(tf.matMul(values, parameters[`${name}Weights${index}`], false, true), parameters[`${name}Biases${index}`]))
      const last = hiddenLayers.reduce(layer, layer(rows, 1))
      return tf.reshape(tf.matMul(last, tf.reshape(parameters[`${name}Output`], [width, 1])), [rows.shape[0]])
    },
    numbers(name, parameters, inputCount): PlainFunction {
      const activate = plainActivations[activation]
      const output = parameters[`${name}Output`]
      const layers = [1, ...hiddenLayers].map((layer) => ({
        weights: parameters[`${name}Weights${layer}`],
        biases: parameters[`${name}Biases${layer}`],
        units: new Float64Array(width),
      }))
      return (rows, rowCount) => {
        const result = new Float64Array(rowCount)
        for (let row = 0; row < rowCount; row++) {
          let values: Float64Array = rows.subarray(row * inputCount, (row + 1) * inputCount)
          for (const { weights, biases, units } of layers) {
            writeLayer(values, weights, biases, activate, units)
            values = units
          }
          for (let unit = 0; unit < width; unit++) result[row] += output[unit] * values[unit]
        }
        return result
      }
    },
  }
}

export function describeNetwork({ width, depth, activation, inputScale, outputScale }: NetworkSettings): string {
  const layers = depth === 1 ? 'one hidden layer' : `${depth} hidden layers`
  return `a neural network with ${layers} of ${width} ${activation} units, normal priors on weights and biases, and half-normal priors with scale ${inputScale} on the scale of the weights of each input and ${outputScale} on that of the output`
}

function writeLayer(
  values: Float64Array,
  weights: Float64Array,
  biases: Float64Array,
  activate: (value: number) => number,
  units: Float64Array,
): void {
  for (let unit = 0; unit < units.length; unit++) {
    let sum = biases[unit]
    for (let input = 0; input < values.length; input++) sum += weights[unit * values.length + input] * values[input]
    units[unit] = activate(sum)
  }
}

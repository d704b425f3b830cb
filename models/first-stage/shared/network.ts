/**
 * A Bayesian neural network as a random function:
 *
 *     h_1 = a(W_1 R x + b_1),   h_l = a(W_l h_(l-1) + b_l),   f(x) = v' h_L,   R = diag(r)
 *
 *     W_1 ~ N(0, 1),   r_j ~ N(0, input^2),   W_l ~ N(0, 1 / width),   b_l ~ N(0, 1),   v ~ N(0, s^2 / width)
 *
 * One scale r_j for each input lets an input fade that does not matter (automatic relevance determination), and weights that shrink with the
 * width keep the prior of f the same however wide the network is (Neal 1996, Bayesian Learning for Neural Networks, 10.1007/978-1-4612-0745-3,
 * ch. 2 and 4). The sign of r_j says nothing, since the prior of W_1 is symmetric: with a normal prior, |r_j| has a half-normal one, and the
 * sampler meets no long tail towards log r_j = -infinity (src/decisions/0020).
 */
import * as tf from '@tensorflow/tfjs'
import type { Prior } from '../../../src/contract/distribution.js'
import { normal } from '../../../src/distributions/normal.js'
import type { PlainFeatures, RandomFunction } from './random-function.js'

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
    scale: outputScale,
    unitScales: new Float64Array(width).fill(1 / Math.sqrt(width)),
    priors(name, inputs) {
      const hidden: Record<string, Prior> = Object.fromEntries(
        hiddenLayers.flatMap((layer) => [
          [`${name}Weights${layer}`, normal(0, 1 / Math.sqrt(width), { shape: [width, width], nonCentered: true })],
          [`${name}Biases${layer}`, normal(0, 1, { shape: [width] })],
        ]),
      )
      return {
        [`${name}InputScale`]: normal(0, inputScale, { shape: [inputs] }),
        [`${name}Weights1`]: normal(0, 1, { shape: [width, inputs] }),
        [`${name}Biases1`]: normal(0, 1, { shape: [width] }),
        ...hidden,
      }
    },
    features(name, parameters, rows) {
      const act = tensorActivations[activation]
      const layer = (values: tf.Tensor, index: number) =>
        act(tf.add(tf.matMul(values, parameters[`${name}Weights${index}`], false, true), parameters[`${name}Biases${index}`]))
      return hiddenLayers.reduce(layer, layer(tf.mul(rows, parameters[`${name}InputScale`]), 1))
    },
    plainFeatures(name, parameters, inputCount): PlainFeatures {
      const activate = plainActivations[activation]
      const layers = [1, ...hiddenLayers].map((layer) => ({
        weights: parameters[`${name}Weights${layer}`],
        biases: parameters[`${name}Biases${layer}`],
        units: new Float64Array(width),
      }))
      const scales = parameters[`${name}InputScale`]
      const scaled = new Float64Array(inputCount)
      return (rows, rowCount) => {
        const result = new Float64Array(rowCount * width)
        for (let row = 0; row < rowCount; row++) {
          for (let input = 0; input < inputCount; input++) scaled[input] = scales[input] * rows[row * inputCount + input]
          let values: Float64Array = scaled
          for (const { weights, biases, units } of layers) {
            writeLayer(values, weights, biases, activate, units)
            values = units
          }
          result.set(values, row * width)
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

/**
 * The share that each covariate has in a decision of a soft tree, `[decision, input]`, rows adding up to 1:
 *
 *     independent:  w_b = softmax(q_b),   q_b ~ N(0, selection^2)
 *     sparse:       w_bj = i_j exp(q_bj) / sum_k i_k exp(q_bk),   i ~ Dirichlet(concentration / inputs)
 *
 * A softmax of widely spread logits stands for the choice of one covariate. In the sparse form all decisions of an ensemble share the importances
 * i, most of which are near 0, so that covariates drop out of the whole ensemble (Linero 2018, 10.1080/01621459.2016.1264957).
 */
import * as tf from '@tensorflow/tfjs'
import type { Prior } from '../../../src/contract/distribution.js'
import { dirichlet } from '../../../src/distributions/dirichlet.js'
import { normal } from '../../../src/distributions/normal.js'
import type { Dimension } from '../../../src/draws/draws.js'

export interface FeatureChoiceSettings {
  readonly choice: 'independent' | 'sparse'
  /** Standard deviation of q; the larger it is, the more a decision looks at one covariate. */
  readonly selection: number
  /** Of the sparse form. */
  readonly concentration: number
}

export interface FeatureChoice {
  priors(name: string, decisionCount: number, inputs: Dimension): Record<string, Prior>
  weights(name: string, parameters: Readonly<Record<string, tf.Tensor>>): tf.Tensor
  plainWeights(name: string, parameters: Readonly<Record<string, Float64Array>>, inputCount: number): Float64Array
}

export function featureChoice({ choice, selection, concentration }: FeatureChoiceSettings): FeatureChoice {
  return {
    priors: (name, decisionCount, inputs) => ({
      ...(choice === 'sparse' && inputs.labels.length > 1
        ? { [`${name}Importance`]: dirichlet(concentration / inputs.labels.length, { shape: [inputs] }) }
        : {}),
      [`${name}Selection`]: normal(0, selection, { shape: [decisionCount, inputs], nonCentered: true }),
    }),
    weights(name, parameters) {
      const softmax = tf.softmax(parameters[`${name}Selection`])
      const importance = parameters[`${name}Importance`]
      if (!importance) return softmax
      const products = tf.mul(softmax, importance)
      return tf.div(products, tf.add(tf.sum(products, 1, true), SMALL))
    },
    plainWeights(name, parameters, inputCount) {
      const importance = parameters[`${name}Importance`]
      return softmaxRows(parameters[`${name}Selection`], inputCount, importance)
    },
  }
}

/** Keeps a quotient finite where all important covariates have underflowing shares. */
const SMALL = 1e-200

export function describeChoice({ choice, selection, concentration }: FeatureChoiceSettings): string {
  const logits = `normal logits with standard deviation ${selection}`
  return choice === 'sparse'
    ? `${logits}, and importances of covariates with a Dirichlet prior, concentration ${concentration} shared among them`
    : logits
}

function softmaxRows(values: Float64Array, width: number, importance?: Float64Array): Float64Array {
  const result = new Float64Array(values.length)
  for (let start = 0; start < values.length; start += width) {
    const row = values.subarray(start, start + width)
    const largest = Math.max(...row)
    const powers = row.map((value, input) => Math.exp(value - largest) * (importance ? importance[input] : 1))
    const total = powers.reduce((sum, power) => sum + power, 0)
    result.set(
      powers.map((power) => power / (total + SMALL)),
      start,
    )
  }
  return result
}

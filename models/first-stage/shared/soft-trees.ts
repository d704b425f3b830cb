/**
 * A sum of soft trees of a fixed depth as a random function, after Linero and Yang (2018, 10.1111/rssb.12293). Node b of a tree sends a share
 *
 *     g_b(x) = logistic((w_b' x - c_b) / h)
 *
 * of what reaches it, R_b(x), to the right, and
 *
 *     f(x) = sum over trees and nodes of R_b(x) {2 g_b(x) - 1} m_b,
 *     c_b ~ N(0, 1),   h ~ lognormal,   m_b ~ N(0, s^2 p_d / trees),   s ~ half-N(0, scale^2)
 *
 * A node on level d sits at the end of d + 1 decisions to grow, which BART takes with probability a_d = base (1 + d)^-power (Chipman, George and
 * McCulloch 2010, 10.1214/09-AOAS285): p_d = a_0 a_1 ... a_d, so that the prior variance that each level of a tree of fixed depth adds is the one
 * that it adds to trees of random depth. The contrasts m_b, with the mean of the tree, which is left to the intercept of the regression, are
 * another way to write the values of the leaves. `feature-choice.ts` has the weights w_b. The bandwidth h is that of the ensemble, where Linero and
 * Yang have one for each tree.
 *
 * Decisions are ordered by level, then by node, then by tree. The children of node k on level d are nodes k and k + 2^d of the next.
 */
import * as tf from '@tensorflow/tfjs'
import { lognormal } from '../../../src/distributions/lognormal.js'
import { normal } from '../../../src/distributions/normal.js'
import { describeChoice, type FeatureChoiceSettings, featureChoice } from './feature-choice.js'
import type { PlainFeatures, RandomFunction } from './random-function.js'

export interface SoftTreesSettings extends FeatureChoiceSettings {
  readonly trees: number
  readonly depth: number
  /** Of a_d = base (1 + d)^-power. */
  readonly base: number
  readonly power: number
  readonly scale: number
  readonly bandwidth: { readonly median: number; readonly spread: number }
}

export function softTrees(settings: SoftTreesSettings): RandomFunction {
  const { trees, depth, scale, bandwidth } = settings
  const decisionCount = trees * (2 ** depth - 1)
  const choice = featureChoice(settings)
  return {
    scale,
    unitScales: contrastScales(settings),
    priors: (name, inputs) => ({
      [`${name}Bandwidth`]: lognormal(Math.log(bandwidth.median), bandwidth.spread),
      ...choice.priors(name, decisionCount, inputs),
      [`${name}Cuts`]: normal(0, 1, { shape: [decisionCount] }),
    }),
    features(name, parameters, rows) {
      const rowCount = rows.shape[0] as number
      const place = tf.matMul(rows, choice.weights(name, parameters), false, true)
      const gates = tf.sigmoid(tf.div(tf.sub(place, parameters[`${name}Cuts`]), parameters[`${name}Bandwidth`]))
      let reached: tf.Tensor = tf.ones([rowCount, trees])
      const differences: tf.Tensor[] = []
      for (let level = 0; level < depth; level++) {
        const right = tf.mul(reached, tf.slice(gates, [0, trees * (2 ** level - 1)], [rowCount, trees * 2 ** level]))
        const left = tf.sub(reached, right)
        differences.push(tf.sub(right, left))
        reached = tf.concat([left, right], 1)
      }
      return tf.concat(differences, 1)
    },
    plainFeatures(name, parameters, inputCount): PlainFeatures {
      const weights = choice.plainWeights(name, parameters, inputCount)
      const [bandwidthOfDraw] = parameters[`${name}Bandwidth`]
      const cuts = parameters[`${name}Cuts`]
      const reached = new Float64Array(decisionCount)
      return (rows, rowCount) => {
        const result = new Float64Array(rowCount * decisionCount)
        for (let row = 0; row < rowCount; row++)
          for (let decision = 0; decision < decisionCount; decision++) {
            let place = -cuts[decision]
            for (let input = 0; input < inputCount; input++)
              place += weights[decision * inputCount + input] * rows[row * inputCount + input]
            const gate = 1 / (1 + Math.exp(-place / bandwidthOfDraw))
            const here = decision < trees ? 1 : reached[decision]
            result[row * decisionCount + decision] = here * (2 * gate - 1)
            passOn(reached, decision, here, gate, trees)
          }
        return result
      }
    },
  }
}

export function describeSoftTrees(settings: SoftTreesSettings): string {
  const { trees, depth, base, power, scale, bandwidth } = settings
  return `a sum of ${trees} soft trees of depth ${depth} with logistic decisions, which take a softmax-weighted mean of the covariates (${describeChoice(settings)}; a lognormal prior with median ${bandwidth.median} and standard deviation ${bandwidth.spread} on the log scale for their bandwidth), and normal contrasts whose variance falls with the level d by factors ${base} (1 + d)^-${power}, with a half-normal prior with scale ${scale} on their standard deviation`
}

/** Standard deviation of each contrast for s = 1, `[decision]`. */
function contrastScales({ trees, depth, base, power }: SoftTreesSettings): Float64Array {
  const scales = new Float64Array(trees * (2 ** depth - 1))
  let probability = 1
  for (let level = 0; level < depth; level++) {
    probability *= base * Math.exp(-power * Math.log1p(level))
    scales.fill(Math.sqrt(probability / trees), trees * (2 ** level - 1), trees * (2 ** (level + 1) - 1))
  }
  return scales
}

/** What reaches the two children of a node, where it has any. */
function passOn(reached: Float64Array, decision: number, here: number, gate: number, trees: number): void {
  const node = Math.floor(decision / trees)
  const nodesOnLevel = 2 ** Math.floor(Math.log2(node + 1))
  const left = decision + trees * nodesOnLevel
  if (left >= reached.length) return
  reached[left] = here * (1 - gate)
  reached[left + trees * nodesOnLevel] = here * gate
}

import type { Stream } from '../../src/contract/stream.js'
import { drawDirichlet } from '../../src/random/dirichlet.js'
import { commonLength } from './compare-models.js'
import { softmax } from './primitives/log-sum-exp.js'

/**
 * Pseudo-BMA weights, proportional to exp(sum_i elpd_ik) (Geisser and Eddy 1979; Yao, Vehtari, Simpson and Gelman 2018,
 * 10.1214/17-BA1091, section 3.4). They ignore how uncertain the sums are: prefer `pseudoBmaPlusWeights` or `stackingWeights`.
 * @param elpd `[model][observation]`
 * @throws UsageError when there is no model or the models differ in length.
 */
export function pseudoBmaWeights(elpd: readonly Float64Array[]): Float64Array {
  commonLength(elpd)
  return softmax(elpd.map((each) => each.reduce((sum, value) => sum + value, 0)))
}

/**
 * Pseudo-BMA+ weights: the mean of pseudo-BMA weights over Bayesian bootstrap replicates of the observations, whose weights are
 * Dirichlet(1, ..., 1) (Rubin 1981, 10.1214/aos/1176345338; Yao et al. 2018, section 3.4).
 * @param elpd `[model][observation]`
 * @throws UsageError when there is no model or the models differ in length.
 */
export function pseudoBmaPlusWeights(stream: Stream, elpd: readonly Float64Array[], replicateCount = 1000): Float64Array {
  const observationCount = commonLength(elpd)
  const ones = new Float64Array(observationCount).fill(1)
  const mean = new Float64Array(elpd.length)
  for (let replicate = 0; replicate < replicateCount; replicate++) {
    const shares = drawDirichlet(stream, ones)
    const sums = elpd.map(
      (each) => observationCount * each.reduce((sum, value, observation) => sum + shares[observation] * value, 0),
    )
    softmax(sums).forEach((weight, model) => {
      mean[model] += weight / replicateCount
    })
  }
  return mean
}

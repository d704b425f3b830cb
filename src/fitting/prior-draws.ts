import type { Prior } from '../contract/distribution.js'
import type { Model } from '../contract/model.js'
import type { Draws } from '../draws/draws.js'
import { priorSampler } from '../language/prior-sampler.js'
import { printed } from '../printed.js'
import { stream } from '../random/stream.js'

/**
 * Independent draws of a model's parameters from their prior, as one chain; 1000 unless told.
 * @throws UsageError when a prior is improper, naming the parameters.
 * @example
 * ```ts
 * import { model, normal, normalLogProbability, priorDraws, show } from 'poolite'
 *
 * const mean = model({
 *   name: 'mean',
 *   parameters: (_: { y: number[] }) => ({ mu: normal(0, 1) }),
 *   logLikelihood: ({ mu }, { y }) => normalLogProbability(y, mu, 1),
 * })
 * const draws = priorDraws(mean, { y: [0.1, 0.4] }, { seed: 1 })
 * draws.drawCount // => 1000
 * show(draws)
 * ```
 */
export function priorDraws<Data, Parameters extends Record<string, Prior>>(
  model: Model<Data, Parameters>,
  data: Data,
  { seed, draws = 1000 }: { readonly seed: number; readonly draws?: number },
): Draws {
  const sampler = priorSampler(model, data)
  const source = stream(seed, 'prior', model.name)
  return printed(sampler.collect(Array.from({ length: draws }, () => sampler.draw(source))))
}

import type { Prior } from '../contract/distribution.js'
import type { Model, ValuesOf } from '../contract/model.js'
import type { Draws } from '../draws/draws.js'
import { valuesOfDraw } from '../draws/values-of-draw.js'
import { ModelError } from '../errors/model-error.js'
import { UsageError } from '../errors/usage-error.js'
import { printed } from '../printed.js'
import { stream } from '../random/stream.js'

/**
 * One replicated outcome for every draw of the parameters: from the prior predictive distribution for `priorDraws`, the posterior
 * predictive one for the draws of a fit. A chain's replicates depend on its draws and the seed only.
 * @returns `outcome` `[chain, draw, observation]`
 * @throws UsageError when the model has no `simulate`; ModelError when replicates differ in length.
 */
export function predictiveDraws<Data, Parameters extends Record<string, Prior>>(
  model: Model<Data, Parameters>,
  data: Data,
  draws: Draws,
  { seed }: { readonly seed: number },
): Draws {
  const { simulate } = model
  if (!simulate)
    throw new UsageError({
      problem: `model "${model.name}" has no simulate`,
      reason: 'predictive draws are outcomes that the model makes',
      remedy: 'Add simulate(stream, parameters, data) to the model, which gives one outcome.',
    })
  const { chainCount, drawCount } = draws
  const replicates = Array.from({ length: chainCount }, (_, chain) => {
    const source = stream(seed, 'predictive', model.name, chain)
    return Array.from({ length: drawCount }, (_, draw) =>
      simulate(source, valuesOfDraw(draws, chain * drawCount + draw) as ValuesOf<Parameters>, data),
    )
  }).flat()
  const size = replicates[0].length
  const values = new Float64Array(replicates.length * size)
  replicates.forEach((replicate, row) => {
    if (replicate.length !== size)
      throw new ModelError({
        problem: `simulate of model "${model.name}" gives ${replicate.length} values in one draw and ${size} in another`,
        remedy: 'Give as many values in every draw.',
      })
    values.set(replicate, row * size)
  })
  const observation = { name: 'observation', labels: Array.from({ length: size }, (_, index) => String(index + 1)) }
  return printed({ chainCount, drawCount, variables: [{ name: 'outcome', dimensions: [observation], values }] })
}

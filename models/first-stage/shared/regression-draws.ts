/** Draws of a regression's coefficients as the variables of the linear model. */
import type { ExactRequest } from '../../../src/contract/first-stage-model.js'
import type { TrialDesign } from '../../../src/contract/trial.js'
import type { Dimension, Draws, Variable } from '../../../src/draws/draws.js'
import type { RegressionSampler } from '../../../src/numeric/exact-regression.js'
import type { SlabPrior } from '../../../src/numeric/slab-patterns.js'

/** `alpha`, `delta`, `sigma`, `beta[covariate]` and `gamma[modifier]` of independent draws; a chain's depend on its stream only. */
export function regressionDraws(trial: TrialDesign, sampler: RegressionSampler, request: ExactRequest): Draws {
  const { chainCount, drawCount, streamFor } = request
  const labels = (is: 'isPrognostic' | 'isModifier') => trial.columns.filter((column) => column[is]).map(({ name }) => name)
  const covariate: Dimension = { name: 'covariate', labels: labels('isPrognostic') }
  const modifier: Dimension = { name: 'modifier', labels: labels('isModifier') }
  const treatment = 1 + covariate.labels.length
  const size = treatment + 1 + modifier.labels.length
  const total = chainCount * drawCount
  const coefficients = new Float64Array(total * size)
  const sigma = new Float64Array(total)
  for (let chain = 0; chain < chainCount; chain++) {
    const stream = streamFor(chain)
    for (let draw = chain * drawCount; draw < (chain + 1) * drawCount; draw++)
      sigma[draw] = sampler.draw(stream, coefficients, draw * size)
  }
  const part = (name: string, start: number, dimensions: readonly Dimension[]): Variable => {
    const width = dimensions.length === 0 ? 1 : dimensions[0].labels.length
    const values = new Float64Array(total * width)
    for (let draw = 0; draw < total; draw++)
      values.set(coefficients.subarray(draw * size + start, draw * size + start + width), draw * width)
    return { name, dimensions, values }
  }
  return {
    chainCount,
    drawCount,
    variables: [
      part('alpha', 0, []),
      part('delta', treatment, []),
      { name: 'sigma', dimensions: [], values: sigma },
      ...(covariate.labels.length > 0 ? [part('beta', 1, [covariate])] : []),
      ...(modifier.labels.length > 0 ? [part('gamma', treatment + 1, [modifier])] : []),
    ],
  }
}

/** Adds the probability of the slab given each coefficient's value, as the model derives it. */
export function slabProbabilities(
  draws: Draws,
  names: readonly string[],
  { slabScale, spikeScale, slabProbability }: SlabPrior,
): Draws {
  const logOdds = Math.log(slabProbability / (1 - slabProbability)) + Math.log(spikeScale / slabScale)
  const curvature = (1 / spikeScale ** 2 - 1 / slabScale ** 2) / 2
  const added = draws.variables
    .filter(({ name }) => names.includes(name))
    .map(
      ({ name, dimensions, values }): Variable => ({
        name: `${name}Inclusion`,
        dimensions,
        values: values.map((value) => 1 / (1 + Math.exp(-logOdds - curvature * value * value))),
      }),
    )
  return { ...draws, variables: [...draws.variables, ...added] }
}

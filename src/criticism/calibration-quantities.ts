import { essBulk } from '../../diagnostics/convergence/ess-bulk.js'
import { essTail } from '../../diagnostics/convergence/ess-tail.js'
import { rankAmong } from '../../diagnostics/predictive/calibration/rank-among.js'
import type { Prior } from '../contract/distribution.js'
import type { Model } from '../contract/model.js'
import type { Stream } from '../contract/stream.js'
import { type Draws, elementCount } from '../draws/draws.js'
import { scalars } from '../draws/scalars.js'
import { selectVariables } from '../draws/select-variables.js'
import { valuesOfDraw } from '../draws/values-of-draw.js'
import { variable } from '../draws/variable.js'
import type { ProgramCache } from '../engine/program-cache.js'
import { logDensities } from '../language/log-densities.js'

/** Further test quantities of one draw of the parameters, row-major on their own scale, and the data. */
export type TestQuantities = (values: Readonly<Record<string, Float64Array>>, data: unknown) => Readonly<Record<string, number>>

/** A test quantity of the true parameters and of all draws from the posterior. */
export interface QuantityDraws {
  readonly name: string
  readonly truth: number
  /** `[chain][draw]` */
  readonly chains: readonly Float64Array[]
}

/**
 * Every parameter, the joint log likelihood, which sees what the parameters one by one do not, such as a posterior that equals
 * the prior (Modrak et al. 2023, 10.1214/23-BA1404), and further quantities.
 * @param truth one draw of the parameters
 */
export function calibrationQuantities<Data, Parameters extends Record<string, Prior>>(
  model: Model<Data, Parameters>,
  data: Data,
  truth: Draws,
  posterior: Draws,
  { further, cache }: { readonly further?: TestQuantities | undefined; readonly cache?: ProgramCache } = {},
): QuantityDraws[] {
  const { chainCount, drawCount } = posterior
  const all = prepend(truth, posterior)
  const columns = [
    ...scalars(all).map(({ name, chains: [values] }) => ({ name, values })),
    { name: 'log_likelihood', values: logLikelihoodSums(logDensities(model, data, all, cache ? { cache } : {})) },
    ...(further ? furtherColumns(all, data, further) : []),
  ]
  return columns.map(({ name, values }) => ({
    name,
    truth: values[0],
    chains: Array.from({ length: chainCount }, (_, chain) => values.subarray(1 + chain * drawCount, 1 + (chain + 1) * drawCount)),
  }))
}

/** Truth and posterior as one chain, truth first, with the variables of the truth. */
function prepend(truth: Draws, posterior: Draws): Draws {
  const names = truth.variables.map(({ name }) => name)
  const variables = selectVariables(posterior, names).variables.map((found) => {
    const first = variable(truth, found.name).values
    const values = new Float64Array(first.length + found.values.length)
    values.set(first)
    values.set(found.values, first.length)
    return { ...found, values }
  })
  return { chainCount: 1, drawCount: 1 + posterior.chainCount * posterior.drawCount, variables }
}

function logLikelihoodSums(densities: Draws): Float64Array {
  const pointwise = variable(densities, 'log_likelihood')
  const size = elementCount(pointwise)
  return Float64Array.from({ length: densities.drawCount }, (_, draw) =>
    pointwise.values.subarray(draw * size, (draw + 1) * size).reduce((sum, value) => sum + value, 0),
  )
}

function furtherColumns(all: Draws, data: unknown, further: TestQuantities) {
  const rows = Array.from({ length: all.drawCount }, (_, draw) => further(valuesOfDraw(all, draw), data))
  return Object.keys(rows[0]).map((name) => ({ name, values: Float64Array.from(rows, (row) => row[name]) }))
}

/** Of bulk and tails over all quantities; those that do not vary in this posterior are left out. */
export function leastEffectiveSampleSize(quantities: readonly QuantityDraws[]): number {
  const sizes = quantities.flatMap(({ chains }) => [essBulk(chains), essTail(chains)]).filter((size) => !Number.isNaN(size))
  return sizes.length > 0 ? Math.min(...sizes) : 0
}

/** Ranks of the truth among draws spread evenly over all, by name of the quantity. */
export function ranksOf(ties: Stream, quantities: readonly QuantityDraws[], rankedDraws: number): Record<string, number> {
  return Object.fromEntries(
    quantities.map(({ name, truth, chains }) => {
      const all = chains.flatMap((chain) => Array.from(chain))
      const kept = Array.from({ length: rankedDraws }, (_, index) => all[Math.floor(((index + 0.5) * all.length) / rankedDraws)])
      return [name, rankAmong(ties, truth, kept)]
    }),
  )
}

import type { Prior } from '../contract/distribution.js'
import type { Model } from '../contract/model.js'
import type { Dimension } from '../draws/draws.js'
import { UsageError } from '../errors/usage-error.js'

/**
 * Declares a probabilistic model. The function only fixes the types; a model is a plain value.
 *
 * @example
 * ```ts
 * import { halfCauchy, model, normal, normalLogProbability } from 'poolite'
 *
 * const eightSchools = model({
 *   name: 'eight schools',
 *   parameters: (data: { effect: number[]; error: number[] }) => ({
 *     mu: normal(0, 5),
 *     tau: halfCauchy(0, 5),
 *     theta: normal('mu', 'tau', { shape: [data.effect.length], nonCentered: true }),
 *   }),
 *   logLikelihood: ({ theta }, { effect, error }) => normalLogProbability(effect, theta, error),
 * })
 * ```
 */
export function model<Data, Parameters extends Record<string, Prior>>(
  definition: Model<Data, Parameters>,
): Model<Data, Parameters> {
  return definition
}

/**
 * A named axis: its labels become part of the names of draws, such as `gamma[age]`.
 * @throws UsageError for duplicate labels, or labels with characters that would make names ambiguous.
 */
export function dimension(name: string, labels: readonly (string | number)[]): Dimension {
  const texts = labels.map(String)
  const repeated = texts.find((label, index) => texts.indexOf(label) !== index)
  if (repeated !== undefined)
    throw new UsageError({
      problem: `dimension "${name}" has the label "${repeated}" twice`,
      remedy: 'Give each index a label of its own.',
    })
  const ambiguous = texts.find((label) => /[[\],]/.test(label))
  if (ambiguous !== undefined)
    throw new UsageError({
      problem: `label "${ambiguous}" of dimension "${name}" contains a bracket or a comma`,
      reason: 'names such as gamma[age] would become ambiguous',
      remedy: 'Choose labels without [ ] and commas.',
    })
  return { name, labels: texts }
}

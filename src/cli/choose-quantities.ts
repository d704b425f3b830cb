import { essBulk } from '../../diagnostics/convergence/ess-bulk.js'
import { didYouMean } from '../data/nearest-name.js'
import type { Draws } from '../draws/draws.js'
import { scalarNames } from '../draws/draws.js'
import { type Scalar, scalars } from '../draws/scalars.js'
import { selectVariables } from '../draws/select-variables.js'
import { UsageError } from '../errors/usage-error.js'

/**
 * The quantities of these names, each a variable (`gamma`) or one of its elements (`gamma[age]`), in the order of the draws.
 * @throws UsageError when there is none of a name.
 */
export function namedQuantities(draws: Draws, names: readonly string[]): Scalar[] {
  const wanted = new Set(names)
  const known = draws.variables.flatMap((variable) => [variable.name, ...scalarNames(variable)])
  const missing = names.find((name) => !known.includes(name))
  if (missing !== undefined)
    throw new UsageError({
      problem: `there is no "${missing}" among these draws`,
      remedy: `Ask for one of: ${draws.variables.map(({ name }) => name).join(', ')}, or an element of one.${didYouMean(missing, known)}`,
    })
  return draws.variables.flatMap((variable) =>
    scalars(selectVariables(draws, [variable.name])).filter(({ name }) => wanted.has(variable.name) || wanted.has(name)),
  )
}

/** The `limit` quantities with the smallest bulk effective sample size, those for which it is not defined last; all when there are no more. */
export function worstQuantities(draws: Draws, limit: number): Scalar[] {
  const all = scalars(draws)
  if (all.length <= limit) return all
  const sizes = new Map(all.map(({ name, chains }) => [name, essBulk(chains)]))
  const size = ({ name }: Scalar) => sizes.get(name) || Infinity
  return [...all].sort((a, b) => size(a) - size(b)).slice(0, limit)
}

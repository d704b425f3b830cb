import { essBulk } from '../../diagnostics/convergence/ess-bulk.js'
import { didYouMean } from '../data/nearest-name.js'
import type { Draws } from '../draws/draws.js'
import { scalarNames } from '../draws/draws.js'
import { eachScalar, type Scalar, scalars } from '../draws/scalars.js'
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
  return draws.variables.flatMap((variable) => [
    ...eachScalar(selectVariables(draws, [variable.name]), (name) => wanted.has(variable.name) || wanted.has(name)),
  ])
}

/** The `limit` quantities with the smallest bulk effective sample size, those for which it is not defined last; all when there are no more. */
export function worstQuantities(draws: Draws, limit: number): Scalar[] {
  if (draws.variables.flatMap(scalarNames).length <= limit) return scalars(draws)
  const sizes = Array.from(eachScalar(draws), ({ name, chains }) => ({ name, size: essBulk(chains) || Infinity }))
  const worst = sizes.sort((a, b) => a.size - b.size).slice(0, limit)
  const ranks = new Map(worst.map(({ name }, rank) => [name, rank]))
  const found = [...eachScalar(draws, (name) => ranks.has(name))]
  return found.sort((a, b) => ranks.get(a.name)! - ranks.get(b.name)!)
}

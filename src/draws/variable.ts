import { UsageError } from '../errors/usage-error.js'
import type { Draws, Variable } from './draws.js'

/**
 * The variable of that name.
 * @throws UsageError when there is none; the message lists those there are.
 */
export function variable(draws: Draws, name: string): Variable {
  const found = draws.variables.find((candidate) => candidate.name === name)
  if (!found)
    throw new UsageError({
      problem: `no variable "${name}" in these draws`,
      remedy: `Ask for one of: ${draws.variables.map((candidate) => candidate.name).join(', ')}.`,
    })
  return found
}

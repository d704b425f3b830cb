import type { Draws } from './draws.js'
import { variable } from './variable.js'

/**
 * The same draws with these variables only, in this order. Weights stay.
 * @throws UsageError when there is no variable of a name.
 */
export function selectVariables(draws: Draws, names: readonly string[]): Draws {
  return { ...draws, variables: names.map((name) => variable(draws, name)) }
}

import type { Draws } from './draws.js'
import { drawsText } from './draws-text.js'
import { printable } from './printable.js'
import { variable } from './variable.js'

/**
 * The same draws with these variables only, in this order. Weights stay.
 * @throws UsageError when there is no variable of a name.
 */
export function selectVariables(draws: Draws, names: readonly string[]): Draws {
  return printable({ ...draws, variables: names.map((name) => variable(draws, name)) }, drawsText)
}

import { UsageError } from '../errors/usage-error.js'
import type { Draws } from './draws.js'

/**
 * The variables of several sets of the same draws, side by side. The parts must weigh their draws alike.
 * @throws UsageError when the numbers of chains or draws or the weights differ, or a name occurs twice.
 */
export function bindVariables(first: Draws, ...others: readonly Draws[]): Draws {
  for (const other of others) requireSameDraws(first, other)
  const variables = [first, ...others].flatMap((part) => part.variables)
  const names = variables.map(({ name }) => name)
  const repeated = names.find((name, index) => names.indexOf(name) !== index)
  if (repeated !== undefined)
    throw new UsageError({
      problem: `two variables are called "${repeated}"`,
      remedy: 'Rename one, or select the variables to bind.',
    })
  return { ...first, variables }
}

function requireSameDraws(first: Draws, other: Draws): void {
  if (first.chainCount !== other.chainCount || first.drawCount !== other.drawCount)
    throw new UsageError({
      problem: `cannot bind ${size(first)} to ${size(other)}`,
      reason: 'variables of one Draws share their chains and draws',
      remedy: 'Bind only variables that come from the same run.',
    })
  if (!sameWeights(first.logWeights, other.logWeights))
    throw new UsageError({
      problem: 'the draws to bind carry different weights',
      reason: 'one draw can have one weight only',
      remedy: 'Bind variables before the draws are weighted.',
    })
}

function size({ chainCount, drawCount }: Draws): string {
  return `${chainCount} x ${drawCount} draws`
}

function sameWeights(a: Float64Array | undefined, b: Float64Array | undefined): boolean {
  if (a === undefined || b === undefined) return a === b
  return a.length === b.length && a.every((weight, index) => Object.is(weight, b[index]))
}

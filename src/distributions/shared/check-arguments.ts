import type { PriorArgument } from '../../contract/distribution.js'
import { UsageError } from '../../errors/usage-error.js'

/** What an argument may be where it is given as a number. */
export type Domain = 'real' | 'positive'

/**
 * Checks the arguments that are numbers; names and functions of parameters are known only when the model runs.
 * @throws UsageError naming the argument.
 */
export function checkArguments(
  family: string,
  argumentNames: readonly string[],
  domains: readonly Domain[],
  values: readonly PriorArgument[],
): void {
  values.forEach((value, index) => {
    for (const number of plainNumbers(value)) {
      if (Number.isFinite(number) && (domains[index] === 'real' || number > 0)) continue
      refuseArgument(family, argumentNames[index], `${number}`, domains[index] === 'real' ? 'finite' : 'positive and finite')
    }
  })
}

/** The number or numbers that an argument is, none when it is a name or a function. */
export function plainNumbers(value: PriorArgument): readonly number[] {
  if (typeof value === 'number') return [value]
  return typeof value === 'string' || typeof value === 'function' ? [] : Array.from(value)
}

/**
 * The argument as a number, for those that cannot depend on parameters.
 * @throws UsageError when it is a name, a function or an array.
 */
export function requireNumber(family: string, argumentName: string, value: PriorArgument, reason: string): number {
  if (typeof value === 'number') return value
  throw new UsageError({
    problem: `${argumentName} of ${family} is not a plain number`,
    reason,
    remedy: `Give ${argumentName} as a number.`,
  })
}

export function refuseArgument(family: string, argumentName: string, value: string, requirement: string): never {
  throw new UsageError({
    problem: `${argumentName} of ${family} is ${value}`,
    reason: `it must be ${requirement}`,
    remedy: `Give a value of ${argumentName} that is ${requirement}.`,
  })
}

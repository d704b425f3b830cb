import { UsageError } from '../../errors/usage-error.js'

/** Refuses a value that no unconstrained value maps to: `what` is the value, `support` the set it should lie in. */
export function outsideSupport(what: string, support: string): never {
  throw new UsageError({
    problem: `${what} is outside the support`,
    reason: `the parameter must be ${support}`,
    remedy: 'Give an initial value strictly inside the support.',
  })
}

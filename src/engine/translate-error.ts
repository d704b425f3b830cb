import { ModelError } from '../errors/model-error.js'
import { type ErrorDetails, PooliteError } from '../errors/poolite-error.js'
import { UntraceableError } from '../errors/untraceable-error.js'
import { userPlace, withLongStacks } from './user-place.js'

/**
 * Runs a part of a model, such as its log likelihood. What tfjs or JavaScript throws there becomes a ModelError that keeps the message and
 * says where: a wrong shape, a misspelt parameter, an operation without a gradient. An operation that has no rule becomes an UntraceableError.
 * @param where such as `the log likelihood of model "linear"`
 * @param hint a better remedy than the general one, if there is one once the part has failed
 */
export function inPart<Result>(where: string, body: () => Result, hint?: () => string | undefined): Result {
  return withLongStacks(() => {
    try {
      return body()
    } catch (error) {
      throw error instanceof PooliteError ? placed(error, userPlace(error.stack)) : translated(where, error, hint?.())
    }
  })
}

/** The error with its place in the model, unless it has one. */
export function placed<Failure extends PooliteError>(error: Failure, source: string | undefined): Failure {
  if (source === undefined || error.details.source !== undefined) return error
  const Kind = error.constructor as new (details: ErrorDetails) => Failure
  const made = new Kind({ ...error.details, source })
  made.cause = error.cause
  return made
}

/** The operation that an error of this file complains of. */
export function operationIn({ details }: ModelError): string | undefined {
  return /the tfjs operation "(\w+)"/.exec(details.problem)?.[1]
}

function translated(where: string, error: unknown, hint: string | undefined): ModelError {
  const message = error instanceof Error ? error.message : String(error)
  const place = error instanceof Error ? userPlace(error.stack) : undefined
  const source = place === undefined ? {} : { source: place }
  const kernel = /Kernel '(\w+)' not registered/.exec(message)?.[1]
  if (kernel)
    return new UntraceableError({
      problem: `${where} uses the tfjs operation "${kernel}", which cannot be compiled`,
      reason: 'no rule says what it means in the compiled graph',
      remedy: 'Write it with other tfjs operations, or with those that poolite exports.',
      ...source,
    })
  const withoutGradient = /gradient function not found for (\w+)/.exec(message)?.[1]
  if (withoutGradient)
    return new ModelError({
      problem: `${where} applies the tfjs operation "${withoutGradient}" to something that depends on parameters`,
      reason: 'tfjs defines no gradient for it, and sampling needs one',
      remedy: 'Write it with other tfjs operations, or with those that poolite exports.',
      ...source,
    })
  const failure = new ModelError({
    problem: `${where} fails`,
    reason: message.replace(/\.$/, ''),
    remedy: hint ?? 'Correct that part of the model; the message is that of TensorFlow.js or JavaScript.',
    ...source,
  })
  failure.cause = error
  return failure
}

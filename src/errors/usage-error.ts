import { PooliteError } from './poolite-error.js'

/** A command or a function was called in a way that cannot work: unknown option, model or method, an invalid pair, an output folder that exists. */
export class UsageError extends PooliteError {
  override readonly code = 'usage'
  override readonly exitStatus = 2
}

import { PooliteError } from './poolite-error.js'

/** A fit could not be carried out although its input was valid. */
export class RunError extends PooliteError {
  override readonly code = 'run'
  override readonly exitStatus = 1
}

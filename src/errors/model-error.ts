import { PooliteError } from './poolite-error.js'

/** A model cannot be traced or is not a proper density: names the parameter or the operation. */
export class ModelError extends PooliteError {
  override readonly code = 'model'
  override readonly exitStatus = 1
}

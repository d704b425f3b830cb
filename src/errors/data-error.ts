import { PooliteError } from './poolite-error.js'

/** The data cannot be analysed as they are; file, row and column say where. */
export class DataError extends PooliteError {
  override readonly code = 'data'
  override readonly exitStatus = 3
}

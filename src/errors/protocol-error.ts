import { PooliteError } from './poolite-error.js'

/** The protocol is missing, malformed or contradicts itself or the data. */
export class ProtocolError extends PooliteError {
  override readonly code = 'protocol'
  override readonly exitStatus = 3
}

import { PooliteError } from './poolite-error.js'

/** A check of the posterior draws failed and the run was asked to be strict. */
export class DiagnosticsError extends PooliteError {
  override readonly code = 'diagnostics'
  override readonly exitStatus = 4
}

import type { Tensor } from '@tensorflow/tfjs'

/**
 * A bijection from R^k onto the support of a parameter. One a file in `transforms/`.
 * `constrain(unconstrain(y))` is `y`; `logJacobian` is the log absolute determinant of the derivative of `constrain`.
 */
export interface Transform {
  readonly name: string
  /** Shape of the unconstrained parameter, such as `[k - 1]` for a simplex of k. */
  readonly unconstrainedShape: readonly number[]
  /** Shape of the parameter itself. */
  readonly constrainedShape: readonly number[]
  /** In tfjs operations, so that it can be traced. */
  constrain(unconstrained: Tensor): Tensor
  /** Scalar tensor, or `undefined` when the Jacobian is one. */
  logJacobian(unconstrained: Tensor): Tensor | undefined
  /**
   * Plain numbers, row-major.
   * @throws UsageError when the value is outside the support.
   */
  unconstrain(constrained: Float64Array): Float64Array
}

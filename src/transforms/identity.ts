import type { Transform } from '../contract/transform.js'
import { outsideSupport } from './shared/outside-support.js'

/** The real line onto itself, for a parameter of any shape: y = x, Jacobian one. */
export function identity(shape: readonly number[]): Transform {
  return {
    name: 'identity',
    unconstrainedShape: shape,
    constrainedShape: shape,
    constrain: (x) => x,
    logJacobian: () => undefined,
    unconstrain: (y) => y.map((value) => (Number.isFinite(value) ? value : outsideSupport(`${value}`, 'finite'))),
  }
}

/** For documentation and contract tests. */
export const examples: readonly Transform[] = [identity([]), identity([3])]

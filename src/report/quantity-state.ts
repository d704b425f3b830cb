import { isConstant } from '../../diagnostics/convergence/is-constant.js'
import type { Scalar } from '../draws/scalars.js'
import { formatCount, formatSignificant } from './number-format.js'

/** Why nothing can be drawn of a quantity, in words; undefined when something can. */
export function undrawable({ chains }: Scalar): string | undefined {
  const count = chains.reduce((sum, chain) => sum + chain.length, 0)
  const broken = nonFiniteCount({ chains })
  if (count === 0) return 'no draws'
  if (broken > 0) return `${formatCount(broken)} of ${formatCount(count)} draws are not finite`
  if (count === 1) return 'a single draw'
  return isConstant(chains) ? `constant: ${formatSignificant(chains[0][0], 6)} in every draw` : undefined
}

export function nonFiniteCount({ chains }: Pick<Scalar, 'chains'>): number {
  return chains.reduce((sum, chain) => sum + chain.reduce((inner, value) => inner + (Number.isFinite(value) ? 0 : 1), 0), 0)
}

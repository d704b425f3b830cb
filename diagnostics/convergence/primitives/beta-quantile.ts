import { incompleteBeta } from '../../../src/numeric/incomplete-beta.js'
import { logGamma } from '../../../src/numeric/log-gamma.js'

/**
 * Quantile of the beta distribution with shapes a, b >= 1: Newton's method on the regularised incomplete beta function, falling back to
 * bisection where a step leaves the bracket. NaN for shapes that are not finite.
 */
export function betaQuantile(probability: number, a: number, b: number): number {
  if (!Number.isFinite(a + b)) return Number.NaN
  const logNormaliser = logGamma(a + b) - logGamma(a) - logGamma(b)
  let lower = 0
  let upper = 1
  let x = a / (a + b)
  for (let step = 0; step < 100; step++) {
    const excess = incompleteBeta(x, a, b) - probability
    if (excess > 0) upper = x
    else lower = x
    const density = Math.exp((a - 1) * Math.log(x) + (b - 1) * Math.log1p(-x) + logNormaliser)
    const newton = x - excess / density
    const next = newton > lower && newton < upper ? newton : (lower + upper) / 2
    if (Math.abs(next - x) <= 4 * Number.EPSILON * x) return next
    x = next
  }
  return x
}

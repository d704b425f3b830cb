/** Sums and differences of numbers that are known by their logarithms, without overflow, underflow or cancellation. */

/** log(exp(a) + exp(b)). */
export function logAddExp(a: number, b: number): number {
  return a === b ? a + Math.LN2 : Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)))
}

/**
 * log(1 - exp(x)) for x <= 0, by whichever of two formulas does not cancel (Maechler 2012, "Accurately computing log(1 - exp(-|a|))", vignette
 * of the R package Rmpfr). NaN for x > 0.
 */
export function logOneMinusExp(x: number): number {
  return x > -Math.LN2 ? Math.log(-Math.expm1(x)) : Math.log1p(-Math.exp(x))
}

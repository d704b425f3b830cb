/**
 * Prognosis and treatment effect of the design of Mainetti et al. 2026, x = (x1, ..., x8):
 *
 *     prognosis 2 + beta'x          effect 2 + gamma'x + kappa q(x)          kappa = 1 in the complex scenarios, else 0
 *     q(x) = 1.5 log(1 + |x1|) + 1.5 x2 sqrt(x3^2 + 1) - 1.4 (|x5| + 2) - 1.8 |x3 x5|^(2/3)
 *
 * The coefficients are those that the authors' public scripts draw once with a fixed seed.
 */
import type { MainettiFactors } from './scenarios.js'

export const COVARIATE_COUNT = 8
const INTERCEPT = 2
const AVERAGE_EFFECT = 2
const PROGNOSTIC = [1.66, 1.75, -0.86, 1.32, 0.57, 0.08, 0.95, -1.46]
const MODIFICATION = {
  none: [0, 0, 0, 0, 0, 0, 0, 0],
  small: [0.47, 0.62, -0.13, 0.66, 1.3, -0.73, -0.11, 1.32],
  large: [2.87, -2.3, -0.15, 0.36, 2.42, -2.17, 2.93, 2.68],
}

/** Coefficients gamma of the linear part of effect modification. */
export const modificationCoefficients = (modification: MainettiFactors['modification']): readonly number[] =>
  MODIFICATION[modification]

/** Mean outcome of an untreated patient in the average trial. @param x `[covariate]` */
export function prognosis(x: ArrayLike<number>): number {
  return INTERCEPT + dot(PROGNOSTIC, x)
}

/** Effect of treatment in the average setting. @param x `[covariate]` */
export function meanEffect(x: ArrayLike<number>, { modification, interactions }: MainettiFactors): number {
  const linear = AVERAGE_EFFECT + dot(MODIFICATION[modification], x)
  return interactions === 'linear' ? linear : linear + nonLinearModification(x)
}

/** q(x) */
export function nonLinearModification(x: ArrayLike<number>): number {
  const [x1, x2, x3, , x5] = Array.from(x)
  const concave = 1.5 * Math.log(1 + Math.abs(x1)) + 1.5 * x2 * Math.sqrt(x3 * x3 + 1)
  return concave - 1.4 * (Math.abs(x5) + 2) - 1.8 * Math.cbrt(x3 * x5) ** 2
}

function dot(coefficients: readonly number[], x: ArrayLike<number>): number {
  return coefficients.reduce((sum, coefficient, index) => sum + coefficient * x[index], 0)
}

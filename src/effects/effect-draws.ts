import { UsageError } from '../errors/usage-error.js'

/**
 * Draws of one person's treatment effect: effect = contrast' coefficients, for every draw.
 *
 * @param coefficients `[draw, coefficient]` over all chains, analysis scale.
 * @param contrast `[coefficient]`: 1 for the treatment, then the person's scaled modifiers.
 * @returns `[draw]`, analysis scale.
 * @throws UsageError when the two do not fit together.
 */
export function effectDraws(coefficients: Float64Array, contrast: Float64Array): Float64Array {
  const coefficientCount = contrast.length
  if (coefficientCount === 0 || coefficients.length % coefficientCount !== 0)
    throw new UsageError({
      problem: `a contrast of ${coefficientCount} elements does not fit ${coefficients.length} coefficient draws`,
      reason: 'every draw must hold one value for each element of the contrast',
      remedy: 'Give one element for the treatment and one for each modifier, in the order of the coefficient names.',
    })
  const effects = new Float64Array(coefficients.length / coefficientCount)
  let position = 0
  for (let draw = 0; draw < effects.length; draw++) {
    let effect = 0
    for (let coefficient = 0; coefficient < coefficientCount; coefficient++)
      effect += coefficients[position++] * contrast[coefficient]
    effects[draw] = effect
  }
  return effects
}

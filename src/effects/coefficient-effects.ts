import type { EffectPredictor } from '../contract/first-stage-model.js'
import type { Draws } from '../draws/draws.js'
import { variable } from '../draws/variable.js'

/**
 * Effects that are linear in the modifiers: delta + gamma' z for every draw.
 * @param names of the variables with the coefficients: that of treatment, then those of the modifiers, if there are any
 */
export function coefficientEffects(draws: Draws, [treatment, interactions]: readonly string[]): EffectPredictor {
  const { chainCount, drawCount } = draws
  const delta = variable(draws, treatment).values
  const gamma = interactions === undefined ? new Float64Array(0) : variable(draws, interactions).values
  const width = gamma.length / delta.length
  return {
    chainCount,
    drawCount,
    predict(people, count) {
      const out = new Float64Array(delta.length * count)
      for (let draw = 0; draw < delta.length; draw++)
        for (let person = 0; person < count; person++) {
          let effect = delta[draw]
          for (let k = 0; k < width; k++) effect += gamma[draw * width + k] * people[person * width + k]
          out[draw * count + person] = effect
        }
      return out
    },
  }
}

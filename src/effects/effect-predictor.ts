import type { Target } from '../contract/analysis.js'
import type { Draws } from '../draws/draws.js'
import { coefficientDraws, coefficientNames } from './coefficient-draws.js'

/**
 * Effects of people from pooled coefficients in one setting, c' theta with c = (1, modifiers).
 * @param limit of draws: evenly spaced ones when there are more
 * @returns a function of scaled modifiers `[person, modifier]` and the number of people, to `[draw, person]`, analysis scale
 * @throws UsageError for a study that was not pooled.
 */
export function effectPredictor(
  pooled: Draws,
  target: Target,
  study?: string,
  limit = Number.POSITIVE_INFINITY,
): (people: Float64Array, count: number) => Float64Array {
  const coefficients = coefficientDraws(pooled, target, study)
  const size = coefficientNames(pooled).length
  const available = coefficients.length / size
  const drawCount = Math.min(available, limit)
  return (people, count) => {
    const out = new Float64Array(drawCount * count)
    for (let draw = 0; draw < drawCount; draw++) {
      const at = Math.floor((draw * available) / drawCount) * size
      for (let person = 0; person < count; person++) {
        let effect = coefficients[at]
        for (let k = 1; k < size; k++) effect += coefficients[at + k] * people[person * (size - 1) + k - 1]
        out[draw * count + person] = effect
      }
    }
    return out
  }
}

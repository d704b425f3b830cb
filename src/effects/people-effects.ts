import type { EffectSummary, Person, PersonEffect } from '../contract/analysis.js'
import type { Protocol } from '../data/protocol.js'
import { covariateRangeFlags } from '../data/range-flags.js'
import type { Draws } from '../draws/draws.js'
import { coefficientDraws } from './coefficient-draws.js'
import type { EffectTarget } from './person-effects.js'
import { summariseEffect } from './summarise-effect.js'

/**
 * Effects of people from draws that were pooled over those same people.
 * @param pooled `mu[person]` and so on, see `EffectPoolingMethod`; the people in the same order
 * @param flagsOf what else is to be said of the person of that place
 */
export function peopleEffects(
  protocol: Protocol,
  pooled: Draws,
  people: readonly Person[],
  targets: (person: Person) => readonly EffectTarget[],
  flagsOf: (index: number) => readonly string[] = () => [],
): PersonEffect[] {
  const { better, scale } = protocol.outcome
  const { smallestImportantEffect } = protocol
  const { chainCount, drawCount } = pooled
  const known = new Map<string, Float64Array>()
  const matrix = ({ target, study }: EffectTarget) => {
    const key = JSON.stringify([target, study])
    const found = known.get(key) ?? coefficientDraws(pooled, target, study)
    known.set(key, found)
    return found
  }
  return people.map((person, index) => ({
    person,
    flags: [...covariateRangeFlags(person, protocol), ...flagsOf(index)],
    effects: targets(person).map((target): EffectSummary => {
      const values = matrix(target)
      const draws = Float64Array.from(
        { length: chainCount * drawCount },
        (_, draw) => scale * values[draw * people.length + index],
      )
      return summariseEffect(draws, { ...target, chainCount, better, smallestImportantEffect })
    }),
  }))
}

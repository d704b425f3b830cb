import type { EffectSummary, Person, PersonEffect, Target } from '../contract/analysis.js'
import type { DesignColumn } from '../contract/trial.js'
import type { Draws } from '../draws/draws.js'
import { UsageError } from '../errors/usage-error.js'
import { treatmentCoefficientNames } from '../numeric/trial-regression.js'
import { coefficientDraws, coefficientNames } from './coefficient-draws.js'
import { effectDraws } from './effect-draws.js'
import { summariseEffect } from './summarise-effect.js'

export interface EffectTarget {
  readonly target: Target
  /** For `existing-trial`. */
  readonly study?: string
}

export interface EffectContext {
  readonly columns: readonly DesignColumn[]
  /** Outcome units per unit of the analysis scale. */
  readonly outcomeScale: number
  readonly better: 'higher' | 'lower'
  /** In units of the outcome. */
  readonly smallestImportantEffect: number
  readonly flags: (person: Person) => readonly string[]
  /** `[coefficient]`: 1, then the person's scaled modifiers. */
  readonly contrast: (person: Person) => Float64Array
  readonly targets: (person: Person) => readonly EffectTarget[]
}

/**
 * Posterior of the treatment effect of each person for each target asked for, in units of the outcome.
 *
 * @throws UsageError when the pooled coefficients are not those of the modifiers in `context.columns`, or a study was not pooled.
 */
export function personEffects(pooled: Draws, people: readonly Person[], context: EffectContext): PersonEffect[] {
  if (people.length === 0) return []
  requireSameCoefficients(coefficientNames(pooled), context.columns)
  const coefficientsOf = cachedCoefficients(pooled)
  return people.map((person) => {
    const contrast = context.contrast(person).map((element) => element * context.outcomeScale)
    const effects = context.targets(person).map(
      (target): EffectSummary =>
        summariseEffect(effectDraws(coefficientsOf(target), contrast), {
          ...target,
          chainCount: pooled.chainCount,
          better: context.better,
          smallestImportantEffect: context.smallestImportantEffect,
        }),
    )
    return { person, effects, flags: context.flags(person) }
  })
}

function cachedCoefficients(pooled: Draws): (target: EffectTarget) => Float64Array {
  const cache = new Map<string, Float64Array>()
  return ({ target, study }) => {
    const key = `${target} ${study ?? ''}`
    const known = cache.get(key)
    if (known) return known
    const coefficients = coefficientDraws(pooled, target, study)
    cache.set(key, coefficients)
    return coefficients
  }
}

function requireSameCoefficients(names: readonly string[], columns: readonly DesignColumn[]): void {
  const expected = treatmentCoefficientNames({ columns })
  if (names.length === expected.length && names.every((name, index) => name === expected[index])) return
  throw new UsageError({
    problem: `the pooled draws hold the coefficients ${names.join(', ')} and the protocol's modifiers give ${expected.join(', ')}`,
    reason: 'an effect is the sum over the same coefficients in the same order',
    remedy: 'Use the draws and the design columns of one and the same analysis.',
  })
}

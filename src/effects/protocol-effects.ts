import type { Person, PersonEffect } from '../contract/analysis.js'
import { designColumns } from '../data/design-columns.js'
import type { Protocol } from '../data/protocol.js'
import { covariateRangeFlags } from '../data/range-flags.js'
import type { Draws } from '../draws/draws.js'
import { personContrast } from './person-contrast.js'
import { type EffectTarget, personEffects } from './person-effects.js'

/**
 * Effects of people as the protocol defines them: its scaling, direction of benefit, smallest important effect and covariate ranges.
 * @param pooled draws with the variables that `PoolingMethod` names
 * @throws UsageError when the draws are not of this protocol's modifiers or lack a study asked for.
 */
export function protocolEffects(
  protocol: Protocol,
  pooled: Draws,
  people: readonly Person[],
  targets: (person: Person) => readonly EffectTarget[],
): PersonEffect[] {
  const columns = designColumns(protocol)
  return personEffects(pooled, people, {
    columns,
    outcomeScale: protocol.outcome.scale,
    better: protocol.outcome.better,
    smallestImportantEffect: protocol.smallestImportantEffect,
    flags: (person) => covariateRangeFlags(person, protocol),
    contrast: (person) => personContrast(person.covariates, columns, protocol.covariates),
    targets,
  })
}

/** The average setting, a new setting and, for a patient of a pooled trial, that trial. */
export function allTargets({ study }: Person): EffectTarget[] {
  return [
    { target: 'average' },
    { target: 'new-setting' },
    ...(study === undefined ? [] : [{ target: 'existing-trial' as const, study }]),
  ]
}

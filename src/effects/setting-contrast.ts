import type { Person } from '../contract/analysis.js'
import type { DesignColumn } from '../contract/trial.js'
import type { Covariate } from '../data/protocol.js'
import type { Draws } from '../draws/draws.js'
import { variable } from '../draws/variable.js'
import { UsageError } from '../errors/usage-error.js'
import { personContrast } from './person-contrast.js'

/** Whether the second stage pooled effects of people instead of coefficients. */
export function isPooledOverPeople(pooled: Draws): boolean {
  return variable(pooled, 'mu').dimensions[0].name === 'person'
}

/**
 * The contrast that gives a person's effect from pooled draws: that of the modifiers, or the person's own place among the people pooled.
 * @throws UsageError for a person whose effect was not pooled.
 */
export function settingContrast(
  pooled: Draws,
  { id, covariates }: Pick<Person, 'id' | 'covariates'>,
  columns: readonly DesignColumn[],
  declarations: readonly Covariate[],
): Float64Array {
  if (!isPooledOverPeople(pooled)) return personContrast(covariates, columns, declarations)
  const { labels } = variable(pooled, 'mu').dimensions[0]
  const place = labels.indexOf(id)
  if (place >= 0) return Float64Array.from(labels, (_, index) => (index === place ? 1 : 0))
  throw new UsageError({
    problem: `the effect of "${id}" was not pooled`,
    reason: 'this second stage pools effects person by person, from the models of all trials',
    remedy: `Add the person to the protocol's profiles and run the analysis again. Pooled: ${labels.join(', ')}.`,
  })
}

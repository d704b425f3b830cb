import { didYouMean } from '../data/nearest-name.js'
import { UsageError } from '../errors/usage-error.js'
import { mainettiFamily } from './mainetti/family.js'
import {
  aberrationFamily,
  errorFamily,
  modifierHeterogeneityFamily,
  noiseFamily,
  noModificationFamily,
  trialCountFamily,
} from './mainetti/variations.js'
import { caseMixFamily, missingCovariateFamily } from './neighbours/case-mix.js'
import { sparseModificationFamily } from './neighbours/sparse-modification.js'
import type { ScenarioFamily } from './scenario-family.js'

/** A family whose factors nobody needs to know. */
export type AnyFamily = ScenarioFamily<unknown>

/** The scenarios of METHOD 4.1 and of its families B to J, in that order. */
export const scenarioFamilies: readonly AnyFamily[] = [
  mainettiFamily,
  sparseModificationFamily,
  caseMixFamily,
  missingCovariateFamily,
  trialCountFamily,
  modifierHeterogeneityFamily,
  noiseFamily,
  errorFamily,
  noModificationFamily,
  aberrationFamily,
] as readonly unknown[] as readonly AnyFamily[]

/** @throws UsageError listing the known families. */
export function scenarioFamily(name: string): AnyFamily {
  const found = scenarioFamilies.find((family) => family.name === name)
  if (found) return found
  const known = scenarioFamilies.map((family) => family.name)
  throw new UsageError({
    problem: `there is no design "${name}"`,
    remedy: `${didYouMean(name, known)} Known: ${known.join(', ')}.`.trim(),
  })
}

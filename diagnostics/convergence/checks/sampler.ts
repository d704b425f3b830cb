import { type Draws, elementCount } from '../../../src/draws/draws.js'
import type { Check } from '../check.js'

/** One scalar of the sampler by chain, `[chain][draw]`; undefined when the sampler did not record it. */
export function samplerScalar(sampler: Draws, name: string): Float64Array[] | undefined {
  const found = sampler.variables.find((variable) => variable.name === name)
  if (!found || elementCount(found) !== 1) return undefined
  return Array.from({ length: sampler.chainCount }, (_, chain) =>
    found.values.subarray(chain * sampler.drawCount, (chain + 1) * sampler.drawCount),
  )
}

/** A check that the record of the sampler does not allow. */
export function notAssessed(name: string, title: string, reason: string): Check {
  return {
    name,
    title,
    status: 'not-assessed',
    failureCount: 0,
    failures: [],
    leftOut: [],
    message: `${title}: not assessed, ${reason}.`,
  }
}

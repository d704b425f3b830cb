import type { CoefficientPrior } from '../src/contract/coefficient-prior.js'
import { ProtocolError } from '../src/errors/protocol-error.js'
import { coefficientPrior as elasticNet } from './priors/elastic-net.js'
import { coefficientPrior as flat } from './priors/flat.js'
import { coefficientPrior as laplace } from './priors/laplace.js'
import { coefficientPrior as normal } from './priors/normal.js'
import { coefficientPrior as r2d2 } from './priors/r2d2.js'
import { coefficientPrior as regularisedHorseshoe } from './priors/regularised-horseshoe.js'
import { coefficientPrior as spikeAndSlab } from './priors/spike-and-slab.js'

const all = [flat, normal, laplace, elasticNet, regularisedHorseshoe, r2d2, spikeAndSlab] as readonly CoefficientPrior[]

export const coefficientPriors: ReadonlyMap<string, CoefficientPrior> = new Map(all.map((prior) => [prior.name, prior]))

/** As a protocol writes it: `laplace`, or `{ name: laplace, scale: 2 }`. */
export type PriorChoice = string | { readonly name: string; readonly [option: string]: unknown }

/**
 * A prior with its options completed.
 * @throws ProtocolError when there is no such prior or it has no such option.
 */
export function chosenPrior(choice: PriorChoice): { readonly prior: CoefficientPrior; readonly options: object } {
  const given = typeof choice === 'string' ? { name: choice } : choice
  const prior = coefficientPriors.get(given.name)
  if (!prior)
    throw new ProtocolError({
      problem: `there is no prior "${given.name}"`,
      remedy: `Known: ${[...coefficientPriors.keys()].join(', ')}.`,
    })
  return { prior, options: prior.parseOptions(given) as object }
}

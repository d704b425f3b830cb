/** Posterior summaries as compare.mjs reads them, with 1-based indices in the names: `beta[2]`, `Omega[1,3]`. */

import { deviation, mean } from 'd3-array'
import { essBulk } from '../../diagnostics/convergence/ess-bulk.js'
import { essTail } from '../../diagnostics/convergence/ess-tail.js'
import { mcseMean } from '../../diagnostics/convergence/mcse-mean.js'
import { mcseSd } from '../../diagnostics/convergence/mcse-sd.js'
import { quantile } from '../../diagnostics/convergence/quantile.js'
import type { Dimension, Draws } from '../../src/draws/draws.js'
import { scalars } from '../../src/draws/scalars.js'

export interface ParameterSummary {
  readonly mean: number
  readonly sd: number
  readonly mcse_mean: number
  readonly mcse_sd: number
  readonly q5: number
  readonly q50: number
  readonly q95: number
  readonly ess_bulk: number
  readonly ess_tail: number
}

/** Summaries of all scalars of these variables that `keep` accepts, by indexed name. */
export function parameterSummaries(
  draws: Draws,
  variables: readonly string[],
  keep: (name: string) => boolean = () => true,
): Record<string, ParameterSummary> {
  const summaries = variables.flatMap((variableName) => {
    const variable = draws.variables.find(({ name }) => name === variableName)
    if (!variable) return []
    const indexed = indexedNames(variable.name, variable.dimensions)
    return scalars({ ...draws, variables: [variable] }).flatMap(({ chains }, element) =>
      keep(indexed[element]) ? [[indexed[element], summarise(chains)] as const] : [],
    )
  })
  return Object.fromEntries(summaries)
}

/** Least bulk effective sample size among them, constants aside; `undefined` when there is none. */
export function leastEssBulk(summaries: Record<string, ParameterSummary>): number | undefined {
  const sizes = Object.values(summaries).flatMap(({ ess_bulk }) => (Number.isFinite(ess_bulk) ? [ess_bulk] : []))
  return sizes.length === 0 ? undefined : Math.min(...sizes)
}

/** `theta[1,1]`, `theta[1,2]`, ... in storage order; the bare name for a scalar. */
export function indexedNames(name: string, dimensions: readonly Dimension[]): string[] {
  if (dimensions.length === 0) return [name]
  const tuples = dimensions.reduce<number[][]>(
    (prefixes, { labels }) => prefixes.flatMap((prefix) => labels.map((_, index) => [...prefix, index + 1])),
    [[]],
  )
  return tuples.map((tuple) => `${name}[${tuple.join(',')}]`)
}

function summarise(chains: readonly Float64Array[]): ParameterSummary {
  const pooled = chains.flatMap((chain) => [...chain])
  return {
    mean: mean(pooled)!,
    sd: deviation(pooled)!,
    mcse_mean: mcseMean(chains),
    mcse_sd: mcseSd(chains),
    q5: quantile(chains, 0.05),
    q50: quantile(chains, 0.5),
    q95: quantile(chains, 0.95),
    ess_bulk: essBulk(chains),
    ess_tail: essTail(chains),
  }
}

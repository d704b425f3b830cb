import { essBasic } from '../../diagnostics/convergence/ess-basic.js'
import { essBulk } from '../../diagnostics/convergence/ess-bulk.js'
import { essMean } from '../../diagnostics/convergence/ess-mean.js'
import { essMedian } from '../../diagnostics/convergence/ess-median.js'
import { essQuantile } from '../../diagnostics/convergence/ess-quantile.js'
import { essSd } from '../../diagnostics/convergence/ess-sd.js'
import { essTail } from '../../diagnostics/convergence/ess-tail.js'
import { mcseMean } from '../../diagnostics/convergence/mcse-mean.js'
import { mcseMedian } from '../../diagnostics/convergence/mcse-median.js'
import { mcseQuantile } from '../../diagnostics/convergence/mcse-quantile.js'
import { mcseSd } from '../../diagnostics/convergence/mcse-sd.js'
import { paretoK } from '../../diagnostics/convergence/pareto-k.js'
import { quantile } from '../../diagnostics/convergence/quantile.js'
import { rhat } from '../../diagnostics/convergence/rhat.js'
import { rhatBasic } from '../../diagnostics/convergence/rhat-basic.js'
import { rhatNested } from '../../diagnostics/convergence/rhat-nested.js'

/** Undefined is null, as the references write NA. */
export type ConvergenceValues = Readonly<Record<string, number | null | readonly number[]>>

/** Every convergence diagnostic of `[chain][draw]` under the names of the acceptance references. */
export function convergenceValues(chains: readonly Float64Array[]): ConvergenceValues {
  const scalars = {
    rhat: rhat(chains),
    rhat_basic: rhatBasic(chains),
    rhat_nested_2superchains: nested(chains),
    ess_bulk: essBulk(chains),
    ess_tail: essTail(chains),
    ess_mean: essMean(chains),
    ess_sd: essSd(chains),
    ess_basic: essBasic(chains),
    ess_median: essMedian(chains),
    ess_quantile_05: essQuantile(chains, 0.05),
    ess_quantile_95: essQuantile(chains, 0.95),
    mcse_mean: mcseMean(chains),
    mcse_sd: mcseSd(chains),
    mcse_median: mcseMedian(chains),
    mcse_quantile_05: mcseQuantile(chains, 0.05),
    mcse_quantile_95: mcseQuantile(chains, 0.95),
    pareto_khat_both: paretoK(chains, 'both'),
    pareto_khat_right: paretoK(chains, 'right'),
    pareto_khat_left: paretoK(chains, 'left'),
  }
  const quantiles = [0.025, 0.05, 0.25, 0.5, 0.75, 0.95, 0.975].map((probability) => quantile(chains, probability))
  return {
    ...Object.fromEntries(Object.entries(scalars).map(([name, value]) => [name, Number.isNaN(value) ? null : value])),
    quantile_type7: quantiles.some(Number.isNaN) ? null : quantiles,
  }
}

/** Two superchains of neighbouring chains; not defined for an odd number of chains. */
function nested(chains: readonly Float64Array[]): number {
  return rhatNested(
    chains,
    chains.map((_, chain) => Math.floor((2 * chain) / chains.length)),
  )
}

import { diagnose } from '../../diagnostics/convergence/diagnose.js'
import type { Fit } from '../contract/analysis.js'
import type { Draws } from '../draws/draws.js'
import { printedFit } from '../printed.js'

interface IndependentDraws extends Pick<Fit, 'modelName' | 'algorithm' | 'draws'> {
  /** When the work began, as `performance.now()` told it. */
  readonly start: number
}

/** Independent draws as a fit: without a sampler, warmup or gradients. */
export function independentFit({ start, ...made }: IndependentDraws): Fit {
  const { chainCount, drawCount } = made.draws
  const sampler: Draws = { chainCount, drawCount, variables: [] }
  return printedFit({
    ...made,
    sampler,
    diagnosis: diagnose(made.draws, sampler, { areIndependent: true }),
    engine: { engine: 'javascript', precision: 'float64' },
    settings: { chains: chainCount, warmup: 0, draws: drawCount, targetAcceptance: 0, maximumTreeDepth: 0 },
    gradientCount: 0,
    seconds: (performance.now() - start) / 1000,
  })
}

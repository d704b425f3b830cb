import type { Check } from '../../diagnostics/convergence/check.js'
import { type Diagnosis, diagnose } from '../../diagnostics/convergence/diagnose.js'
import type { Fit, Warning } from '../contract/analysis.js'
import type { DirectPoolingMethod } from '../contract/pooling-method.js'
import type { TrialEstimate } from '../contract/trial.js'
import type { Protocol } from '../data/protocol.js'
import type { Draws } from '../draws/draws.js'
import { chainLengths } from '../fitting/chain-lengths.js'
import { chainStream } from '../fitting/chain-task.js'

export interface DirectFit {
  readonly fit: Fit
  readonly findings: string
  readonly warnings: readonly Warning[]
}

/** Pools coefficients without a sampler, as a fit: independent draws of a confidence distribution. */
export function poolEstimates(
  { inference }: Protocol,
  method: DirectPoolingMethod,
  options: unknown,
  estimates: readonly TrialEstimate[],
): DirectFit {
  const start = performance.now()
  const { chains: chainCount, seed } = inference
  const { draws: drawCount } = chainLengths(inference)
  const { draws, findings, warnings, isConverged } = method.pool(estimates, options, {
    chainCount,
    drawCount,
    streamFor: (chain) => chainStream({ seed, purpose: 'second-stage', study: '' }, 'pooling', chain),
  })
  const sampler: Draws = { chainCount, drawCount, variables: [] }
  const fit: Fit = {
    modelName: method.name,
    isConfidence: true,
    draws,
    sampler,
    diagnosis: withConvergence(diagnose(draws, sampler, { areIndependent: true }), isConverged),
    engine: { engine: 'javascript', precision: 'float64' },
    settings: { chains: chainCount, warmup: 0, draws: drawCount, targetAcceptance: 0, maximumTreeDepth: 0 },
    gradientCount: 0,
    seconds: (performance.now() - start) / 1000,
  }
  return { fit, findings, warnings }
}

/** The draws are independent, and as good as the estimates that they are drawn around. */
function withConvergence({ status, checks, summary }: Diagnosis, isConverged: boolean): Diagnosis {
  const check: Check = {
    name: 'optimisation',
    title: 'Convergence of the estimator',
    status: isConverged ? 'passed' : 'failed',
    failureCount: isConverged ? 0 : 1,
    failures: [],
    leftOut: [],
    message: isConverged
      ? 'The estimator converged.'
      : 'The estimator of the between-trial covariance did not converge: do not rely on the pooled results. Choose a simpler structure, or the estimator moments.',
  }
  return { status: isConverged ? status : 'failed', checks: [check, ...checks], summary }
}

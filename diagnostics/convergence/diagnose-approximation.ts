import type { ApproximationRecord } from '../../src/contract/analysis.js'
import type { Draws } from '../../src/draws/draws.js'
import type { Check, Finding } from './check.js'
import { cutOffs, paretoKCutOff } from './cut-offs.js'
import { type Diagnosis, diagnose } from './diagnose.js'
import { summariseResampled } from './summarise-resampled.js'

/** Checks of `diagnose` that mean something for independent draws. */
const applicable = new Set(['finite', 'variation'])

/**
 * Checks independent draws from an approximation, such as a variational one: whether importance weights could make it a posterior at all (Pareto k-hat:
 * Yao, Vehtari, Simpson and Gelman 2018, arXiv 1802.02538), how many draws are left after weighting, and whether the algorithm ended as it should.
 * R-hat, divergences and energy say nothing about such draws and are left out; effective sample sizes count draws that were taken several times as one.
 * @param proposals which draw of the approximation each draw is, `[draw]`
 */
export function diagnoseApproximation(draws: Draws, proposals: Float64Array, evidence: ApproximationRecord): Diagnosis {
  const { checks } = diagnose(draws, { chainCount: draws.chainCount, drawCount: draws.drawCount, variables: [] })
  const outcomes = [
    checkParetoK(evidence),
    checkImportanceSampleSize(evidence),
    checkAlgorithm(evidence),
    ...checks.filter(({ name }) => applicable.has(name)),
  ]
  const status = outcomes.some(({ status }) => status === 'failed') ? 'failed' : 'passed'
  return { status, checks: outcomes, summary: summariseResampled(draws, proposals, evidence.effectiveSampleSize) }
}

function checkParetoK({ paretoK, proposalCount }: ApproximationRecord): Check {
  const cutOff = paretoKCutOff(proposalCount)
  const value = Number.isNaN(paretoK) ? 'not defined' : paretoK.toFixed(2)
  return judged({
    name: 'pareto-k',
    title: 'Pareto k-hat of the approximation',
    passes: paretoK < cutOff,
    worst: { name: 'importance ratios', value: paretoK },
    cutOff,
    passing: `Pareto k-hat of the approximation is ${value}, below ${cutOff.toFixed(2)}.`,
    failing:
      `Pareto k-hat of the approximation is ${value}, not below ${cutOff.toFixed(2)}: it is too far from the posterior for importance weights to ` +
      'repair, and its means and intervals must not be relied on. Use NUTS; or try full-rank in place of mean-field, or a non-centred form.',
  })
}

function checkImportanceSampleSize({ effectiveSampleSize }: ApproximationRecord): Check {
  const cutOff = cutOffs.effectiveSampleSize
  const value = effectiveSampleSize.toFixed(0)
  return judged({
    name: 'ess-importance',
    title: 'Importance sampling effective sample size',
    passes: effectiveSampleSize > cutOff,
    worst: { name: 'importance weights', value: effectiveSampleSize },
    cutOff,
    passing: `The importance weights leave an effective sample size of ${value}.`,
    failing:
      `The importance weights leave an effective sample size of ${value}, not above ${cutOff}: means and intervals carry more Monte Carlo error than can be ` +
      'relied on. Take more draws, or use NUTS.',
  })
}

function checkAlgorithm({ doubts }: ApproximationRecord): Check {
  return judged({
    name: 'optimisation',
    title: 'End of the algorithm',
    passes: doubts.length === 0,
    passing: 'The algorithm ended as it should.',
    failing: `${doubts.join(' ')} Use NUTS, or another algorithm or seed.`,
  })
}

interface Judgement {
  readonly name: string
  readonly title: string
  readonly passes: boolean
  readonly worst?: Finding
  readonly cutOff?: number
  readonly passing: string
  readonly failing: string
}

function judged({ name, title, passes, worst, cutOff, passing, failing }: Judgement): Check {
  return {
    name,
    title,
    status: passes ? 'passed' : 'failed',
    ...(worst && { worst }),
    ...(cutOff !== undefined && { cutOff }),
    failureCount: passes ? 0 : 1,
    failures: passes || !worst ? [] : [worst],
    leftOut: [],
    message: passes ? passing : failing,
  }
}

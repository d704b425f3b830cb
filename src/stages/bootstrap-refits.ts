/**
 * Refits of a first-stage model to bootstrap samples of a trial's patients: the posterior mode under case weights that count how often each patient was
 * drawn. The model is compiled once, with case weights as an input of its program, and every refit starts at the mode for the patients as they are.
 */

import type { FirstStageModel } from '../contract/first-stage-model.js'
import type { Stream } from '../contract/stream.js'
import type { TrialDesign } from '../contract/trial.js'
import type { Draws } from '../draws/draws.js'
import { ProtocolError } from '../errors/protocol-error.js'
import { RunError } from '../errors/run-error.js'
import { chainStream } from '../fitting/chain-task.js'
import { ascend } from '../inference/approximation/ascent.js'
import { findInitialPosition } from '../inference/initial-position.js'
import { evaluate, type GradientState } from '../inference/state.js'
import type { ConditionedModel } from '../language/condition.js'
import { conditionOnBestEngine } from '../language/condition-on-best-engine.js'

export interface BootstrapSettings {
  readonly replicates: number
  readonly seed: number
}

/** The mode to a hundredth of a posterior standard deviation. */
const FIRST_FIT = { memory: 10, tolerance: 1e-8, maximumIterations: 5000 }
const REFIT = { memory: 10, tolerance: 1e-4, maximumIterations: 1000 }

/**
 * @returns the parameters of every refit in place of draws, in one chain
 * @throws ProtocolError for a model whose patients are not independent given its parameters, so that none can count twice; RunError when no mode is found.
 */
export async function bootstrapRefits(
  model: FirstStageModel,
  options: unknown,
  trial: TrialDesign,
  { replicates, seed }: BootstrapSettings,
): Promise<Draws> {
  requireCaseWeights(model)
  const { study, treatment } = trial
  const streams = { seed, purpose: 'bootstrap', study }
  const { model: probabilistic, data } = model.condition(trial, options)
  const conditioned = await conditionOnBestEngine(probabilistic, data, {
    caseWeights: new Float64Array(treatment.length).fill(1),
  })
  const { logDensity, propose, describe } = conditioned
  const begin = findInitialPosition(chainStream(streams, 'initial-position', 0), logDensity, propose, describe)
  const mode = climb(conditioned, begin, FIRST_FIT, study)
  const positions = new Float64Array(replicates * logDensity.dimension)
  const source = chainStream(streams, 'patients', 0)
  for (let replicate = 0; replicate < replicates; replicate++) {
    const refit = conditioned.withCaseWeights(resampledCounts(treatment, source))
    const { position } = climb(refit, evaluate(mode.position, refit.logDensity), REFIT, study)
    positions.set(position, replicate * logDensity.dimension)
  }
  return conditioned.draws(positions, 1, (chain) => chainStream(streams, 'generate', chain))
}

/** How often each patient is drawn when as many are drawn as there are, with replacement; again where an arm is left empty. `[patient]` */
function resampledCounts(treatment: Float64Array, source: Stream): Float64Array {
  const size = treatment.length
  for (;;) {
    const counts = new Float64Array(size)
    for (let drawn = 0; drawn < size; drawn++) counts[Math.floor(size * source.uniform())]++
    const treated = counts.reduce((sum, count, patient) => sum + count * treatment[patient], 0)
    if (treated > 0 && treated < size) return counts
  }
}

function climb(
  { logDensity, describe }: ConditionedModel,
  start: GradientState,
  options: typeof REFIT,
  study: string,
): { readonly position: Float64Array } {
  const steps = ascend(logDensity, start, options)
  let position = start.position.slice()
  for (;;) {
    const step = steps.next()
    if (!step.done) position = step.value.position.slice()
    else if (step.value === 'unbounded' || !position.every(Number.isFinite)) throw noMode(study, describe(position))
    else return { position }
  }
}

/** Before anything runs. @throws ProtocolError */
export function requireCaseWeights({ name, isJointLikelihood }: FirstStageModel): void {
  if (!isJointLikelihood) return
  throw new ProtocolError({
    problem: `the first stage "${name}" cannot be fitted again to bootstrap samples`,
    reason: 'its patients are not independent given its parameters, so that a patient cannot count twice or not at all',
    remedy: 'Use other weights: `secondStage: { weights: auxiliary }` or `posterior-variance`.',
  })
}

function noMode(study: string, where: string): RunError {
  return new RunError({
    problem: `a bootstrap refit of trial "${study}" has no mode: its log density rises without end`,
    reason: `as that of a scale near 0 does; the last point: ${where}`,
    remedy: 'Use other weights: `secondStage: { weights: auxiliary }` or `posterior-variance`.',
  })
}

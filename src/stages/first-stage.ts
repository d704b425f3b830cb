import { diagnose } from '../../diagnostics/convergence/diagnose.js'
import type { Fit, Person } from '../contract/analysis.js'
import type { FirstStageModel } from '../contract/first-stage-model.js'
import type { TrialDesign } from '../contract/trial.js'
import type { Protocol } from '../data/protocol.js'
import { approximateOrSample } from '../fitting/approximate-or-sample.js'
import { chainLengths } from '../fitting/chain-lengths.js'
import { exactFit } from '../fitting/exact-fit.js'
import type { Fits } from '../fitting/fits.js'
import { type FittingPlan, isApproximate } from '../fitting/fitting-plan.js'
import type { ConditionedModel } from '../language/condition.js'
import { conditionOnBestEngine } from '../language/condition-on-best-engine.js'
import { modifiersOf } from './pool-effects.js'
import { type FittedTrial, outcomeOf, type StageInput, type Suggestions, samplingSettings } from './stage-input.js'

/** Fits one trial: the same numbers whichever others there are. */
export async function firstStage(
  input: StageInput,
  fits: Fits,
  model: FirstStageModel,
  options: unknown,
  plan: FittingPlan,
  trial: TrialDesign,
  { profiles, ...place }: TrialPlace & { readonly profiles: readonly Person[] },
): Promise<FittedTrial> {
  const { protocol, onEvent } = input
  const { study } = trial
  const { trialIndex } = place
  onEvent?.({ event: 'trial-begin', study, trialIndex })
  const exact =
    protocol.inference.algorithm === undefined &&
    !isApproximate(plan) &&
    exactFit(model, trial, options, { ...protocol.inference, ...chainLengths(protocol.inference) })
  if (exact) {
    onEvent?.({ event: 'trial-end', study, trialIndex, ...outcomeOf(exact) })
    return { trial, fit: exact }
  }
  const { model: probabilistic, data } = model.condition(trial, options)
  const conditioned = await conditionOnBestEngine(probabilistic, data, { known: fits.known })
  const sample = () => sampleTrial(input, fits, conditioned, suggestions(model, options, trial), plan, { study, ...place })
  const { seed, start } = protocol.inference
  const fitted = isApproximate(plan)
    ? await approximateOrSample(
        conditioned,
        {
          ...plan,
          seed,
          purpose: 'first-stage',
          study,
          ...(start && { start }),
          ...(input.signal && { signal: input.signal }),
          onProgress: (progress) => onEvent?.({ event: 'approximation', study, trialIndex, ...progress }),
          onFallback: (failed) => onEvent?.({ event: 'fallback', study, trialIndex, ...failed }),
        },
        sample,
      )
    : await sample()
  const trialFit = fitted.algorithm ? fitted : judgedByIdentified(fitted, model, options, trial, protocol, profiles)
  onEvent?.({ event: 'trial-end', study, trialIndex, ...outcomeOf(trialFit) })
  return { trial, fit: trialFit }
}

interface TrialPlace {
  readonly trialIndex: number
  readonly trialCount: number
}

function sampleTrial(
  { protocol, onProgress, onEvent }: StageInput,
  fits: Fits,
  conditioned: ConditionedModel,
  suggested: Suggestions,
  { algorithm }: FittingPlan,
  { study, trialIndex, trialCount }: TrialPlace & { readonly study: string },
): Promise<Fit> {
  const { chains, algorithm: wanted, start = suggested.start } = protocol.inference
  const isStatic = algorithm === 'hmc' || (suggested.algorithm === 'hmc' && wanted !== 'nuts')
  return fits.run(conditioned, `trial-${trialIndex + 1}`, {
    ...samplingSettings(protocol, suggested),
    ...(isStatic && { algorithm: 'hmc' as const }),
    ...(start && { start }),
    ...(suggested.climb && { climb: true }),
    purpose: 'first-stage',
    study,
    onProgress: (progress) => onProgress?.({ ...progress, stage: 'first', study, trialIndex, trialCount, chainCount: chains }),
    fitsAhead: trialCount - trialIndex - 1,
    onCheckpoint: (event) => onEvent?.({ ...event, stage: 'first', study, trialIndex }),
  })
}

/** Convergence of a model whose parameters are not identified is that of what it says about people. */
function judgedByIdentified(
  fit: Fit,
  model: FirstStageModel,
  options: unknown,
  trial: TrialDesign,
  protocol: Protocol,
  profiles: readonly Person[],
): Fit {
  if (!model.identified) return fit
  const people = { names: profiles.map(({ id }) => id), modifiers: modifiersOf(profiles, trial.columns, protocol) }
  const draws = model.identified(fit.draws, trial, options, people)
  const { maximumTreeDepth } = protocol.inference
  return { ...fit, diagnosis: diagnose(draws, fit.sampler, { maximumTreeDepth }) }
}

const suggestions = (model: FirstStageModel, options: unknown, { outcome }: TrialDesign): Suggestions => ({
  ...model.sampling?.(options, outcome.length),
  targetAcceptance: model.targetAcceptance(options),
})

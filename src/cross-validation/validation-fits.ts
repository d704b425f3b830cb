import type { TrialDesign } from '../contract/trial.js'
import { profilePeople, referencePerson } from '../data/people.js'
import type { Fits } from '../fitting/fits.js'
import { firstStage } from '../stages/first-stage.js'
import { mapInOrder } from '../stages/map-in-order.js'
import type { FittedTrial } from '../stages/stage-input.js'
import { type Failed, hasFailed } from '../validation/judge.js'
import { type Fitted, failure, keysOf, type Work } from './validation-work.js'

/** Every trial by every first stage, once. What fails is kept as its reason. */
export async function fitAll({ input, designs, candidates }: Work, fits: Fits): Promise<Fitted> {
  const { protocol, signal, onValidation } = input
  const profiles = [referencePerson(protocol), ...profilePeople(protocol)]
  const { onValidation: _, ...stageInput } = input
  const fitted = new Map<string, readonly (FittedTrial | Failed)[]>()
  let done = 0
  for (const [place, { model, modelOptions, modelKey, plan, protocol: own }] of keysOf(candidates).entries()) {
    const named: Fits = {
      limit: fits.limit,
      known: fits.known,
      run: (conditioned, key, context) => fits.run(conditioned, `model-${place + 1}-${key}`, context),
    }
    const fitTrial = async (trial: TrialDesign, trialIndex: number): Promise<FittedTrial | Failed> => {
      signal?.throwIfAborted()
      const result = await firstStage({ ...stageInput, protocol: own }, named, model, modelOptions, plan, trial, {
        trialIndex,
        trialCount: designs.length,
        profiles,
      }).catch((error: unknown) => failure(error, signal))
      done++
      onValidation?.({ event: 'fitted', model: model.name, study: trial.study, done, ...(hasFailed(result) && result) })
      return result
    }
    fitted.set(modelKey, await mapInOrder(designs, fits.limit, fitTrial))
  }
  return fitted
}

import type { Person } from '../contract/analysis.js'
import type { TrialDesign } from '../contract/trial.js'
import type { Protocol } from '../data/protocol.js'
import { PooliteError } from '../errors/poolite-error.js'
import type { FittedTrial } from '../stages/stage-input.js'
import type { TwoStageInput } from '../two-stage.js'
import type { Fold } from '../validation/folds.js'
import type { HeldOutTrial } from '../validation/held-out-trial.js'
import type { Failed } from '../validation/judge.js'
import type { Candidate } from './validation-candidates.js'

export type ValidationEvent =
  | { readonly event: 'begin'; readonly fitCount: number; readonly poolingCount: number }
  /** One trial has been fitted by one first stage; `reason` when that failed. */
  | { readonly event: 'fitted'; readonly model: string; readonly study: string; readonly done: number; readonly reason?: string }
  /** The training trials of one fold have been pooled by one candidate. */
  | { readonly event: 'pooled'; readonly candidate: string; readonly done: number; readonly reason?: string }

export interface ValidateInput extends Omit<TwoStageInput, 'onEvent'> {
  readonly onValidation?: (event: ValidationEvent) => void
}

/** What the parts of a validation share. */
export interface Work {
  readonly input: ValidateInput
  readonly designs: readonly TrialDesign[]
  /** `[trial][patient]` */
  readonly peopleOf: readonly (readonly Person[])[]
  /** Trials that are held out in turn; those that did not measure a modifier can only help to predict the others. */
  readonly scored: readonly number[]
  readonly folds: readonly Fold[]
  readonly held: readonly HeldOutTrial[]
  readonly candidates: readonly Candidate[]
  readonly isNested: boolean
}

/** By key of the first stage, `[trial]`. */
export type Fitted = ReadonlyMap<string, readonly (FittedTrial | Failed)[]>

/** The first candidate with each first stage. */
export const keysOf = (candidates: readonly Candidate[]): Candidate[] =>
  candidates.filter(({ modelKey }, place) => candidates.findIndex((one) => one.modelKey === modelKey) === place)

/** Units of benefit per unit of the analysis scale: larger benefit is better. */
export const benefitUnit = ({ outcome: { scale, better } }: Protocol): number => signOf(better) * scale

export const signOf = (better: 'higher' | 'lower'): number => (better === 'higher' ? 1 : -1)

/** The reason of a failure, or the failure itself when the work was stopped. */
export function failure(error: unknown, signal: AbortSignal | undefined): Failed {
  if (signal?.aborted) throw error
  if (error instanceof PooliteError) {
    const { problem, reason } = error.details
    return { reason: reason ? `${problem} (${reason})` : problem }
  }
  return { reason: `unexpected: ${error instanceof Error ? error.message : String(error)}` }
}

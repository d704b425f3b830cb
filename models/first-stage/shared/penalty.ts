/** The penalty on the interactions of one trial: given, or chosen by cross-validation in that trial. */
import { z } from 'zod'
import type { TrialDesign } from '../../../src/contract/trial.js'
import { DataError } from '../../../src/errors/data-error.js'
import { crossValidatedPenalty } from '../../../src/numeric/cross-validated-penalty.js'
import type { PenalisedProblem, Penalty } from '../../../src/numeric/penalised-regression.js'
import { trialRegressionDesign } from '../../../src/numeric/trial-regression.js'
import { drawPermutation } from '../../../src/random/permutation.js'
import { stream } from '../../../src/random/stream.js'

export const penaltyOptionsSchema = z.strictObject({
  /** lambda in the scale of glmnet (see `penalised-regression.ts`), on the protocol's scale of covariates and outcome. */
  penalty: z.union([z.literal('cross-validation'), z.number().positive()]).default('cross-validation'),
  /** 10 as in glmnet. */
  folds: z.int().min(3).default(10),
  /** Which patients are left out together is random; the seed makes it the same again. */
  foldSeed: z.int().nonnegative().default(1),
})
export type PenaltyOptions = z.infer<typeof penaltyOptionsSchema>

/** The regression with its interactions penalised and all else free. */
export function penalisedProblem(trial: TrialDesign, penalty: Penalty): PenalisedProblem {
  const { values: design, coefficientCount, treatmentIndex } = trialRegressionDesign(trial)
  const isPenalised = Array.from({ length: coefficientCount }, (_, index) => index > treatmentIndex)
  return { design, outcome: trial.outcome, isPenalised, penalty }
}

/** @throws DataError when the trial has too few patients for its free coefficients and the folds. */
export function chosenPenalty(trial: TrialDesign, penalty: Penalty, options: PenaltyOptions): number {
  const problem = penalisedProblem(trial, penalty)
  requireFreeCoefficients(trial, problem)
  if (options.penalty !== 'cross-validation') return options.penalty
  return crossValidatedPenalty(problem, foldsOf(trial, options))
}

/** Patients of an arm are spread evenly over the folds. `[patient]` */
function foldsOf({ study, treatment }: TrialDesign, { folds, foldSeed }: PenaltyOptions): Int32Array {
  const out = new Int32Array(treatment.length)
  const source = stream(foldSeed, 'folds', study)
  const count = Math.min(folds, treatment.length)
  let next = 0
  for (const arm of [0, 1]) {
    const patients = Array.from(treatment, (_, patient) => patient).filter((patient) => treatment[patient] === arm)
    for (const place of drawPermutation(source, patients.length)) out[patients[place]] = next++ % count
  }
  return out
}

/** A fold may take so many patients that the rest hardly determine the free coefficients: some must be left over. */
function requireFreeCoefficients({ study, outcome }: TrialDesign, { isPenalised }: PenalisedProblem): void {
  const free = isPenalised.filter((one) => !one).length
  if (outcome.length >= 2 * free) return
  throw new DataError({
    problem: `trial "${study}" has ${outcome.length} patients for ${free} coefficients without a penalty`,
    reason:
      'only interactions are penalised; intercept, main effects and treatment are estimated as in least squares, with folds left out in turn',
    remedy:
      'Use fewer covariates, leave the trial out, or use the first stage `linear` with a proper prior on all covariates (appliesTo: covariates).',
  })
}

export function describePenalty({ penalty, folds }: PenaltyOptions): string {
  return penalty === 'cross-validation'
    ? `a penalty chosen in each trial by ${folds}-fold cross-validation`
    : `penalty ${penalty}`
}

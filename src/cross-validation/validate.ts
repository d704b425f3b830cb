import type { Person, Warning } from '../contract/analysis.js'
import type { TrialDesign } from '../contract/trial.js'
import { designColumns } from '../data/design-columns.js'
import { designTrials } from '../data/design-trials.js'
import type { Protocol } from '../data/protocol.js'
import { protocolHash } from '../data/protocol-hash.js'
import { readAnalysedTrials } from '../data/unmeasured-covariates.js'
import { counted, listing } from '../data/wording.js'
import { DataError } from '../errors/data-error.js'
import { chainStream } from '../fitting/chain-task.js'
import { withFits } from '../fitting/fits.js'
import { printed } from '../printed.js'
import { expectedOutcome } from '../validation/expected-outcome.js'
import { type Fold, validationFolds } from '../validation/folds.js'
import { type HeldOutTrial, heldOutTrial } from '../validation/held-out-trial.js'
import { hasFailed, judge } from '../validation/judge.js'
import type { CandidateResult, Validation } from '../validation/validation.js'
import { validationWarnings } from '../validation/warnings.js'
import { version } from '../version.js'
import { type Candidate, CONSTANT_NAME, validationCandidates } from './validation-candidates.js'
import { fitAll } from './validation-fits.js'
import { type Predictions, predictAll } from './validation-predictions.js'
import { benefitUnit, type Fitted, keysOf, type ValidateInput, type Work } from './validation-work.js'

export type { ValidateInput, ValidationEvent } from './validation-work.js'

/** Fewer leave a single trial to pool when one is held out. */
const LEAST_TRIALS = 3
/** Scores of one trial cannot be compared with anything. */
const LEAST_SCORED = 2
/**
 * Internal-external validation: each trial is predicted from the others by every candidate, and by a constant effect, and its patients judge the predictions. Each
 * trial is fitted once by each first stage; only pooling is repeated. The choice among the candidates is itself repeated without each trial.
 *
 * @throws ProtocolError for an invalid pair of stages, before anything runs; DataError with fewer than three trials or data that cannot be analysed; the signal's
 *   reason when aborted. What fails in one fold is told in the result, and the rest goes on.
 */
export async function validate(input: ValidateInput): Promise<Validation> {
  const start = performance.now()
  const { provenance } = input
  const work = await prepareWork(input)
  const { protocol } = work.input
  const hash = await protocolHash(input.protocol)
  const identity = { protocol: hash, ...(provenance?.dataHash ? { data: provenance.dataHash } : {}) }
  input.onValidation?.({ event: 'begin', ...countWork(work) })
  const fitted = await withFits(work.input, identity, (fits) => fitAll(work, fits))
  // Pooled fits are short: they are not saved.
  const { checkpoint: _, ...unsaved } = work.input
  const predictions = await withFits(unsaved, {}, (fits) => predictAll(work, fitted, fits))
  return printed({
    protocol,
    ...judgeWork(work, fitted, predictions),
    provenance: {
      version,
      protocolHash: hash,
      ...provenance,
      seed: protocol.inference.seed,
      seconds: (performance.now() - start) / 1000,
      finishedAt: new Date().toISOString(),
      node: globalThis.process?.version ?? 'browser',
    },
  })
}

/** What is validated on what, before anything is fitted. @throws as `validate` does */
export async function prepareWork(asked: ValidateInput): Promise<Work> {
  await validationCandidates(asked)
  const { reading, protocol } = readAnalysedTrials(asked.table, asked.protocol)
  const input = { ...asked, protocol }
  const candidates = await validationCandidates(input)
  const { designs, people } = designTrials(reading, protocol)
  requireTrials(designs)
  const { mostFolds = 20, nested = true } = protocol.validation ?? {}
  const scored = scoredTrials(designs, protocol)
  const folds = foldsOf(designs.length, scored, mostFolds)
  return {
    input,
    designs,
    peopleOf: splitPeople(designs, people),
    scored,
    folds,
    held: designs.map((design) => heldOut(design, protocol)),
    candidates,
    isNested: nested && folds.every(({ inner }) => inner.length > 0),
  }
}

/** What the predictions say of the candidates. */
export function judgeWork(
  { input: { protocol }, designs, held, scored, folds, candidates, isNested }: Work,
  fitted: Fitted,
  { outer, inner, failedDiagnoses }: Predictions,
): Omit<Validation, 'protocol' | 'provenance'> {
  const judged = outer.map((predictions, place) => {
    const candidate = place === 0 ? undefined : candidates[place - 1]
    const named = describe(candidate, fitted, failedDiagnoses[place], designs.length)
    return { ...named, predictions: scored.map((trial) => predictions[trial]) }
  })
  const judgement = judge(judged, {
    held: scored.map((trial) => held[trial]),
    studies: scored.map((trial) => designs[trial].study),
    folds: folds.map((fold) => ({ ...fold, held: fold.held.map((trial) => scored.indexOf(trial)) })),
    ...(isNested && { inner }),
    threshold: protocol.smallestImportantEffect,
    unit: squaredUnit(protocol),
    stream: chainStream({ seed: protocol.inference.seed, purpose: 'validation', study: '' }, 'reweighting', 0),
  })
  return {
    trials: scored.map((trial) => ({
      study: designs[trial].study,
      patientCount: designs[trial].outcome.length,
      treatedShare: held[trial].treatedShare,
    })),
    foldCount: folds.length,
    ...judgement,
    warnings: [
      ...unscoredWarnings(designs, scored),
      ...validationWarnings(judgement.candidates, {
        trialCount: scored.length,
        foldCount: folds.length,
        isNested,
        wantsNested: protocol.validation?.nested ?? true,
        chosen: judgement.recommendation.candidate,
      }),
    ],
  }
}

/** Trials whose patients have all modifiers: what others predict for them can be judged. */
function scoredTrials(designs: readonly TrialDesign[], protocol: Protocol): number[] {
  const wanted = designColumns(protocol).filter(({ isModifier }) => isModifier).length
  const scored = designs.flatMap(({ columns }, trial) =>
    columns.filter(({ isModifier }) => isModifier).length === wanted ? [trial] : [],
  )
  if (scored.length >= LEAST_SCORED) return scored
  throw new DataError({
    problem: `${counted(scored.length, 'trial')} measured all modifiers, and predictions can be judged in such trials only`,
    reason: 'the predicted effect of a patient depends on every modifier',
    remedy: 'Drop the modifiers that trials lack, `missingCovariate: drop` in trials.',
  })
}

/** Folds over the trials that are held out; the others are there to train on in every fold. */
function foldsOf(trialCount: number, scored: readonly number[], mostFolds: number): Fold[] {
  const others = Array.from({ length: trialCount }, (_, trial) => trial).filter((trial) => !scored.includes(trial))
  const placed = ({ held, training }: Omit<Fold, 'inner'>) => ({
    held: held.map((trial) => scored[trial]),
    training: [...training.map((trial) => scored[trial]), ...others].sort((first, second) => first - second),
  })
  return validationFolds(scored.length, mostFolds).map((fold) => ({ ...placed(fold), inner: fold.inner.map(placed) }))
}

function unscoredWarnings(designs: readonly TrialDesign[], scored: readonly number[]): Warning[] {
  const others = designs.filter((_, trial) => !scored.includes(trial)).map(({ study }) => `"${study}"`)
  if (others.length === 0) return []
  const message = `${listing(others)} did not measure all modifiers: ${others.length > 1 ? 'they help' : 'it helps'} to predict the other trials, and ${others.length > 1 ? 'are' : 'is'} not held out.`
  return [{ severity: 'note', message }]
}

function requireTrials(designs: readonly TrialDesign[]): void {
  if (designs.length >= LEAST_TRIALS) return
  throw new DataError({
    problem: `${designs.length} trials cannot be validated by leaving one out`,
    reason: 'what is left must be pooled, and one trial says nothing about how much trials differ',
    remedy:
      'Validate with at least three trials; with two, fit them both and compare their own effects in the report of `poolite run`.',
  })
}

function splitPeople(designs: readonly TrialDesign[], people: readonly Person[]): Person[][] {
  let first = 0
  return designs.map(({ outcome }) => {
    const own = people.slice(first, first + outcome.length)
    first += outcome.length
    return own
  })
}

/** Turned so that larger outcomes are better, in units of the outcome. */
function heldOut(design: TrialDesign, protocol: Protocol): HeldOutTrial {
  const unit = benefitUnit(protocol)
  const outcome = design.outcome.map((value) => unit * value)
  const stream = chainStream({ seed: protocol.inference.seed, purpose: 'validation', study: design.study }, 'folds', 0)
  return heldOutTrial(outcome, design.treatment, expectedOutcome(outcome, design.covariates, stream))
}

function countWork({ designs, candidates, folds, isNested }: Work): { fitCount: number; poolingCount: number } {
  const inner = new Set(isNested ? folds.flatMap((fold) => fold.inner.map(({ training }) => training.join())) : [])
  return {
    fitCount: keysOf(candidates).length * designs.length,
    poolingCount: candidates.length * (folds.length + inner.size),
  }
}

function describe(
  candidate: Candidate | undefined,
  fitted: Fitted,
  failedPooling: number,
  trialCount: number,
): Pick<CandidateResult, 'name' | 'isConstant' | 'methods' | 'failedDiagnoses'> {
  if (!candidate)
    return {
      name: CONSTANT_NAME,
      isConstant: true,
      methods: {
        firstStage: 'a least-squares regression of the outcome on treatment and prognostic covariates',
        secondStage: 'a random-effects meta-analysis of the treatment coefficient by restricted maximum likelihood',
      },
      failedDiagnoses: { firstStage: 0, secondStage: 0, of: trialCount },
    }
  const { name, model, modelOptions, modelKey, method, methodOptions } = candidate
  const failed = fitted.get(modelKey)!.filter((one) => !hasFailed(one) && one.fit.diagnosis.status === 'failed')
  return {
    name,
    isConstant: false,
    methods: { firstStage: model.describe(modelOptions), secondStage: method.describe(methodOptions) },
    failedDiagnoses: { firstStage: failed.length, secondStage: failedPooling, of: trialCount },
  }
}

function squaredUnit({ outcome: { unit } }: Protocol): string {
  if (unit === undefined) return 'squared units of the outcome'
  return `${/^[\w%]+$/.test(unit) ? unit : `(${unit})`}²`
}

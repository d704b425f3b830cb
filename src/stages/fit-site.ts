import type { Fit, Person } from '../contract/analysis.js'
import type { FirstStageModel } from '../contract/first-stage-model.js'
import type { TrialDesign } from '../contract/trial.js'
import { profilePeople, referencePerson } from '../data/people.js'
import { protocolHash } from '../data/protocol-hash.js'
import type { Draws } from '../draws/draws.js'
import { UsageError } from '../errors/usage-error.js'
import { chainStream } from '../fitting/chain-task.js'
import { withFits } from '../fitting/fits.js'
import { planFit } from '../fitting/fitting-plan.js'
import {
  applyRules,
  type DisclosureRules,
  disclosureRules,
  type RuleFinding,
  requireDisclosable,
} from '../site/disclosure-rules.js'
import { makeArtefact } from '../site/make-artefact.js'
import { profileDraws } from '../site/profile-predictor.js'
import { parseArtefact } from '../site/read-artefact.js'
import type { SiteArtefact } from '../site/site-artefact.js'
import { version } from '../version.js'
import { bootstrapRefits } from './bootstrap-refits.js'
import { requireMatchingStages } from './check-stages.js'
import { firstStage } from './first-stage.js'
import { modifiersOf } from './pool-effects.js'
import { type SiteData, siteTrial } from './site-trial.js'
import { lookUp, type StageInput, type Stages } from './stage-input.js'
import { trialEstimate } from './trial-estimates.js'

export interface SiteInput extends StageInput, SiteData {
  /** Stricter than the protocol's, at the wish of the site. */
  readonly rules?: Partial<DisclosureRules>
  /** Called with the trial that passed the rules, before it is fitted: throws what keeps it from being released. */
  readonly onTrial?: (trial: TrialDesign) => void
  /** Set in tests that show what the rules are good for. */
  readonly withoutRules?: DisclosureRules
}

export interface SiteOutput {
  readonly artefact: SiteArtefact
  readonly findings: readonly RuleFinding[]
  readonly trial: TrialDesign
}

/**
 * The first stage of one trial, where its data are, and what may leave of it: the same fit that `twoStage` makes of the same rows.
 * @throws DataError when the data cannot be analysed, without a value of theirs, or may not leave; otherwise as `twoStage`.
 */
export async function fitSite(input: SiteInput): Promise<SiteOutput> {
  const { protocol, study, withoutRules } = input
  const { model, method } = await lookUp(input)
  requireMatchingStages(model, method, protocol.secondStage)
  const rules = withoutRules ?? disclosureRules(protocol, input.rules)
  const { trial, exclusions } = siteTrial(input)
  const modelOptions = model.parseOptions(protocol.firstStage)
  const stages: Stages = {
    model,
    modelOptions,
    method,
    methodOptions: method.parseOptions(protocol.secondStage),
  }
  const released = method.takes === 'effects' && releasesParameters(model, rules) ? (model.featureCount?.(modelOptions) ?? 0) : 0
  const findings = applyRules(trial, protocol, rules, released)
  if (!withoutRules) requireDisclosable(findings, study)
  requireReleasable(stages, rules)
  input.onTrial?.(trial)
  const profiles = [referencePerson(protocol), ...profilePeople(protocol)]
  const hash = await protocolHash(protocol)
  const { fit } = await fitTrial(input, stages, trial, profiles, hash)
  const artefact = await makeArtefact({
    protocolHash: hash,
    seed: protocol.inference.seed,
    versions: { poolite: version, node: globalThis.process?.version ?? 'browser' },
    modelName: model.name,
    trial,
    exclusions,
    fit,
    rules,
    isRestricted: withoutRules === undefined,
    ...(await contents(input, stages, { trial, fit, profiles, rules })),
  })
  // What is made can be read: labels that are too long, or a covariance that is not one, are found here and not at the centre.
  return { artefact: await parseArtefact(JSON.stringify(artefact), study), findings, trial }
}

function requireReleasable({ model, method, methodOptions }: Stages, rules: DisclosureRules): void {
  if (method.takes !== 'effects' || isLinear(model)) return
  const needs = method.needs?.(methodOptions) ?? {}
  if (needs.refits === undefined || releasesParameters(model, rules)) return
  throw new UsageError({
    problem: 'weights by bootstrap need refits of the model, and the parameters of this model do not leave a site',
    reason: 'memberships can be guessed from them',
    remedy: 'Use `secondStage: { weights: auxiliary }`, or agree on `disclosure: { release: model }`.',
  })
}

const isLinear = (model: FirstStageModel) => model.estimate !== undefined || model.withoutEstimate !== undefined

/** Kernel models hold their patients and never leave. */
const releasesParameters = (model: FirstStageModel, { release }: DisclosureRules) =>
  isLinear(model) || (release === 'model' && !model.predictsFromPatients)

async function fitTrial(input: SiteInput, stages: Stages, trial: TrialDesign, profiles: readonly Person[], hash: string) {
  const { protocol } = input
  const { model, modelOptions } = stages
  const plan = planFit(protocol.inference, model.approximation?.(modelOptions))
  const place = { trialIndex: 0, trialCount: 1, profiles }
  return withFits(input, { protocol: hash }, (fits) => firstStage(input, fits, model, modelOptions, plan, trial, place))
}

interface FittedSite {
  readonly trial: TrialDesign
  readonly fit: Fit
  readonly profiles: readonly Person[]
  readonly rules: DisclosureRules
}

/** What the second stage of the protocol needs, and no more. */
async function contents({ protocol }: SiteInput, stages: Stages, { trial, fit, profiles, rules }: FittedSite) {
  const { model, modelOptions, method, methodOptions } = stages
  const { seed } = protocol.inference
  const withDraws = method.takes === 'coefficients' && method.takesDraws?.(methodOptions) === true
  const estimate = model.estimate ? trialEstimate(model, modelOptions, { trial, fit }, { withDraws, seed }) : undefined
  if (method.takes !== 'effects') return estimate ? { estimate } : {}
  const replicates = method.needs?.(methodOptions).refits
  const refits = replicates === undefined ? undefined : await bootstrapRefits(model, modelOptions, trial, { replicates, seed })
  const parts = { ...(estimate && { estimate }), ...(refits && { refits: releasable(refits, model, trial) }) }
  if (releasesParameters(model, rules)) return { ...parts, parameters: releasable(fit.draws, model, trial) }
  const predictor = model.effects(fit.draws, trial, modelOptions)
  const source = chainStream({ seed, purpose: 'effects', study: trial.study }, 'profiles', 0)
  const values = predictor.predict(modifiersOf(profiles, trial.columns, protocol), profiles.length, source)
  return { ...parts, profileEffects: profileDraws(profiles, predictor, values) }
}

/** Of a linear model, the coefficients of the effect; of others, all that is not about single patients. */
function releasable(draws: Draws, model: FirstStageModel, { patientIds }: TrialDesign): Draws {
  const variables = draws.variables.filter(({ name, dimensions }) =>
    isLinear(model)
      ? name === 'delta' || name === 'gamma'
      : dimensions.every(({ name: of, labels }) => of !== 'patient' && labels.join() !== patientIds.join()),
  )
  return { ...draws, variables }
}

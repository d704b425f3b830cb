import type { Analysis, Exclusion } from '../contract/analysis.js'
import type { DesignColumn, TrialDesign, TrialEstimate } from '../contract/trial.js'
import { designColumns } from '../data/design-columns.js'
import { profilePeople, referencePerson } from '../data/people.js'
import { protocolHash } from '../data/protocol-hash.js'
import { DataError } from '../errors/data-error.js'
import { withFits } from '../fitting/fits.js'
import { withMissingCoefficients } from '../numeric/missing-coefficients.js'
import { treatmentCoefficientNames } from '../numeric/trial-regression.js'
import { decodeDraws } from '../site/artefact-draws.js'
import { inSiteOrder, requireSitesMatch, type SiteFile, siteWarnings } from '../site/check-sites.js'
import { decodeValues } from '../site/encoded-values.js'
import { profilePredictor } from '../site/profile-predictor.js'
import { siteFit } from '../site/site-fit.js'
import { trialOutline } from '../site/trial-outline.js'
import { analysisOf } from '../two-stage.js'
import { requireMatchingStages } from './check-stages.js'
import { modifiersOf } from './pool-effects.js'
import { poolTrials } from './pool-trials.js'
import { type FittedTrial, lookUp, type StageInput, type Stages } from './stage-input.js'

export interface SitesInput extends StageInput {
  /** As `parseArtefact` read them. */
  readonly sites: readonly SiteFile[]
}

const FEW_TRIALS = 5

/**
 * The second stage from the files of the sites: the same numbers that `twoStage` computes from the data of all, with the trials in the order of the protocol's
 * `trials.include`, or by name. There are no effects of patients, who stay at their sites.
 * @throws DataError when files do not belong together or lack what the second stage needs; otherwise as `twoStage`.
 */
export async function poolSites(input: SitesInput): Promise<Analysis> {
  const start = performance.now()
  const { protocol } = input
  const { model, method } = await lookUp(input)
  requireMatchingStages(model, method, protocol.secondStage)
  const stages: Stages = {
    model,
    modelOptions: model.parseOptions(protocol.firstStage),
    method,
    methodOptions: method.parseOptions(protocol.secondStage),
  }
  const hash = await protocolHash(protocol)
  const columns = designColumns(protocol)
  const { include } = protocol.trials
  requireSitesMatch(input.sites, {
    protocolHash: hash,
    model: model.name,
    seed: protocol.inference.seed,
    coefficientNames: treatmentCoefficientNames({ columns }),
    columns: columns.map(({ name }) => name),
    mayLackColumns: protocol.trials.missingCovariate === 'use-available',
    include,
  })
  const sites = inSiteOrder(input.sites, include)
  const profiles = [referencePerson(protocol), ...profilePeople(protocol)]
  const fitted = sites.map((site) => {
    const trial = trialOutline(site.artefact, columns)
    return siteTrial(site, trial, modifiersOf(profiles, trial.columns, protocol), stages)
  })
  const trials = {
    fitted,
    profiles,
    patients: [],
    estimateOf: (one: FittedTrial, withDraws: boolean) =>
      withMissingCoefficients(
        siteEstimate(sites[fitted.indexOf(one)], one.trial, stages, withDraws),
        treatmentCoefficientNames({ columns }),
      ),
  }
  const pooled = await withFits(input, { protocol: hash }, (fits) => poolTrials(input, fits, stages, trials))
  const absent = (include ?? []).filter((study) => !sites.some(({ artefact }) => artefact.study === study))
  return analysisOf(input, stages, pooled, {
    profiles,
    patients: [],
    exclusions: sites.flatMap(exclusionsOf),
    warnings: [
      ...siteWarnings(sites),
      ...lackingWarnings(fitted, columns),
      ...countWarnings(sites.length),
      ...absenceWarnings(absent),
    ],
    protocolHash: hash,
    start,
  })
}

function siteTrial({ file, artefact }: SiteFile, trial: TrialDesign, modifiers: Float64Array, { method }: Stages): FittedTrial {
  const { parameters, profileEffects, refits, fit } = artefact
  const empty = { chainCount: fit.chains, drawCount: fit.draws, variables: [] }
  const effects = profileEffects && decodeDraws(profileEffects, file)
  if (method.takes === 'effects' && !parameters && !profileEffects) throw lacking(file, 'effects or parameters', method.name)
  return {
    trial,
    fit: siteFit(artefact, parameters ? decodeDraws(parameters, file) : (effects ?? empty)),
    ...(effects && !parameters && { predictor: profilePredictor(effects, modifiers, artefact.study) }),
    ...(refits && { refits: decodeDraws(refits, file) }),
  }
}

function siteEstimate(
  { file, artefact }: SiteFile,
  trial: TrialDesign,
  { model, modelOptions, method }: Stages,
  withDraws: boolean,
) {
  const { coefficients, patients } = artefact
  if (!coefficients) throw lacking(file, 'coefficients', method.name)
  const { names, estimate, covariance, draws } = coefficients
  if (withDraws && !draws) throw lacking(file, 'draws of the coefficients', method.name)
  const prior = artefact.origin === 'poolite' ? model.effectPrior?.(trial, modelOptions) : undefined
  const result: TrialEstimate = {
    study: artefact.study,
    patientCount: patients.control + patients.treated,
    coefficientNames: names,
    estimate: Float64Array.from(estimate),
    covariance: Float64Array.from(covariance),
    ...(prior && { prior }),
    ...(withDraws && draws && { draws: decodeValues(draws.values, draws.count * names.length, file) }),
  }
  return result
}

function lacking(file: string, what: string, method: string): DataError {
  return new DataError({
    file,
    problem: `the file holds no ${what}`,
    reason: `the second stage "${method}" pools them`,
    remedy: 'Let the site make the file with this protocol, or choose a second stage that pools what there is.',
  })
}

/** A count that was too small to be reported is left out of the report too. */
function exclusionsOf({ artefact: { study, leftOut } }: SiteFile): Exclusion[] {
  return (['control', 'treated'] as const).flatMap((arm) => {
    const patientCount = leftOut[arm]
    return patientCount ? [{ study, arm, patientCount, reason: 'missing values' }] : []
  })
}

function countWarnings(count: number) {
  if (count >= FEW_TRIALS) return []
  const message = `${count} trials: the between-trial variance is barely identified. Show the results under two or three priors of the between-trial standard deviation.`
  return [{ severity: 'important' as const, message }]
}

/** METHOD 3a: coefficients of a model without a modifier are other parameters, and the effect at its reference becomes an average over it. */
function lackingWarnings(fitted: readonly FittedTrial[], columns: readonly DesignColumn[]): Analysis['warnings'] {
  const modifiers = [...new Set(columns.filter(({ isModifier }) => isModifier).map(({ covariate }) => covariate))]
  return modifiers.flatMap((covariate) => {
    const lacking = fitted.filter(({ trial }) => !trial.columns.some((column) => column.covariate === covariate))
    if (lacking.length === 0) return []
    const message = `${covariate}, which modifies the effect, was not measured at the ${lacking.length > 1 ? 'sites' : 'site'} of ${lacking.map(({ trial }) => `"${trial.study}"`).join(', ')}, and each site uses what it has: coefficients without a modifier that is related to the others are not quite those of the full model, and the effect there is one averaged over ${covariate}. Take this as a sensitivity analysis beside one without these sites.`
    return [{ severity: 'important' as const, message }]
  })
}

function absenceWarnings(studies: readonly string[]): Analysis['warnings'] {
  if (studies.length === 0) return []
  const message = `the protocol includes ${studies.map((study) => `"${study}"`).join(', ')}, of which no file was given: the results are those of the other trials.`
  return [{ severity: 'important', message }]
}

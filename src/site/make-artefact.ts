import type { Exclusion, Fit } from '../contract/analysis.js'
import type { TrialDesign, TrialEstimate } from '../contract/trial.js'
import type { Draws } from '../draws/draws.js'
import { sealArtefact } from './artefact-digest.js'
import { encodeDraws } from './artefact-draws.js'
import type { DisclosureRules } from './disclosure-rules.js'
import { encodeValues } from './encoded-values.js'
import { roundedMoments } from './rounded-moments.js'
import { type SiteArtefact, siteFormat } from './site-artefact.js'
import { siteRegression } from './site-regression.js'

export interface SiteResult {
  readonly protocolHash: string
  readonly seed: number
  readonly versions: SiteArtefact['versions']
  readonly modelName: string
  readonly trial: TrialDesign
  readonly exclusions: readonly Exclusion[]
  readonly fit: Fit
  readonly rules: DisclosureRules
  /** False in tests that show what the rules are good for. */
  readonly isRestricted: boolean
  readonly estimate?: TrialEstimate
  readonly parameters?: Draws
  readonly profileEffects?: Draws
  readonly refits?: Draws
}

/** What may leave the site, and nothing else: every field is named here. */
export function makeArtefact(result: SiteResult): Promise<SiteArtefact> {
  const { trial, fit, rules, estimate, parameters, profileEffects, refits, exclusions, isRestricted } = result
  const { leastCount, parameterShare } = rules
  const leastSquares = siteRegression(trial)
  return sealArtefact({
    format: siteFormat,
    protocolHash: result.protocolHash,
    study: trial.study,
    origin: 'poolite',
    versions: result.versions,
    seed: result.seed,
    model: result.modelName,
    patients: { control: armCount(trial, 0), treated: armCount(trial, 1) },
    leftOut: leftOut(exclusions, leastCount),
    fit: fitRecord(fit, estimate !== undefined || parameters !== undefined),
    ...(estimate && { coefficients: coefficientsOf(estimate) }),
    ...(parameters && { parameters: encodeDraws(parameters) }),
    ...(profileEffects && { profileEffects: encodeDraws(profileEffects) }),
    ...(refits && { refits: encodeDraws(refits) }),
    ...(leastSquares && { leastSquares }),
    ...roundedMoments(trial, isRestricted),
    disclosure: { leastCount, parameterShare, isRestricted },
  })
}

const armCount = ({ treatment }: TrialDesign, arm: number) => treatment.filter((own) => own === arm).length

/** Counts that are too small to be reported are null. */
function leftOut(exclusions: readonly Exclusion[], leastCount: number): SiteArtefact['leftOut'] {
  const [control, treated] = (['control', 'treated'] as const).map((arm) => {
    const count = exclusions.reduce((sum, one) => (one.arm === arm ? sum + one.patientCount : sum), 0)
    return count > 0 && count < leastCount ? null : count
  })
  return { control, treated }
}

function coefficientsOf({ coefficientNames, estimate, covariance, draws }: TrialEstimate): SiteArtefact['coefficients'] {
  const names = [...coefficientNames]
  return {
    names,
    estimate: [...estimate],
    covariance: [...covariance],
    ...(draws && { draws: { count: draws.length / names.length, values: encodeValues(draws) } }),
  }
}

function divergencesOf(checks: Fit['diagnosis']['checks']): number {
  const failures = checks.find(({ name }) => name === 'divergences')?.failures ?? []
  return failures.reduce((sum, { value }) => sum + value, 0)
}

/** Names of quantities are those of the model and the protocol. @param isNamed false where parameters stay at the site */
function fitRecord({ algorithm, engine, settings, draws, gradientCount, diagnosis }: Fit, isNamed: boolean): SiteArtefact['fit'] {
  return {
    algorithm: algorithm ?? settings.algorithm ?? 'nuts',
    engine: engine.engine,
    precision: engine.precision,
    chains: draws.chainCount,
    warmup: settings.warmup,
    draws: draws.drawCount,
    targetAcceptance: settings.targetAcceptance,
    maximumTreeDepth: settings.maximumTreeDepth,
    gradientCount,
    divergences: divergencesOf(diagnosis.checks),
    diagnosis: diagnosis.status,
    checks: diagnosis.checks.map(({ name, status, worst, cutOff, failureCount }) => ({
      name,
      status,
      ...(worst && isNamed && { worst: { name: worst.name, value: Number.isFinite(worst.value) ? worst.value : null } }),
      ...(cutOff !== undefined && Number.isFinite(cutOff) && { cutOff }),
      failureCount,
    })),
  }
}

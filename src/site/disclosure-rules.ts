/**
 * What may leave a site. Thresholds are those of DataSHIELD (dsBase, `set_disclosure_settings`): cells of at least 5, regressions with at most a third as many
 * coefficients as patients, factors of at most 40 levels. Two rules are ours: no regression that reproduces its outcomes, and no second file about
 * almost the same patients (`release-ledger.ts`).
 */
import type { TrialDesign } from '../contract/trial.js'
import type { Covariate, Protocol } from '../data/protocol.js'
import { DataError } from '../errors/data-error.js'
import { UsageError } from '../errors/usage-error.js'
import { trialRegression } from '../numeric/trial-regression.js'

export interface DisclosureRules {
  /** Fewest patients of an arm, or of a level in an arm, that is reported. */
  readonly leastCount: number
  /** Most coefficients of an arm per patient of it. */
  readonly parameterShare: number
  /** Of a categorical covariate. */
  readonly mostLevels: number
  /** Of a model that is not linear. */
  readonly release: 'profiles' | 'model'
}

export const defaultRules: DisclosureRules = { leastCount: 5, parameterShare: 1 / 3, mostLevels: 40, release: 'profiles' }

/** For tests that show what the rules are good for: nothing is withheld. */
export const noRules: DisclosureRules = { leastCount: 1, parameterShare: 1, mostLevels: 40, release: 'model' }

/**
 * The protocol's rules with what the site asks for beyond them.
 * @throws UsageError when the site asks for weaker ones.
 */
export function disclosureRules(
  { disclosure = {} }: Pick<Protocol, 'disclosure'>,
  own: Partial<DisclosureRules> = {},
): DisclosureRules {
  const given = Object.fromEntries(Object.entries(disclosure).filter(([, value]) => value !== undefined))
  const agreed: DisclosureRules = { ...defaultRules, ...given }
  const rules: DisclosureRules = { ...agreed, ...own }
  const { leastCount, parameterShare, mostLevels, release } = rules
  if (!(leastCount >= agreed.leastCount)) throw weaker('least count', leastCount, agreed.leastCount)
  if (!(parameterShare <= agreed.parameterShare)) throw weaker('share of parameters', parameterShare, agreed.parameterShare)
  if (!(mostLevels <= agreed.mostLevels)) throw weaker('number of levels', mostLevels, agreed.mostLevels)
  if (release === 'model' && agreed.release === 'profiles') throw weaker('release', release, agreed.release)
  return rules
}

function weaker(name: string, asked: number | string, agreed: number | string): UsageError {
  return new UsageError({
    problem: `the ${name} asked for here, ${asked}, is less strict than the protocol's, ${agreed}`,
    remedy: 'A site may be stricter than the protocol, not less strict: change the option, or agree on another protocol.',
  })
}

/** What a rule found. Figures are about groups of patients, never of one. */
export interface RuleFinding {
  readonly rule: string
  /** What was measured, a clause. */
  readonly figure: string
  readonly isMet: boolean
  /** What would pass. */
  readonly remedy: string
}

/**
 * All rules about a trial, met or not.
 * @param featureCount of a released model that is not linear: they count as coefficients
 * @throws nothing
 */
export function applyRules(
  trial: TrialDesign,
  { covariates }: Pick<Protocol, 'covariates'>,
  rules: DisclosureRules,
  featureCount = 0,
): RuleFinding[] {
  return [
    ...armFindings(trial, rules, featureCount),
    ...levelFindings(trial, covariates, rules),
    reproductionFinding(trial, rules),
  ]
}

/** @throws DataError naming every rule that is not met, its figure and what would pass. */
export function requireDisclosable(findings: readonly RuleFinding[], study: string): void {
  const broken = findings.filter(({ isMet }) => !isMet)
  if (broken.length === 0) return
  throw new DataError({
    problem: `nothing of trial "${study}" may leave this site: ${broken.map(({ rule, figure }) => `${rule} (${figure})`).join('; ')}`,
    reason: 'the disclosure rules would be broken',
    remedy: [...new Set(broken.map(({ remedy }) => remedy))].join(' '),
  })
}

const armNames = ['control', 'treated'] as const

function armFindings(trial: TrialDesign, { leastCount, parameterShare }: DisclosureRules, featureCount: number): RuleFinding[] {
  const coefficients =
    1 +
    featureCount +
    Math.max(
      trial.columns.filter(({ isPrognostic }) => isPrognostic).length,
      trial.columns.filter(({ isModifier }) => isModifier).length,
    )
  return armNames.flatMap((name, arm): RuleFinding[] => {
    const size = trial.treatment.filter((value) => value === arm).length
    const needed = Math.ceil(coefficients / parameterShare - 1e-9)
    return [
      {
        rule: 'least count of an arm',
        figure:
          size < leastCount
            ? `fewer than ${leastCount} patients in the ${name} arm`
            : `at least ${leastCount} in the ${name} arm`,
        isMet: size >= leastCount,
        remedy: `At least ${leastCount} complete patients in each arm would pass.`,
      },
      {
        rule: 'parameters per patient of an arm',
        figure: `${coefficients} coefficients for ${size < leastCount ? `fewer than ${leastCount}` : size} patients in the ${name} arm`,
        isMet: coefficients <= parameterShare * size + 1e-9,
        remedy: `At least ${needed} patients in each arm would pass, or fewer covariates${featureCount > 0 ? ', a smaller network or fewer trees, or `release: profiles`' : ''}.`,
      },
    ]
  })
}

/** Each value of a binary or categorical covariate in each arm: nobody or enough. */
function levelFindings(
  trial: TrialDesign,
  covariates: readonly Covariate[],
  { leastCount, mostLevels }: DisclosureRules,
): RuleFinding[] {
  return covariates.flatMap((covariate): RuleFinding[] => {
    if (covariate.type === 'continuous') return []
    const counts = levelCounts(trial, covariate)
    const least = Math.min(...counts.filter((count) => count > 0))
    const levels = covariate.type === 'binary' ? 2 : covariate.levels.length
    return [
      {
        rule: 'least count of a level',
        figure:
          least < leastCount
            ? `a level of ${covariate.name} has fewer than ${leastCount} patients in an arm`
            : `levels of ${covariate.name} have at least ${leastCount} patients in each arm, or none`,
        isMet: least >= leastCount,
        remedy: `At least ${leastCount} patients with each level in each arm would pass: merge levels of ${covariate.name}, or leave it out of the protocol.`,
      },
      ...(levels > mostLevels
        ? [
            {
              rule: 'most levels',
              figure: `${covariate.name} has ${levels} levels`,
              isMet: false,
              remedy: `At most ${mostLevels} levels would pass.`,
            },
          ]
        : []),
    ]
  })
}

/** Patients of every level in every arm. */
function levelCounts({ columns, covariates, treatment }: TrialDesign, { name }: Covariate): number[] {
  const own = columns.flatMap((column, index) => (column.covariate === name ? [index] : []))
  const counts = new Map<string, number>()
  treatment.forEach((arm, patient) => {
    const key = `${arm} ${own.map((index) => covariates[patient * columns.length + index]).join()}`
    counts.set(key, (counts.get(key) ?? 0) + 1)
  })
  return [...counts.values()]
}

/** Residual variance as a share of the outcome's, under which coefficients give outcomes away. Arbitrary; rounding is about 1e-30. */
const LEAST_NOISE = 1e-12

/** A regression without noise gives the outcome of everybody whose covariates are known. */
function reproductionFinding(trial: TrialDesign, { leastCount }: DisclosureRules): RuleFinding {
  const remedy = 'Outcomes that vary given the covariates would pass; check that no covariate is made from the outcome.'
  const rule = 'no reproduction of outcomes'
  if (leastCount <= 1) return { rule, figure: 'not asked for', isMet: true, remedy }
  const isExact = armNames.some((_, arm) => !(varianceOf(trial.outcome.filter((__, at) => trial.treatment[at] === arm)) > 0))
  const { residualVariance } = trialRegression(trial)
  const isMet = !isExact && !(residualVariance <= LEAST_NOISE * varianceOf(trial.outcome))
  return { rule, figure: isMet ? 'outcomes vary given the covariates' : 'the outcomes follow from the covariates', isMet, remedy }
}

function varianceOf(values: Float64Array): number {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length
  return values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length
}

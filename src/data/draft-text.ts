import type { DraftedCovariate } from './draft-covariate.js'
import type { LeftOut } from './eligible-covariates.js'
import type { GuessedColumns } from './guess-columns.js'
import { unconfirmed } from './unconfirmed.js'
import { counted } from './wording.js'
import { yamlFlowScalar, yamlList, yamlScalar } from './yaml-text.js'

/** Everything that a drafted protocol says. */
export interface Draft {
  readonly file: string
  readonly columns: GuessedColumns
  readonly arms: { readonly control: string; readonly treated: string; readonly isGuess: boolean }
  readonly missing: readonly string[]
  readonly better?: 'higher' | 'lower'
  readonly outcome: { readonly centre: number; readonly scale: number }
  readonly covariates: readonly DraftedCovariate[]
  readonly leftOut: readonly LeftOut[]
  readonly patientCount: number
  readonly trialCount: number
  readonly leastPatients: number
  readonly coefficientCount: number
  /** Trials with a singular design; 0 writes `refuse`. */
  readonly singularCount: number
  /** Trials in which a covariate was not measured; nothing is written when there are none. */
  readonly unmeasuredCount: number
}

/** The draft as YAML, with a comment on every choice that the statistician must confirm. */
export function draftText(draft: Draft): string {
  const sections = [
    headLines(draft),
    dataLines(draft),
    outcomeLines(draft),
    covariateLines(draft),
    trialLines(draft),
    profileLines(draft),
    methodLines(draft),
  ]
  return `${sections.map((lines) => lines.join('\n')).join('\n\n')}\n`
}

function headLines({ file, columns, trialCount, patientCount }: Draft): string[] {
  return [
    `# Drafted by \`poolite init\` from ${commentText(file)}: ${counted(patientCount, 'complete patient')} of ${counted(trialCount, 'trial')}.`,
    '# Read every line before use. CONFIRM marks what only people who know the trials can say.',
    'poolite: 1',
    `title: ${yamlScalar(`Individualised effects of ${columns.treatment} on ${columns.outcome}`)}`,
  ]
}

function dataLines({ columns, arms, missing }: Draft): string[] {
  const patient =
    columns.patient === undefined
      ? '  # patient: no column identifies the patients; row numbers stand in'
      : `  patient: ${yamlScalar(columns.patient)}`
  return [
    'data:',
    `  study: ${yamlScalar(columns.study)}`,
    patient,
    '  treatment:',
    `    column: ${yamlScalar(columns.treatment)}`,
    `    control: ${yamlScalar(arms.control)}${arms.isGuess ? ' # CONFIRM: nothing in the data says which arm is the control' : ' # CONFIRM'}`,
    `    treated: ${yamlScalar(arms.treated)}`,
    `  missing: ${yamlList(missing)} # cell contents that mean missing; add codes such as -99`,
  ]
}

function outcomeLines({ columns, better, outcome }: Draft): string[] {
  return [
    'outcome:',
    `  column: ${yamlScalar(columns.outcome)}`,
    '  # unit: CONFIRM and fill in',
    `  better: ${better ?? `${unconfirmed} # write higher, if larger values are good for the patient, or lower`}`,
    `  centre: ${outcome.centre} # mean of the complete patients of all trials, rounded`,
    `  scale: ${outcome.scale} # standard deviation within trials and arms, rounded: the unit of the priors`,
  ]
}

function covariateLines({ covariates, leftOut }: Draft): string[] {
  return [
    '# CONFIRM that every covariate was measured before randomisation. Centre and scale are constants for all trials.',
    '# role: both = main effect and interaction with treatment; prognostic = main effect only.',
    'covariates:',
    ...covariates.flatMap(({ lines }) => lines),
    ...(leftOut.length ? ['# Columns left out; add one as a covariate if it belongs here:'] : []),
    ...leftOut.map(({ column, reason }) => `#   ${commentText(column)}: ${reason}`),
  ]
}

function trialLines({ leastPatients, coefficientCount, singularCount, unmeasuredCount }: Draft): string[] {
  const singular = singularCount
    ? `exclude # ${counted(singularCount, 'trial')} cannot estimate all coefficients; the report names them`
    : 'refuse # or exclude: leave out trials that cannot estimate all coefficients'
  return [
    'trials:',
    `  leastPatients: ${leastPatients} # complete patients; each trial has ${coefficientCount} coefficients to estimate`,
    `  singularDesign: ${singular}`,
    ...(unmeasuredCount > 0
      ? [
          `  missingCovariate: exclude # CONFIRM: in ${counted(unmeasuredCount, 'trial')} a covariate was not measured; or drop it from all trials, or use-available in each`,
        ]
      : []),
  ]
}

function profileLines({ covariates }: Draft): string[] {
  const example = covariates.find(({ examples }) => examples.length > 0)
  const profiles = example?.examples.flatMap((value) => [
    `  - name: ${yamlScalar(`${example.name} ${value}`)}`,
    `    covariates: { ${yamlFlowScalar(example.name)}: ${value} }`,
  ])
  return [
    '# The reference patient has every covariate at its centre, 0 or its reference level; profiles differ from it as they say.',
    ...(profiles
      ? ['# CONFIRM: replace these by patients that clinicians would recognise.', 'profiles:', ...profiles]
      : ['profiles: []']),
    '',
    'smallestImportantEffect: 0 # CONFIRM: in units of the outcome, positive; 0 counts any benefit',
  ]
}

/** Below this many trials the data say almost nothing about differences between trials in each interaction. */
const trialsForDiagonal = 5

function methodLines({ trialCount }: Draft): string[] {
  const heterogeneity =
    trialCount < trialsForDiagonal
      ? `random-effect # the effect at the reference patient differs between trials; ${counted(trialCount, 'trial')} cannot tell about the interactions`
      : 'diagonal # every coefficient may differ between trials; or random-effect, unstructured'
  return [
    '# The default methods; `inference.seed` makes every number of the analysis reproducible.',
    'firstStage:',
    '  model: linear',
    'secondStage:',
    '  method: hierarchical',
    `  heterogeneity: ${heterogeneity}`,
    'inference:',
    '  seed: 1',
  ]
}

function commentText(text: string): string {
  return text.replace(/\s+/g, ' ')
}

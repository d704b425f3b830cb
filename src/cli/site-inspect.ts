import { counted } from '../data/wording.js'
import { textTable } from '../report/text/text-table.js'
import type { EncodedDraws, SiteArtefact } from '../site/site-artefact.js'
import { loadSite } from './load-site.js'
import type { Terminal } from './terminal.js'

/** `poolite site inspect`: everything that a site file discloses, for the person who has to approve it. */
export async function siteInspect(path: string, { json }: { readonly json?: boolean }, terminal: Terminal): Promise<void> {
  const { artefact } = await loadSite(path)
  if (json) terminal.data(`${JSON.stringify(shortened(artefact))}\n`)
  else terminal.data(artefactText(artefact))
}

/** Draws as what they are of, and not as numbers. */
function shortened({ parameters, profileEffects, refits, coefficients, ...rest }: SiteArtefact): object {
  const outline = (draws: EncodedDraws | undefined) =>
    draws && {
      chains: draws.chains,
      draws: draws.draws,
      variables: draws.variables.map(({ name, dimensions }) => ({ name, dimensions })),
    }
  const { draws, ...moments } = coefficients ?? {}
  return {
    ...rest,
    ...(coefficients && { coefficients: { ...moments, ...(draws && { draws: { count: draws.count } }) } }),
    ...(parameters && { parameters: outline(parameters) }),
    ...(profileEffects && { profileEffects: outline(profileEffects) }),
    ...(refits && { refits: outline(refits) }),
  }
}

/** In words and tables. Control characters of labels are refused when a file is read, so that nothing here can steer a terminal. */
export function artefactText(artefact: SiteArtefact): string {
  return [
    heading(artefact),
    patientsText(artefact),
    momentsText(artefact),
    coefficientsText(artefact),
    regressionText(artefact),
    drawsText(artefact),
    fitText(artefact),
    absentText,
    sealText(artefact),
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n')
}

function heading({ study, model, origin, versions, protocolHash, seed }: SiteArtefact): string {
  const maker = origin === 'import' ? 'another program; brought in by' : ''
  return `Site file of trial "${study}": first-stage model ${model}, seed ${seed}
Made by ${maker ? `${maker} ` : ''}poolite ${versions.poolite} (Node ${versions.node}) for the protocol ${protocolHash}`
}

function patientsText({ patients, leftOut, disclosure }: SiteArtefact): string {
  const { leastCount } = disclosure
  const shown = (count: number | null) => (count === null ? `1 to ${leastCount - 1}, not said` : String(count))
  const rows = (['control', 'treated'] as const).map((arm) => [arm, String(patients[arm]), shown(leftOut[arm])])
  return `It discloses how many patients there are\n\n${textTable(['arm', 'analysed', 'left out'], rows)}`.trimEnd()
}

const shortNumber = (value: number) => String(Number(value.toPrecision(6)))

function momentsText({ arms, disclosure }: SiteArtefact): string {
  if (!arms) return ''
  const { columns, control, treated, step } = arms
  const rows = columns.map((name, index) => [
    name,
    ...[control.mean, control.sd, treated.mean, treated.sd].map((values) => shortNumber(values[index])),
  ])
  const rounding = disclosure.isRestricted ? `rounded to multiples of ${step}` : 'NOT ROUNDED'
  return `means and standard deviations of the covariates, in the protocol's scale, ${rounding}, and covariances of the modifiers\n\n${textTable(
    ['column', 'control mean', 'SD', 'treated mean', 'SD'],
    rows,
  )}`.trimEnd()
}

function coefficientsText({ coefficients }: SiteArtefact): string {
  if (!coefficients) return ''
  const { names, estimate, covariance } = coefficients
  const rows = names.map((name, index) => [
    name,
    shortNumber(estimate[index]),
    shortNumber(Math.sqrt(covariance[index * (names.length + 1)])),
  ])
  return `the treatment effect and how it changes with the covariates, in the protocol's scale, with the correlations of these numbers\n\n${textTable(
    ['coefficient', 'estimate', 'standard error'],
    rows,
  )}`.trimEnd()
}

function regressionText({ leastSquares }: SiteArtefact): string {
  if (!leastSquares) return ''
  const { names, estimate, error } = leastSquares.prognostic
  const rows = names.map((name, index) => [name, shortNumber(estimate[index]), shortNumber(error[index])])
  const sentence = `the same by least squares, its residual standard deviation (${shortNumber(leastSquares.residualDeviation)} of the protocol's), and how the outcome goes with the covariates`
  return rows.length === 0 ? sentence : `${sentence}\n\n${textTable(['column', 'slope', 'standard error'], rows)}`.trimEnd()
}

function drawsText({ coefficients, parameters, profileEffects, refits }: SiteArtefact): string {
  const names = (draws: EncodedDraws) => draws.variables.map(({ name }) => name).join(', ')
  const total = ({ chains, draws }: EncodedDraws) => counted(chains * draws, 'draw')
  return [
    ...(coefficients?.draws ? [`${counted(coefficients.draws.count, 'posterior draw')} of these coefficients`] : []),
    ...(parameters ? [`${total(parameters)} of the model's parameters: ${names(parameters)}`] : []),
    ...(profileEffects
      ? [
          `${total(profileEffects)} of the treatment effect of the protocol's own people: ${profileEffects.variables
            .flatMap(({ dimensions }) => dimensions.flatMap(({ labels }) => labels))
            .join(', ')}`,
        ]
      : []),
    ...(refits ? [`${total(refits)} of parameters refitted to bootstrap samples: ${names(refits)}`] : []),
  ].join('\n')
}

function fitText({ fit }: SiteArtefact): string {
  const { algorithm, chains, draws, diagnosis, checks } = fit
  if (algorithm === 'elsewhere') return 'and nothing of how well the model was fitted, which was done elsewhere.'
  const failed = checks.filter(({ status }) => status === 'failed').map(({ name }) => name)
  return `and how well the model was fitted: ${algorithm}, ${counted(chains, 'chain')} of ${counted(draws, 'draw')}, diagnosis ${diagnosis}${failed.length > 0 ? ` (${failed.join(', ')})` : ''}.`
}

const absentText = `It holds no row of the data, no identifier, no outcome, fitted value or residual of anybody, no smallest or largest value, and no date.
What can still be learnt: averages of groups, and, by someone who knows almost everything about almost all patients, something about the others.
A second file about almost the same patients would tell about those in which they differ: poolite refuses to make one as long as the record of releases is kept.`

function sealText({ digest, signature, disclosure }: SiteArtefact): string {
  const rules = disclosure.isRestricted
    ? `Rules that were applied: no count under ${disclosure.leastCount}, at most ${shortNumber(disclosure.parameterShare)} coefficients per patient of an arm.`
    : 'NO DISCLOSURE RULES were applied by poolite.'
  return `${rules}\nSHA-256 ${digest}; ${signature ? `signed with the Ed25519 key ${signature.publicKey}` : 'not signed'}.`
}

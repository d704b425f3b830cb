/** What the centre looks at before it pools: that the files belong together, that no patient counts twice, and that all sites mean the same by their columns. */
import type { Warning } from '../contract/analysis.js'
import { didYouMean } from '../data/nearest-name.js'
import { DataError } from '../errors/data-error.js'
import type { SiteArtefact } from './site-artefact.js'

export interface SiteFile {
  /** For messages. */
  readonly file: string
  readonly artefact: SiteArtefact
}

export interface ExpectedSites {
  readonly protocolHash: string
  readonly model: string
  readonly seed: number
  /** Of the coefficients of the treatment effect, where the model has any. */
  readonly coefficientNames: readonly string[]
  /** Columns of the design. */
  readonly columns: readonly string[]
  /** Whether a site may lack covariates that it did not measure. */
  readonly mayLackColumns?: boolean
  /** Trials that the protocol names, in its order; all are wanted when absent. */
  readonly include?: readonly string[] | undefined
}

/** @throws DataError naming the file and what keeps it from being pooled with the others. */
export function requireSitesMatch(sites: readonly SiteFile[], expected: ExpectedSites): void {
  for (const site of sites) requireProtocol(site, expected)
  requireDistinct(sites)
  if (sites.length < 2)
    throw new DataError({
      problem: `there is only one site file`,
      reason: 'pooling needs at least two trials',
      remedy: 'Name the files of all sites.',
    })
}

function requireProtocol({ file, artefact }: SiteFile, expected: ExpectedSites): void {
  const { study } = artefact
  if (artefact.protocolHash !== expected.protocolHash)
    throw new DataError({
      file,
      problem: `the file of "${study}" was made with another protocol`,
      reason: `its hash is ${artefact.protocolHash.slice(0, 12)}..., and that of this protocol ${expected.protocolHash.slice(0, 12)}...`,
      remedy: 'Send all sites the same protocol, seed and settings included, and let them make their files again.',
    })
  const unequal = (what: string, own: string, ours: string) =>
    new DataError({
      file,
      problem: `the file of "${study}" has ${what} ${own}, and the protocol says ${ours}`,
      reason: 'the file contradicts the protocol that it names',
      remedy: 'Ask the site to make it again with `poolite site fit`.',
    })
  if (artefact.model !== expected.model) throw unequal('the first-stage model', `"${artefact.model}"`, `"${expected.model}"`)
  if (artefact.origin === 'poolite' && artefact.seed !== expected.seed)
    throw unequal('the seed', String(artefact.seed), String(expected.seed))
  const names = artefact.coefficients?.names
  const isAsWanted = (own: readonly string[], wanted: readonly string[]) =>
    own.join('\n') === (expected.mayLackColumns ? wanted.filter((name) => own.includes(name)) : wanted).join('\n')
  if (names && !isAsWanted(names, expected.coefficientNames)) throw wrongCoefficients(file, study, names, expected)
  if (artefact.arms && !isAsWanted(artefact.arms.columns, expected.columns))
    throw unequal('the columns', artefact.arms.columns.join(', '), expected.columns.join(', '))
  if (expected.include && !expected.include.includes(study))
    throw new DataError({
      file,
      problem: `trial "${study}" is not among those that the protocol includes`,
      remedy: `Leave the file out, or correct trials.include at all sites.${didYouMean(study, expected.include)}`,
    })
}

function wrongCoefficients(
  file: string,
  study: string,
  names: readonly string[],
  { coefficientNames }: ExpectedSites,
): DataError {
  const missing = coefficientNames.filter((name) => !names.includes(name))
  const surplus = names.filter((name) => !coefficientNames.includes(name))
  const reason = [
    ...(missing.length > 0 ? [`missing: ${missing.join(', ')}`] : []),
    ...(surplus.length > 0 ? [`not in the protocol: ${surplus.join(', ')}`] : []),
  ]
  return new DataError({
    file,
    problem: `the coefficients of "${study}" are not those of the protocol`,
    reason: reason.length > 0 ? reason.join('; ') : 'they stand in another order',
    remedy: `The protocol asks for ${coefficientNames.join(', ')}: a trial without a covariate can be pooled with a protocol that has it only under \`missingCovariate: use-available\` in trials.`,
  })
}

function requireDistinct(sites: readonly SiteFile[]): void {
  const contents = ({ artefact: { leastSquares, coefficients, profileEffects } }: SiteFile) =>
    JSON.stringify(leastSquares?.estimate ?? coefficients?.estimate ?? profileEffects?.variables.map(({ values }) => values))
  sites.forEach((site, index) => {
    const earlier = sites.slice(0, index)
    const same = earlier.find(({ artefact }) => artefact.study === site.artefact.study)
    if (same)
      throw new DataError({
        file: site.file,
        problem: `trial "${site.artefact.study}" has been given already, as ${same.file}`,
        reason: 'its patients would count twice',
        remedy: 'Name one file for each trial.',
      })
    const twin = earlier.find((other) => contents(other) === contents(site))
    if (twin)
      throw new DataError({
        file: site.file,
        problem: `trials "${site.artefact.study}" and "${twin.artefact.study}" have exactly the same estimates`,
        reason: 'these are the same patients under two names, who would count twice',
        remedy: 'Leave one of the files out, and ask the sites which name is right.',
      })
  })
}

/** In the order of the protocol where it has one, otherwise by name with numbers as numbers, so that the order of files does not matter. */
export function inSiteOrder(sites: readonly SiteFile[], include?: readonly string[]): SiteFile[] {
  const place = ({ artefact }: SiteFile) => include?.indexOf(artefact.study) ?? 0
  const byName = new Intl.Collator('en', { numeric: true })
  return [...sites].sort(
    (first, second) =>
      place(first) - place(second) ||
      byName.compare(first.artefact.study, second.artefact.study) ||
      (first.artefact.study < second.artefact.study ? -1 : 1),
  )
}

/** Between residual standard deviations, METHOD 6.5: other units, or other patients. */
const DEVIATION_RATIO = 2
/** Standard errors from 0 beyond which a slope has a sign. */
const CLEAR_SIGN = 3

/** Signs that sites mean different things by the same columns. */
export function siteWarnings(sites: readonly SiteFile[]): Warning[] {
  return [...deviationWarnings(sites), ...slopeWarnings(sites), ...provenanceWarnings(sites)]
}

function deviationWarnings(sites: readonly SiteFile[]): Warning[] {
  const found = sites.flatMap(({ artefact: { study, leastSquares } }) =>
    leastSquares ? [{ study, deviation: leastSquares.residualDeviation }] : [],
  )
  return found.flatMap(({ study, deviation }, index) => {
    const others = found.filter((_, at) => at !== index).map((one) => one.deviation)
    const ratio = deviation / median(others)
    if (others.length === 0 || (ratio <= DEVIATION_RATIO && ratio >= 1 / DEVIATION_RATIO)) return []
    return important(
      `the residual standard deviation of trial "${study}" is ${ratio.toPrecision(2)} times the median of the other trials'. Check that it gives the outcome in the unit of the protocol.`,
    )
  })
}

function slopeWarnings(sites: readonly SiteFile[]): Warning[] {
  const slopes = sites.flatMap(({ artefact: { study, leastSquares } }) =>
    (leastSquares?.prognostic.names ?? []).map((name, index) => ({
      study,
      name,
      z: leastSquares!.prognostic.estimate[index] / leastSquares!.prognostic.error[index],
    })),
  )
  return [...new Set(slopes.map(({ name }) => name))].flatMap((name) => {
    const clear = slopes.filter((slope) => slope.name === name && Math.abs(slope.z) > CLEAR_SIGN)
    const [up, down] = [clear.filter(({ z }) => z > 0), clear.filter(({ z }) => z < 0)]
    const [few, many] = up.length < down.length ? [up, down] : [down, up]
    if (few.length === 0 || many.length < 2) return []
    return important(
      `${name} goes with the outcome the other way round in ${few.map(({ study }) => `"${study}"`).join(', ')} than in ${many.length} other trials. Check its coding, and the direction of the outcome, there.`,
    )
  })
}

function provenanceWarnings(sites: readonly SiteFile[]): Warning[] {
  const named = (wanted: (artefact: SiteArtefact) => boolean) =>
    sites.flatMap(({ artefact }) => (wanted(artefact) ? [`"${artefact.study}"`] : [])).join(', ')
  const elsewhere = named(({ origin }) => origin === 'import')
  const loose = named(({ origin, disclosure }) => origin === 'poolite' && !disclosure.isRestricted)
  const untold = named(({ leftOut }) => leftOut.control === null || leftOut.treated === null)
  const versions = [...new Set(sites.map(({ artefact }) => artefact.versions.poolite))]
  return [
    ...(elsewhere
      ? important(
          `the first stage of ${elsewhere} was fitted by another program: poolite has seen neither data nor draws, and its diagnostics say nothing.`,
        )
      : []),
    ...(loose ? important(`the files of ${loose} were made without disclosure rules.`) : []),
    ...(untold
      ? [
          {
            severity: 'note' as const,
            message: `in ${untold} a few patients of an arm were left out for missing values; how few is not told, so that they are missing from the table of those left out.`,
          },
        ]
      : []),
    ...(versions.length > 1
      ? [
          {
            severity: 'note' as const,
            message: `the sites used different versions of poolite (${versions.join(', ')}): their draws are valid, but not those that one version would give.`,
          },
        ]
      : []),
  ]
}

const important = (message: string): Warning[] => [{ severity: 'important', message }]

function median(values: readonly number[]): number {
  const sorted = [...values].sort((first, second) => first - second)
  const middle = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
}

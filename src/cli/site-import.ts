import { designColumns } from '../data/design-columns.js'
import type { Protocol } from '../data/protocol.js'
import { protocolHash } from '../data/protocol-hash.js'
import { DataError } from '../errors/data-error.js'
import { UsageError } from '../errors/usage-error.js'
import { choleskyInPlace } from '../numeric/cholesky.js'
import { treatmentCoefficientNames } from '../numeric/trial-regression.js'
import { sealArtefact } from '../site/artefact-digest.js'
import { encodeDraws } from '../site/artefact-draws.js'
import { disclosureRules } from '../site/disclosure-rules.js'
import { encodeValues } from '../site/encoded-values.js'
import { type ImportedEstimate, importEstimates } from '../site/import-estimates.js'
import { type SiteArtefact, siteFormat } from '../site/site-artefact.js'
import { version } from '../version.js'
import { loadProtocol, loadTable } from './load-inputs.js'
import { artefactText } from './site-inspect.js'
import { signArtefact } from './site-signature.js'
import type { Terminal } from './terminal.js'
import { requireFree } from './write-file.js'
import { writeWholeFile } from './write-output.js'

export interface SiteImportOptions {
  readonly protocol: string
  readonly study: string
  readonly control: number
  readonly treated: number
  readonly out: string
  readonly sign?: string
  readonly json?: boolean
}

/** `poolite site import`: a site file from draws or estimates that another program made. */
export async function siteImport(tablePath: string, options: SiteImportOptions, terminal: Terminal): Promise<void> {
  const { out, study, control, treated, sign, json } = options
  requireFree(out)
  const { protocol } = loadProtocol(options.protocol)
  const { include } = protocol.trials
  if (include && !include.includes(study))
    throw new UsageError({
      problem: `the protocol does not include a trial "${study}"`,
      remedy: `Name one of: ${include.join(', ')}.`,
    })
  const names = treatmentCoefficientNames({ columns: designColumns(protocol) })
  const imported = importEstimates(loadTable(tablePath).table, names)
  if (!choleskyInPlace(Float64Array.from(imported.covariance), names.length))
    throw new DataError({
      file: tablePath,
      problem: 'the covariance matrix is not positive definite',
      reason: 'a coefficient is constant or a combination of others, or too few digits were written',
      remedy: 'Write all digits, and leave out covariates that the trial cannot estimate.',
    })
  const artefact = await importedArtefact(imported, names, protocol, { study, patients: { control, treated } })
  const sealed = sign === undefined ? artefact : signArtefact(artefact, sign)
  writeWholeFile(out, `${JSON.stringify(sealed)}\n`)
  if (json) terminal.data(`${JSON.stringify({ out, study, digest: sealed.digest })}\n`)
  else terminal.data(artefactText(sealed))
  terminal.talk(`poolite: wrote ${out}. The numbers are taken to be on the scale of the protocol.\n`)
}

async function importedArtefact(
  { estimate, covariance, draws }: ImportedEstimate,
  names: readonly string[],
  protocol: Protocol,
  { study, patients }: Pick<SiteArtefact, 'study' | 'patients'>,
): Promise<SiteArtefact> {
  const { leastCount, parameterShare } = disclosureRules(protocol)
  requireCounts(patients, names.length, leastCount, parameterShare)
  const count = draws ? draws.length / names.length : 0
  return sealArtefact({
    format: siteFormat,
    protocolHash: await protocolHash(protocol),
    study,
    origin: 'import',
    versions: { poolite: version, node: process.version },
    seed: protocol.inference.seed,
    model: protocol.firstStage.model,
    patients,
    leftOut: { control: 0, treated: 0 },
    fit: {
      algorithm: 'elsewhere',
      engine: 'javascript',
      precision: 'float64',
      chains: 1,
      warmup: 0,
      draws: count,
      targetAcceptance: 0,
      maximumTreeDepth: 0,
      gradientCount: 0,
      divergences: 0,
      diagnosis: 'passed',
      checks: [],
    },
    coefficients: {
      names: [...names],
      estimate: [...estimate],
      covariance: [...covariance],
      ...(draws && { draws: { count, values: encodeValues(draws) } }),
    },
    ...(draws && { parameters: encodeDraws(asParameters(draws, names)) }),
    disclosure: { leastCount, parameterShare, isRestricted: true },
  })
}

function requireCounts(
  { control, treated }: SiteArtefact['patients'],
  coefficientCount: number,
  leastCount: number,
  share: number,
): void {
  const least = Math.max(leastCount, Math.ceil(coefficientCount / share - 1e-9))
  if (Number.isInteger(control) && Number.isInteger(treated) && Math.min(control, treated) >= least) return
  throw new DataError({
    problem: `nothing may leave this site: an arm has fewer patients than the ${least} that ${coefficientCount} coefficients need`,
    reason: 'the disclosure rules would be broken',
    remedy: `At least ${least} patients in each arm would pass, or fewer covariates.`,
  })
}

/** `delta` and `gamma`, as a linear model of ours has them. */
function asParameters(draws: Float64Array, names: readonly string[]) {
  const drawCount = draws.length / names.length
  const labels = names.slice(1).map((name) => name.replace(/^treatment:/, ''))
  const delta = Float64Array.from({ length: drawCount }, (_, draw) => draws[draw * names.length])
  const gamma = draws.filter((_, at) => at % names.length > 0)
  return {
    chainCount: 1,
    drawCount,
    variables: [
      { name: 'delta', dimensions: [], values: delta },
      ...(labels.length > 0 ? [{ name: 'gamma', dimensions: [{ name: 'modifier', labels }], values: gamma }] : []),
    ],
  }
}

/** Reads a site file that somebody sent: nothing in it is believed before it has been checked, and no check takes long. */
import { DataError } from '../errors/data-error.js'
import { choleskyInPlace } from '../numeric/cholesky.js'
import { artefactDigest } from './artefact-digest.js'
import { decodeDraws } from './artefact-draws.js'
import { decodeValues } from './encoded-values.js'
import { type SiteArtefact, siteArtefactSchema, siteFormat } from './site-artefact.js'

/** Of text: more than any artefact holds, and read in a second. */
export const LARGEST_FILE = 128 * 2 ** 20
/** Of an arm, whatever the rules of the site: fewer have no spread to speak of. */
const FEWEST_PATIENTS = 2
/** The schema goes 6 deep. */
const DEEPEST = 16

/**
 * @param file name for messages
 * @throws DataError saying what is wrong: no JSON, another version, a field too many or too few, numbers that cannot be, an altered file.
 */
export async function parseArtefact(text: string, file: string): Promise<SiteArtefact> {
  requireSize(text.length, file)
  requireShallow(text, file)
  const raw = parseJson(text, file)
  requireFormat(raw, file)
  const result = siteArtefactSchema.safeParse(raw)
  if (!result.success) {
    const { path, message } = result.error.issues[0]
    throw unusable(file, `${path.length === 0 ? 'the file' : path.map(String).join('.').slice(0, 100)}: ${plainText(message)}`)
  }
  const artefact = result.data
  if ((await artefactDigest(artefact)) !== artefact.digest)
    throw new DataError({
      file,
      problem: 'the file is not what the site made: it was altered or cut',
      reason: 'its content has another SHA-256 than its digest says',
      remedy: 'Ask the site to send it again, and do not edit it.',
    })
  requireSound(artefact, file)
  return artefact
}

/** @param length in bytes or characters */
export function requireSize(length: number, file: string): void {
  if (length <= LARGEST_FILE) return
  throw new DataError({
    file,
    problem: `the file is larger than ${LARGEST_FILE / 2 ** 20} MiB`,
    reason: 'no site file is, and it is not read',
    remedy: 'Check that it is a site file; with fewer draws in the protocol, files are smaller.',
  })
}

/** Before it is parsed; brackets inside of strings do not count. */
export function requireShallow(text: string, file: string): void {
  let depth = 0
  for (let at = 0; at < text.length; at++) {
    const letter = text[at]
    if (letter === '"') at = endOfString(text, at)
    else if (letter === '[' || letter === '{') depth++
    else if (letter === ']' || letter === '}') depth--
    if (depth > DEEPEST) throw unusable(file, `it is nested more than ${DEEPEST} deep`)
  }
}

/** Place of the quote that ends the string which begins at `start`. */
function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); ; end = text.indexOf('"', end + 1)) {
    if (end < 0) return text.length
    let slashes = 0
    while (text[end - 1 - slashes] === '\\') slashes++
    if (slashes % 2 === 0) return end
  }
}

export function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new DataError({
      file,
      problem: 'this is not JSON, or only a part of it',
      remedy: 'Give the file that poolite wrote at the site, whole; ask the site to send it again.',
    })
  }
}

function requireFormat(raw: unknown, file: string): void {
  const format = typeof raw === 'object' && raw !== null ? (raw as { format?: unknown }).format : undefined
  if (format === siteFormat) return
  const found = typeof format === 'string' && /^poolite-[a-z]+-\d+$/.test(format) ? format : undefined
  throw new DataError({
    file,
    problem: found ? `this is a file of the format ${found}` : 'this is no site file of poolite',
    reason: `this version reads ${siteFormat}`,
    remedy: found?.startsWith('poolite-site-')
      ? 'Use the same version of poolite at the sites and at the centre.'
      : 'Give a file that `poolite site fit` or `poolite site import` wrote.',
  })
}

function requireSound(artefact: SiteArtefact, file: string): void {
  const { coefficients, leastSquares, parameters, profileEffects, refits, arms, overlap, patients } = artefact
  if (patients.control === 0 || patients.treated === 0)
    throw unusable(file, 'one arm has no patients, so that there is no effect')
  const least = Math.max(FEWEST_PATIENTS, artefact.disclosure.leastCount)
  if (Math.min(patients.control, patients.treated) < least) throw unusable(file, `an arm has fewer than ${least} patients`)
  const size = coefficients?.names.length
  if (coefficients && size !== undefined) {
    requireMoments('coefficients', coefficients, size, file)
    if (new Set(coefficients.names).size < size) throw unusable(file, 'a coefficient is named twice')
    if (coefficients.draws) decodeValues(coefficients.draws.values, coefficients.draws.count * size, file)
  }
  if (leastSquares) {
    requireMoments('leastSquares', leastSquares, size ?? leastSquares.estimate.length, file)
    const { names, estimate, error } = leastSquares.prognostic
    if (estimate.length !== names.length || error.length !== names.length)
      throw unusable(file, 'leastSquares.prognostic: as many numbers as names are needed')
  }
  for (const draws of [parameters, profileEffects, refits]) if (draws) decodeDraws(draws, file)
  const width = arms?.columns.length
  if (arms && [arms.control, arms.treated].some(({ mean, sd }) => mean.length !== width || sd.length !== width))
    throw unusable(file, 'arms: as many numbers as columns are needed')
  if (overlap && overlap.covariance.length !== overlap.mean.length ** 2)
    throw unusable(file, 'overlap.covariance has another size')
  if (!coefficients && !parameters && !profileEffects) throw unusable(file, 'it holds neither coefficients nor effects')
}

interface Moments {
  readonly estimate: readonly number[]
  readonly covariance: readonly number[]
}

function requireMoments(name: string, { estimate, covariance }: Moments, size: number, file: string): void {
  if (estimate.length !== size) throw unusable(file, `${name}.estimate has ${estimate.length} numbers, and ${size} are needed`)
  if (covariance.length !== size * size)
    throw unusable(file, `${name}.covariance has ${covariance.length} numbers, and ${size * size} are needed`)
  const isSymmetric = covariance.every((value, at) => value === covariance[(at % size) * size + Math.floor(at / size)])
  if (!isSymmetric) throw unusable(file, `${name}.covariance is not symmetric`)
  if (!choleskyInPlace(Float64Array.from(covariance), size)) throw unusable(file, `${name}.covariance is not positive definite`)
}

function unusable(file: string, reason: string): DataError {
  return new DataError({
    file,
    problem: 'this site file cannot be used',
    reason,
    remedy: 'Ask the site to make it again with `poolite site fit`, or correct the program that wrote it.',
  })
}

const plainText = (message: string): string => message.replace(/[\p{Cc}]/gu, ' ').slice(0, 200)

import { join } from 'node:path'
import type { ApproximationRecord } from '../contract/analysis.js'
import { DataError } from '../errors/data-error.js'
import { manifestFormat, manifestName } from './output-folder.js'
import { readText } from './read-file.js'

/** Of one fit. */
export interface FitRecord {
  readonly approximation?: ApproximationRecord
  readonly chainSeconds?: readonly { readonly warmup: number; readonly sampling: number }[]
}

/** What the verbs that read the folder of a run need to know of it; `run-files.ts` writes more for human readers. */
export interface Manifest {
  readonly format: typeof manifestFormat
  readonly protocolHash: string
  /** Absent when the data did not come from a file. */
  readonly dataFile?: string
  readonly dataHash?: string
  /** Covariates of `protocol.yaml` that the analysis did without; absent when there are none. */
  readonly droppedCovariates?: readonly string[]
  /** Of the treatment effect, in the order of the pooled draws. */
  readonly coefficients: readonly string[]
  /** In the order of the pooled draws. */
  readonly trials: readonly (FitRecord & { readonly study: string })[]
  readonly pooled?: FitRecord
}

/**
 * @throws UsageError when there is no manifest to read.
 * @throws DataError when it is not one of poolite.
 */
export function readManifest(runPath: string): Manifest {
  const path = join(runPath, manifestName)
  const manifest = parse(readText(path), path)
  if (manifest.format === manifestFormat) return manifest as Manifest
  throw new DataError({
    file: path,
    problem: `this is no manifest of the format ${manifestFormat}`,
    remedy: 'Give a folder that this version of `poolite run` wrote.',
  })
}

function parse(text: string, file: string): Partial<Manifest> {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new DataError({ file, problem: `not valid JSON: ${(error as Error).message}`, remedy: 'Run `poolite run` again.' })
  }
}

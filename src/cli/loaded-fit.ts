import type { ApproximationRecord } from '../contract/analysis.js'
import type { Draws } from '../draws/draws.js'
import type { SampledDraws } from '../draws/sampled-draws.js'
import type { CmdStanSettings } from '../draws/to-cmdstan.js'

/** The draws of one fit, from a run or from files. */
export interface LoadedFit extends SampledDraws, CmdStanSettings {
  /** Such as `pooled`, `trial-01`, or the name of the file. */
  readonly name: string
  readonly prior?: Draws
  /** Set when the draws are those of an approximation. */
  readonly approximation?: ApproximationRecord
}

/** Which draws of a source are meant; options of the verbs that read draws. */
export interface SourceOptions {
  /** Of a run: the trials' fits, or the pooled one. */
  readonly stage?: 'first' | 'second'
  /** Of the first stage: one trial. */
  readonly study?: string
  /** Table of the sampler's scalars, for draws that come as a table or as Parquet. */
  readonly sampler?: string
  /** Cut the chains of files that are still being written to what all of them hold. */
  readonly unfinished?: boolean
}

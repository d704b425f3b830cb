import { DataError } from '../errors/data-error.js'
import type { CmdStanFile, CmdStanRow } from './cmdstan-file.js'

/** What a CmdStan run was asked to do. */
export interface CmdStanPlan {
  /** Such as `2.32.0`; absent in files of rstan and in those without comments. */
  readonly stanVersion?: string
  readonly modelName?: string
  /** Warmup transitions. */
  readonly warmup?: number
  /** Every how many transitions one was written. */
  readonly thin: number
  readonly targetAcceptance?: number
  readonly maximumTreeDepth?: number
}

/** A file with its rows told apart. */
export interface PlannedRows {
  readonly plan: CmdStanPlan
  readonly warmup: readonly CmdStanRow[]
  readonly draws: readonly CmdStanRow[]
  /** Rows that the settings promise and the file does not hold. */
  readonly missing: number
}

/**
 * Reads the settings of a file (CmdStan since 2.0, and rstan's `sample_file`) and tells warmup from draws.
 * @throws DataError for the output of a method other than sampling, a setting that is no number, and more rows than the settings promise.
 */
export function planRows(file: CmdStanFile): PlannedRows {
  requireSampling(file)
  const count = (...names: readonly string[]) => wholeSetting(file, names)
  const thin = count('thin') || 1
  const warmup = count('num_warmup', 'warmup')
  const iterations = count('iter')
  const sampling = count('num_samples') ?? (iterations === undefined ? undefined : iterations - (warmup ?? 0))
  const savesWarmup = ['1', 'true'].includes(file.settings.get('save_warmup') ?? '')
  const warmupRows = savesWarmup ? Math.ceil((warmup ?? 0) / thin) : 0
  const promised = sampling === undefined ? undefined : warmupRows + Math.ceil(sampling / thin)
  if (promised !== undefined && file.rows.length > promised) throw tooMany(file, promised)
  return {
    plan: { ...describe(file), thin, ...(warmup === undefined ? {} : { warmup }) },
    warmup: file.rows.slice(0, warmupRows),
    draws: file.rows.slice(warmupRows),
    missing: promised === undefined ? 0 : promised - file.rows.length,
  }
}

function describe({ settings }: CmdStanFile): Omit<CmdStanPlan, 'thin'> {
  const version = ['major', 'minor', 'patch'].map((part) => settings.get(`stan_version_${part}`))
  const modelName = settings.get('model')
  const delta = Number(settings.get('delta') ?? settings.get('adapt_delta') ?? Number.NaN)
  const depth = Number(settings.get('max_depth') ?? settings.get('max_treedepth') ?? Number.NaN)
  return {
    ...(version.includes(undefined) ? {} : { stanVersion: version.join('.') }),
    ...(modelName === undefined ? {} : { modelName }),
    ...(delta > 0 && delta < 1 ? { targetAcceptance: delta } : {}),
    ...(Number.isInteger(depth) && depth > 0 ? { maximumTreeDepth: depth } : {}),
  }
}

function requireSampling({ name, settings, columns }: CmdStanFile): void {
  const method = settings.get('method') ?? 'sample'
  if (['sample', 'generate_quantities'].includes(method) && !columns.includes('log_p__')) return
  throw new DataError({
    file: name,
    problem: `this is the output of CmdStan's method "${method}", not of sampling`,
    reason: 'its rows are no draws of a Markov chain',
    remedy: 'Give the files that `method=sample` wrote.',
  })
}

function wholeSetting({ name, settings }: CmdStanFile, names: readonly string[]): number | undefined {
  const found = names.find((candidate) => settings.has(candidate))
  if (found === undefined) return undefined
  const text = settings.get(found)!
  if (/^\d+$/.test(text)) return Number(text)
  throw new DataError({
    file: name,
    problem: `the setting ${found} is "${text}" and should be a whole number`,
    remedy: 'Give the file as CmdStan wrote it.',
  })
}

function tooMany({ name, rows }: CmdStanFile, promised: number): DataError {
  return new DataError({
    file: name,
    row: rows[promised].line,
    problem: `the file holds ${rows.length} draws and its settings say ${promised}`,
    reason: 'the output of two runs may have been put together',
    remedy: 'Give one file for each chain.',
  })
}

import { basename } from 'node:path'
import { fromArviz } from '../draws/from-arviz.js'
import { type CmdStanText, fromCmdStan } from '../draws/from-cmdstan.js'
import { fromTable } from '../draws/from-table.js'
import { UsageError } from '../errors/usage-error.js'
import { readColumnFile } from './column-files.js'
import type { LoadedFit, SourceOptions } from './loaded-fit.js'
import { readBytes, requireUtf8 } from './read-file.js'

type DrawsFormat = 'cmdstan' | 'arviz' | 'parquet' | 'posterior'

/**
 * One fit from files of draws; their format is seen from what they hold. Several files are the chains of one CmdStan run.
 * @throws UsageError, DataError when a file cannot be read, and when several files are not CmdStan's.
 */
export async function loadDrawsFiles(paths: readonly string[], options: SourceOptions): Promise<LoadedFit> {
  if (paths.length === 1 && paths[0].endsWith('.columns'))
    return withSampler({ name: fitName(paths[0], 1), draws: readColumnFile(paths[0]) }, options)
  const files = paths.map((path) => ({ path, bytes: readBytes(path) }))
  const formats = files.map(({ bytes }) => formatOf(bytes))
  const other = formats.findIndex((format) => format !== 'cmdstan')
  if (files.length > 1 && other !== -1)
    throw new UsageError({
      file: paths[other],
      problem: `several files were given, and this one is of the format ${formats[other]}`,
      reason: 'only CmdStan has one file for each chain',
      remedy: 'Give the files of one fit.',
    })
  const [{ path, bytes }] = files
  const name = fitName(path, files.length)
  switch (formats[0]) {
    case 'parquet': {
      const { fromParquet } = await import('../draws/from-parquet.js')
      return withSampler({ name, draws: await fromParquet(bytes, path) }, options)
    }
    case 'arviz':
      return withSampler({ name, ...fromArviz(decode(bytes, path), path) }, options)
    case 'posterior':
      return withSampler({ name, draws: fromTable(decode(bytes, path), path) }, options)
    case 'cmdstan': {
      const texts = files.map((file) => ({ name: file.path, text: decode(file.bytes, file.path) }))
      return withSampler({ name, ...cmdStanFit(texts, options) }, options)
    }
  }
}

function withSampler(fit: LoadedFit, { sampler: path }: SourceOptions): LoadedFit {
  if (path === undefined) return fit
  const sampler = path.endsWith('.columns') ? readColumnFile(path) : fromTable(readDrawsText(path), path)
  const { chainCount, drawCount } = fit.draws
  if (sampler.chainCount === chainCount && sampler.drawCount === drawCount) return { ...fit, sampler }
  throw new UsageError({
    file: path,
    problem: `the table has ${sampler.chainCount} x ${sampler.drawCount} rows and the draws are ${chainCount} x ${drawCount}`,
    remedy: 'Give what the sampler said about these very draws.',
  })
}

function cmdStanFit(texts: readonly CmdStanText[], { unfinished }: SourceOptions): Omit<LoadedFit, 'name'> {
  const { draws, sampler, plan } = fromCmdStan(texts, { unfinished: unfinished ? 'cut' : 'refuse' })
  const { modelName, warmup, targetAcceptance, maximumTreeDepth } = plan
  return {
    draws,
    ...(sampler && { sampler }),
    ...(modelName !== undefined && { modelName }),
    ...(warmup !== undefined && { warmup }),
    ...(targetAcceptance !== undefined && { targetAcceptance }),
    ...(maximumTreeDepth !== undefined && { maximumTreeDepth }),
  }
}

function formatOf(bytes: Uint8Array): DrawsFormat {
  const start = new TextDecoder().decode(bytes.subarray(0, 65536)).replace(/^\uFEFF/, '')
  if (start.startsWith('PAR1')) return 'parquet'
  if (/^\s*\{/.test(start)) return 'arviz'
  const header = start.split(/\r?\n/).find((line) => line !== '' && !line.startsWith('#')) ?? ''
  return /(^|,)"?\.(chain|iteration)"?(,|$)/.test(header) ? 'posterior' : 'cmdstan'
}

function readDrawsText(path: string): string {
  return decode(readBytes(path), path)
}

function decode(bytes: Uint8Array, path: string): string {
  requireUtf8(bytes, path)
  return new TextDecoder().decode(bytes)
}

/** The name of the file without its extension and, with several, without the number of the chain. */
function fitName(path: string, fileCount: number): string {
  const name = basename(path).replace(/\.[^.]+$/, '')
  return fileCount > 1 ? name.replace(/[-_]\d+$/, '') : name
}

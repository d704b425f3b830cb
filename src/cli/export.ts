import { join } from 'node:path'
import { arvizParts } from '../draws/to-arviz.js'
import { cmdStanLines } from '../draws/to-cmdstan.js'
import { tableLines } from '../draws/to-table.js'
import { loadFits } from './load-fits.js'
import type { LoadedFit, SourceOptions } from './loaded-fit.js'
import { openOutputFolder } from './output-folder.js'
import { packageVersion } from './package-root.js'
import { safeFileNames } from './safe-file-names.js'
import type { Terminal } from './terminal.js'
import { writing } from './write-output.js'

export const exportFormats = ['cmdstan', 'arviz', 'parquet', 'posterior'] as const
export type ExportFormat = (typeof exportFormats)[number]

export interface ExportOptions extends SourceOptions {
  readonly format: ExportFormat
  readonly out: string
  readonly json?: boolean
}

interface ExportedFile {
  readonly name: string
  readonly content: Iterable<string | Uint8Array>
}

/** `poolite export`: draws of a run, or files of draws, in the format of another program, in a new folder. */
export async function exportDraws(sources: readonly string[], options: ExportOptions, terminal: Terminal): Promise<void> {
  const { format, out, json } = options
  const fits = await loadFits(sources, options)
  const names = safeFileNames(fits.map(({ name }) => name))
  const folder = writing(out, () => openOutputFolder(out, false))
  const written: string[] = []
  try {
    for (const [index, fit] of fits.entries())
      for (const { name, content } of await filesOf({ ...fit, name: names[index] }, format)) {
        writing(join(out, name), () => folder.write(name, content))
        written.push(name)
      }
    writing(out, () => folder.complete())
  } finally {
    folder.discard()
  }
  const paths = written.map((name) => join(out, name))
  terminal.data(json ? `${JSON.stringify({ out, format, files: paths })}\n` : `${paths.join('\n')}\n`)
  if (!json) terminal.talk(`\n${readingSnippet(format, paths)}\n`)
}

/** Lines that read the files where they are going, as they can be pasted. */
function readingSnippet(format: ExportFormat, paths: readonly string[]): string {
  const main = paths.filter((path) => !/-sampler\.[a-z]+$/.test(path))
  const quoted = main.map((path) => JSON.stringify(path))
  const snippets = {
    cmdstan: ['In R', `fit <- rstan::read_stan_csv(c(${quoted.join(', ')}))`, 'draws <- posterior::as_draws(fit)'],
    posterior: [
      'In R',
      `draws <- posterior::as_draws_df(read.csv(${quoted[0]}, check.names = FALSE))`,
      'posterior::summarise_draws(draws)',
    ],
    parquet: ['In Python', 'import pandas', `draws = pandas.read_parquet(${quoted[0]})`],
    arviz: ['In Python', 'import json, arviz', `data = arviz.from_dict(**json.load(open(${quoted[0]})))`],
  }
  const [language, ...lines] = snippets[format]
  return `${language}:\n${lines.map((line) => `  ${line}`).join('\n')}`
}

async function filesOf(fit: LoadedFit, format: ExportFormat): Promise<ExportedFile[]> {
  const { name, draws, sampler, prior, seed } = fit
  switch (format) {
    case 'cmdstan':
      return cmdStanLines(fit, fit).map((content, chain) => ({ name: `${name}-${chain + 1}.csv`, content }))
    case 'arviz': {
      const attributes = {
        inference_library: 'poolite',
        inference_library_version: packageVersion(),
        ...(seed !== undefined && { seed }),
      }
      return [{ name: `${name}.json`, content: arvizParts(fit, { ...(prior && { prior }), attributes }) }]
    }
    case 'parquet': {
      const { parquetParts } = await import('../draws/to-parquet.js')
      const parts = sampler ? [{ name: `${name}-sampler.parquet`, content: parquetParts(sampler) }] : []
      return [{ name: `${name}.parquet`, content: parquetParts(draws) }, ...parts]
    }
    case 'posterior': {
      const parts = sampler ? [{ name: `${name}-sampler.csv`, content: tableLines(sampler) }] : []
      return [{ name: `${name}.csv`, content: tableLines(draws) }, ...parts]
    }
  }
}

import type { Workers } from '../fitting/chain-pool.js'
import type { SiteFile } from '../site/check-sites.js'
import { interruptible } from './interruption.js'
import { loadProtocol } from './load-inputs.js'
import { loadSite } from './load-site.js'
import { openOutputFolder, requireReplaceable } from './output-folder.js'
import { type ProgressKind, progressWriter } from './progress.js'
import { tell, writeRun } from './run.js'
import type { Terminal } from './terminal.js'

export interface PoolOptions {
  readonly protocol: string
  readonly out: string
  readonly overwrite?: boolean
  /** Folder of the sites' public keys. */
  readonly keys?: string
  readonly workers?: Workers
  readonly strict?: boolean
  readonly quiet?: boolean
  readonly progress: ProgressKind
  readonly json?: boolean
}

/** `poolite pool`: the second stage from the files of the sites, written as `poolite run` writes it. */
export async function pool(paths: readonly string[], options: PoolOptions, terminal: Terminal): Promise<void> {
  const { out, overwrite = false, keys, workers, quiet, progress } = options
  const { protocol, text } = loadProtocol(options.protocol)
  requireReplaceable(out, overwrite)
  const sites: SiteFile[] = []
  for (const path of paths) sites.push(await loadSite(path, keys))
  const { poolSites } = await import('../stages/pool-sites.js')
  const writer = progressWriter(quiet ? 'none' : progress, terminal)
  const folder = openOutputFolder(out, overwrite)
  try {
    const analysis = await interruptible((signal) =>
      poolSites({
        protocol,
        sites,
        signal,
        onProgress: writer.report,
        onEvent: writer.event,
        ...(workers === undefined ? {} : { workers }),
      }),
    ).finally(() => writer.finish())
    writeRun(analysis, text, folder, out)
    tell(analysis, options, terminal)
  } finally {
    folder.discard()
  }
}

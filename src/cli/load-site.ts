import { statSync } from 'node:fs'
import { basename } from 'node:path'
import { UsageError } from '../errors/usage-error.js'
import type { SiteFile } from '../site/check-sites.js'
import { parseArtefact, requireSize } from '../site/read-artefact.js'
import { readText } from './read-file.js'
import { verifyArtefact } from './site-signature.js'

/**
 * A site file, checked and its signature verified.
 * @param keys folder of the sites' public keys
 * @throws UsageError, DataError
 */
export async function loadSite(path: string, keys?: string): Promise<SiteFile> {
  const file = basename(path)
  const found = statSync(path, { throwIfNoEntry: false })
  if (found && !found.isFile() && !found.isDirectory())
    throw new UsageError({ file: path, problem: 'this is no ordinary file', remedy: 'Save what is sent to a file first.' })
  requireSize(found?.size ?? 0, file)
  const artefact = await parseArtefact(readText(path), file)
  verifyArtefact(artefact, file, keys)
  return { file, artefact }
}

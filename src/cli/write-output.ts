import { randomBytes } from 'node:crypto'
import { renameSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { RunError } from '../errors/run-error.js'
import { requireFree } from './write-file.js'

const remedies: Readonly<Record<string, string>> = {
  ENOSPC: 'Free some space or write to another disk.',
  EDQUOT: 'Your quota is used up: free some space or write to another disk.',
  EACCES: 'Choose a folder where you may write.',
  EPERM: 'Choose a folder where you may write.',
  EROFS: 'Choose a folder where you may write.',
  ENOENT: 'Make the folder first, or choose another.',
}

/**
 * Does something that writes to `path`.
 * @throws RunError when the disk is full or refuses; other failures pass through.
 */
export function writing<Result>(path: string, action: () => Result): Result {
  try {
    return action()
  } catch (error) {
    throw writeFailure(path, error)
  }
}

/** A RunError for what the disk refused; any other failure as it is. */
export function writeFailure(path: string, error: unknown): unknown {
  const { code } = error as NodeJS.ErrnoException
  const remedy = code === undefined ? undefined : remedies[code]
  if (remedy === undefined) return error
  const reason = code === 'ENOSPC' ? 'the disk is full' : code!
  return new RunError({ file: path, problem: 'it cannot be written', reason, remedy })
}

/**
 * Writes a file that is not there yet, whole or not at all.
 * @throws UsageError when something stands there, RunError when the disk is full or refuses.
 */
export function writeWholeFile(path: string, content: string | Uint8Array): void {
  requireFree(path)
  const partial = join(dirname(path), `.${basename(path)}.partial-${randomBytes(4).toString('hex')}`)
  writing(path, () => {
    try {
      writeFileSync(partial, content, { flag: 'wx' })
      renameSync(partial, path)
    } finally {
      rmSync(partial, { force: true })
    }
  })
}

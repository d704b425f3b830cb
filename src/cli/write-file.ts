import { existsSync, writeFileSync } from 'node:fs'
import { UsageError } from '../errors/usage-error.js'

/**
 * Writes a file that is not there yet.
 * @throws UsageError when it is, or cannot be written.
 */
export function writeNewFile(path: string, text: string): void {
  try {
    writeFileSync(path, text, { flag: 'wx' })
  } catch (error) {
    throw unwritable(path, (error as NodeJS.ErrnoException).code ?? String(error))
  }
}

/** @throws UsageError when something stands at `path`: asked before the work, so that it is not in vain. */
export function requireFree(path: string): void {
  if (existsSync(path)) throw unwritable(path, 'EEXIST')
}

function unwritable(path: string, code: string): UsageError {
  const remedy = 'Choose another name with --out.'
  if (code === 'EEXIST')
    return new UsageError({ file: path, problem: 'the file exists', reason: 'nothing is written over', remedy })
  return new UsageError({ file: path, problem: 'the file cannot be written', reason: code, remedy })
}

import { closeSync, existsSync, openSync, rmSync, writeFileSync } from 'node:fs'
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

/** A new file that grows. */
export interface GrowingFile {
  append(text: string): void
  close(): void
  /** Closes and removes it. */
  discard(): void
}

/** @throws UsageError when the file is there, or cannot be written. */
export function createNewFile(path: string): GrowingFile {
  const attempt = <Value>(work: () => Value): Value => {
    try {
      return work()
    } catch (error) {
      throw unwritable(path, (error as NodeJS.ErrnoException).code ?? String(error))
    }
  }
  const file = attempt(() => openSync(path, 'wx'))
  return {
    append: (text) => attempt(() => writeFileSync(file, text)),
    close: () => closeSync(file),
    discard() {
      closeSync(file)
      rmSync(path, { force: true })
    },
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

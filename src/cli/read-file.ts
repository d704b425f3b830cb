import { readdirSync, readFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { didYouMean } from '../data/nearest-name.js'
import { DataError } from '../errors/data-error.js'
import { UsageError } from '../errors/usage-error.js'

/** @throws UsageError when there is no such file, it is a folder or it cannot be read. */
export function readBytes(path: string): Uint8Array {
  try {
    return readFileSync(path)
  } catch (error) {
    throw unreadable(path, (error as NodeJS.ErrnoException).code ?? String(error))
  }
}

/**
 * @throws UsageError as `readBytes`.
 * @throws DataError when the bytes are not UTF-8.
 */
export function readText(path: string): string {
  const bytes = readBytes(path)
  requireUtf8(bytes, path)
  return new TextDecoder().decode(bytes)
}

/** @throws DataError with the row of the first byte that is not UTF-8. */
export function requireUtf8(bytes: Uint8Array, path: string): void {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    const before = new TextDecoder().decode(bytes).split('\uFFFD', 1)[0]
    throw new DataError({
      problem: 'the text is not UTF-8',
      reason: 'letters outside ASCII would be read as something else',
      remedy: 'Save the file again with the encoding UTF-8; spreadsheet programs call it "CSV UTF-8".',
      file: path,
      row: before.split('\n').length,
    })
  }
}

function unreadable(path: string, code: string): UsageError {
  if (code === 'ENOENT') {
    return new UsageError({
      file: path,
      problem: 'there is no such file',
      remedy: `Check the path.${didYouMean(basename(path), neighbours(path))}`,
    })
  }
  if (code === 'EISDIR')
    return new UsageError({ file: path, problem: 'this is a folder, and a file is needed', remedy: 'Name a file in it.' })
  if (code === 'EACCES' || code === 'EPERM') {
    return new UsageError({
      file: path,
      problem: 'the file may not be read',
      reason: 'permission denied',
      remedy: 'Give yourself the right to read it.',
    })
  }
  return new UsageError({
    file: path,
    problem: 'the file cannot be read',
    reason: code,
    remedy: 'Check that the path names a readable file.',
  })
}

function neighbours(path: string): string[] {
  try {
    return readdirSync(dirname(path))
  } catch {
    return []
  }
}

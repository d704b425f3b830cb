import { randomBytes } from 'node:crypto'
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { UsageError } from '../errors/usage-error.js'

/** File that marks a folder as written by poolite, and the value of its field `format`. */
export const manifestName = 'manifest.json'
export const manifestFormat = 'poolite-run-1'
/** That of a folder written by `poolite validate`. */
export const validationFormat = 'poolite-validation-1'

/** A folder that appears under its name all at once, when it is complete. */
export interface OutputFolder {
  /** Where it is until then. */
  readonly path: string
  /** @param path relative, with `/` between its parts. */
  write(path: string, content: string | Uint8Array | Iterable<string | Uint8Array>): void
  /** Gives the folder its name, in place of the earlier run that stood there. */
  complete(): void
  /** Removes what was written, unless complete. Safe to call again. */
  discard(): void
}

/**
 * Opens a temporary folder to write into: `temporary`, which is emptied, or a sibling of `path`.
 * @throws UsageError when something stands at `path` and may not be replaced, or the folder cannot be made. Only a folder written by poolite
 * is ever replaced.
 */
export function openOutputFolder(path: string, mayReplace: boolean, temporary?: string): OutputFolder {
  const target = resolve(path)
  requireReplaceable(path, mayReplace)
  const mark = randomBytes(4).toString('hex')
  const partial = resolve(temporary ?? join(dirname(target), `.${basename(target)}.partial-${mark}`))
  rmSync(partial, { recursive: true, force: true })
  makeFolder(partial, path)
  const discard = () => {
    process.removeListener('exit', discard)
    rmSync(partial, { recursive: true, force: true })
  }
  process.once('exit', discard)
  return {
    path: partial,
    write: (file, content) => {
      mkdirSync(dirname(join(partial, file)), { recursive: true })
      if (typeof content === 'string' || content instanceof Uint8Array) writeFileSync(join(partial, file), content)
      else writeParts(join(partial, file), content)
    },
    complete: () => {
      requireReplaceable(path, mayReplace)
      const earlier = join(dirname(target), `.${basename(target)}.earlier-${mark}`)
      if (existsSync(target)) renameSync(target, earlier)
      renameSync(partial, target)
      rmSync(earlier, { recursive: true, force: true })
      process.removeListener('exit', discard)
    },
    discard,
  }
}

/** Small parts together. */
const WRITE_BYTES = 2 ** 20

function writeParts(path: string, parts: Iterable<string | Uint8Array>): void {
  const file = openSync(path, 'w')
  let waiting: string[] = []
  let length = 0
  const flush = () => {
    writeFileSync(file, waiting.join(''))
    waiting = []
    length = 0
  }
  try {
    for (const part of parts) {
      if (typeof part === 'string') {
        waiting.push(part)
        length += part.length
      } else writeFileSync(file, part)
      if (length >= WRITE_BYTES) flush()
    }
    flush()
  } finally {
    closeSync(file)
  }
}

/** @throws UsageError when something stands at `path` and may not be replaced. */
export function requireReplaceable(path: string, mayReplace: boolean): void {
  if (!existsSync(path) || (isFolder(path) && readdirSync(path).length === 0)) return
  if (!isFolder(path)) throw occupied(path, 'a file of that name exists', 'Choose another folder with --out.')
  if (!isEarlierRun(path))
    throw occupied(path, 'the folder exists and was not written by poolite', 'Choose another folder with --out.')
  if (!mayReplace)
    throw occupied(path, 'the folder holds an earlier run', 'Choose another folder with --out, or replace it with --overwrite.')
}

const isFolder = (path: string): boolean => statSync(path).isDirectory()

/** Whether poolite wrote that folder. */
export function isEarlierRun(path: string): boolean {
  try {
    const { format } = JSON.parse(readFileSync(join(path, manifestName), 'utf8'))
    return format === manifestFormat || format === validationFormat
  } catch {
    return false
  }
}

function occupied(path: string, problem: string, remedy: string): UsageError {
  return new UsageError({ file: path, problem, reason: 'nothing is written over', remedy })
}

function makeFolder(partial: string, path: string): void {
  try {
    mkdirSync(partial, { recursive: true })
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? String(error)
    throw new UsageError({
      file: path,
      problem: 'the output folder cannot be made',
      reason,
      remedy: 'Choose a folder where you may write with --out.',
    })
  }
}

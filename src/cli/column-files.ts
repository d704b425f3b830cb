import { closeSync, fsyncSync, mkdirSync, openSync, readSync, statSync, writeFileSync, writeSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Draws } from '../draws/draws.js'
import type { GrowingBytes, LargeDraws } from '../draws/stored/growing-bytes.js'
import { readColumns } from '../draws/stored/read-columns.js'
import { writeFailure } from './write-output.js'

/**
 * Draws too large for memory as files below a folder, `<key>.columns`. Whoever gave the folder deletes them, once the draws are not needed any more.
 * @param fromBytes draws of one fit that take as many bytes or more go there; 64 MiB when left out
 */
export function columnFiles(folder: string, fromBytes?: number): LargeDraws {
  return { open: (key) => newColumnFile(join(folder, `${key}.columns`)), fromBytes }
}

/** @throws DataError when the file is not what `columnFiles` wrote, or damaged; damage within it shows when that part is read */
export function readColumnFile(path: string): Draws {
  return readColumns(columnFile(path))
}

/** An empty file to append to. @throws RunError when the disk is full or refuses */
export function newColumnFile(path: string): GrowingBytes {
  const trying = <Result>(action: () => Result): Result => {
    try {
      return action()
    } catch (error) {
      throw writeFailure(path, error)
    }
  }
  trying(() => {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, '')
  })
  return {
    ...columnFile(path),
    append: (bytes) =>
      trying(() =>
        opened(path, 'a', (file) => {
          for (let offset = 0; offset < bytes.length; ) offset += writeSync(file, bytes, offset)
        }),
      ),
    finish: () => trying(() => opened(path, 'r+', fsyncSync)),
  }
}

function columnFile(path: string): Pick<GrowingBytes, 'name' | 'length' | 'read'> {
  return {
    name: path,
    length: () => statSync(path).size,
    read: (offset, length) =>
      opened(path, 'r', (file) => {
        const bytes = new Uint8Array(length)
        let filled = 0
        for (let count = 1; count > 0 && filled < length; filled += count)
          count = readSync(file, bytes, filled, length - filled, offset + filled)
        return bytes.subarray(0, filled)
      }),
  }
}

/** Open no longer than it takes: files may be moved, and there may be many. */
function opened<Result>(path: string, flags: string, action: (file: number) => Result): Result {
  const file = openSync(path, flags)
  try {
    return action(file)
  } finally {
    closeSync(file)
  }
}

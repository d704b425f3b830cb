import { mkdir, open, readFile, rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { CheckpointStore } from '../checkpoint/checkpoint-store.js'
import { writeFailure } from './write-output.js'

/** A store of checkpoints as files below a folder. Each is written under another name, forced to the disk and then given its own name. */
export function checkpointFiles(folder: string): CheckpointStore {
  const pathOf = (key: string) => join(folder, `${key}.checkpoint`)
  return {
    nameOf: pathOf,
    async read(key) {
      try {
        return await readFile(pathOf(key))
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
        throw error
      }
    },
    async write(key, bytes) {
      const path = pathOf(key)
      try {
        await mkdir(dirname(path), { recursive: true })
        await writeAtomically(path, bytes)
      } catch (error) {
        throw writeFailure(path, error)
      }
    },
  }
}

/** After this, whatever happens, the file is what it was before or what it should be. */
export async function writeAtomically(path: string, bytes: Uint8Array | string): Promise<void> {
  const unfinished = `${path}.writing`
  try {
    const file = await open(unfinished, 'w')
    try {
      await file.writeFile(bytes)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(unfinished, path)
  } catch (error) {
    await rm(unfinished, { force: true }).catch(() => {})
    throw error
  }
  await syncFolder(dirname(path))
}

/** Makes the new name last, where the platform can: Windows cannot. */
async function syncFolder(path: string): Promise<void> {
  try {
    const folder = await open(path)
    await folder.sync().finally(() => folder.close())
  } catch {}
}

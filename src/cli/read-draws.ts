import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Draws } from '../draws/draws.js'
import { fromTable } from '../draws/from-table.js'
import { readColumnFile } from './column-files.js'
import { readText } from './read-file.js'

/** Of draws in the folder of a run, such as `draws/pooled`: a table, or columns where they are large. */
export function drawsFile(runPath: string, path: string): string {
  const columns = join(runPath, `${path}.columns`)
  return existsSync(columns) ? columns : join(runPath, `${path}.csv`)
}

/** @throws UsageError, DataError when the file is not there or holds no draws */
export function readDraws(runPath: string, path: string): Draws {
  const file = drawsFile(runPath, path)
  return file.endsWith('.columns') ? readColumnFile(file) : fromTable(readText(file), file)
}

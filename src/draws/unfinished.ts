import { DataError } from '../errors/data-error.js'
import type { CmdStanFile } from './cmdstan-file.js'
import type { PlannedRows } from './cmdstan-plan.js'

const remedy =
  'Wait until the sampler has finished or copy the file again; or ask to cut the chains to the draws that all of them hold.'

/** @throws DataError for a file that ends within a draw or before its last one, and for chains of unequal length. */
export function requireFinished(files: readonly CmdStanFile[], planned: readonly PlannedRows[]): void {
  files.forEach(({ name, brokenAt, rows }, index) => {
    const { missing, draws } = planned[index]
    const promised = rows.length + missing
    if (brokenAt !== undefined)
      throw new DataError({
        file: name,
        row: brokenAt,
        problem: 'the file ends in the middle of a draw',
        reason: 'it is still being written, or was cut off',
        remedy,
      })
    if (missing > 0)
      throw new DataError({
        file: name,
        problem: `the file holds ${rows.length} of ${promised} draws`,
        reason: 'the sampler is still at work, or was stopped',
        remedy,
      })
    if (draws.length !== planned[0].draws.length)
      throw new DataError({
        file: name,
        problem: `the chain has ${draws.length} draws and that of ${files[0].name} has ${planned[0].draws.length}`,
        reason: 'all chains of one fit have the same number of draws',
        remedy,
      })
  })
}

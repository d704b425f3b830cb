import { mkdirSync, renameSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Draws } from '../draws/draws.js'
import { elementCount } from '../draws/draws.js'
import { eachBlock } from '../draws/each-block.js'
import { writeColumns } from '../draws/stored/write-columns.js'
import { newColumnFile } from './column-files.js'
import { writing } from './write-output.js'

/**
 * Draws on disk as one file of columns, in a folder on the same disk; their own file is moved where they are the whole of it, after which they
 * cannot be read any more.
 * @returns its bytes
 * @throws RunError when the disk is full or refuses
 */
export function writeLargeDraws(folder: string, path: string, draws: Draws): number {
  const target = join(folder, path)
  const source = wholeSource(draws)
  if (source === undefined) copy(draws, target)
  else
    writing(target, () => {
      mkdirSync(dirname(target), { recursive: true })
      renameSync(source, target)
    })
  return statSync(target).size
}

/** The file of which these draws are the whole. */
function wholeSource({ variables, logWeights }: Draws): string | undefined {
  const first = variables[0]?.stored?.source
  const isWhole = variables.every(({ stored }, index) => stored?.source.name === first?.name && stored?.source.index === index)
  return isWhole && !logWeights && first?.variableCount === variables.length ? first.name : undefined
}

function copy(draws: Draws, target: string): void {
  const sizes = draws.variables.map(elementCount)
  const builder = writeColumns(newColumnFile(target), draws)
  for (const { drawCount, values } of eachBlock(draws))
    for (let draw = 0; draw < drawCount; draw++)
      builder.set(values.map((one, index) => one.subarray(draw * sizes[index], (draw + 1) * sizes[index])))
  builder.finish()
}

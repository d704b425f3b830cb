import { DataError } from '../errors/data-error.js'

/** Chain and draw of every row of a table. */
export interface RowOrder {
  readonly chainCount: number
  /** Draws per chain. */
  readonly drawCount: number
  /** Position of every row in `[chain, draw]`. `[row]` */
  readonly positions: readonly number[]
}

/**
 * Places rows by their 1-based chain and iteration, `[row]` each, in whatever order they come.
 * @throws DataError unless every chain holds iterations 1 to the same number, each once.
 */
export function rowOrder(chains: readonly number[], iterations: readonly number[], file: string): RowOrder {
  const lengths = chainLengths(chains, file)
  const drawCount = lengths[0]
  const seen = new Set<number>()
  const positions = chains.map((chain, index) => {
    const iteration = iterations[index]
    const position = (chain - 1) * drawCount + iteration - 1
    if (iteration > drawCount || seen.has(position))
      throw new DataError({
        file,
        row: index + 2,
        column: '.iteration',
        problem:
          iteration > drawCount
            ? `iteration ${iteration} of a chain of ${drawCount} draws`
            : `iteration ${iteration} of chain ${chain} occurs twice`,
        reason: 'the draws of a chain are counted 1, 2, 3 and so on',
        remedy: 'Number the draws of each chain from 1 without gaps.',
      })
    seen.add(position)
    return position
  })
  return { chainCount: lengths.length, drawCount, positions }
}

function chainLengths(chains: readonly number[], file: string): number[] {
  const counts = new Map<number, number>()
  for (const chain of chains) counts.set(chain, (counts.get(chain) ?? 0) + 1)
  const lengths = Array.from({ length: counts.size }, (_, index) => counts.get(index + 1) ?? 0)
  const uneven = lengths.findIndex((length) => length === 0 || length !== lengths[0])
  if (uneven !== -1)
    throw new DataError({
      file,
      column: '.chain',
      problem: `chain ${uneven + 1} has ${lengths[uneven]} draws${uneven > 0 ? ` and chain 1 has ${lengths[0]}` : ''}`,
      reason: 'all chains of one fit have the same number of draws and are numbered from 1',
      remedy: 'Number the chains from 1 without gaps and cut the longer ones.',
    })
  return lengths
}

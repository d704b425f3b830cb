import { quantileSorted } from 'd3-array'
import { type Draws, elementCount } from './draws.js'
import { alignedColumns, formatter } from './print.js'
import { type Scalar, scalars } from './scalars.js'

/** Scalars that are listed before the rest is only counted. */
const LISTED = 20

/**
 * Draws in words and numbers: how many there are, then mean, standard deviation, median and 95% interval of the first scalars of all
 * chains together. No diagnostics: `summarise` has them. Weighted draws are named only. No final newline.
 */
export function drawsText(draws: Draws): string {
  const { chainCount, drawCount, variables, logWeights } = draws
  const count = variables.reduce((sum, variable) => sum + elementCount(variable), 0)
  const chains = chainCount === 1 ? `${drawCount} draws` : `${chainCount} chains of ${drawCount} draws`
  const heading = `${logWeights ? 'weighted: ' : ''}${chains} of ${count} ${count === 1 ? 'quantity' : 'quantities'}`
  if (logWeights || count === 0) return [heading, ...variables.map(({ name }) => `  ${name}`)].join('\n')
  const rows = scalars({ ...draws, variables: firstVariables(draws) }).slice(0, LISTED)
  const more = count > rows.length ? [`and ${count - rows.length} more`] : []
  return [heading, '', alignedColumns(['variable', 'mean', 'sd', 'median', 'q2.5', 'q97.5'], rows.map(cells)), ...more].join('\n')
}

/** As many variables as hold the scalars that are listed. */
function firstVariables({ variables }: Draws): Draws['variables'] {
  let count = 0
  return variables.filter((variable) => {
    const isWanted = count < LISTED
    count += elementCount(variable)
    return isWanted
  })
}

function cells({ name, chains }: Scalar): string[] {
  const sorted = [...Float64Array.from(chains.flatMap((chain) => [...chain])).sort()]
  const mean = sorted.reduce((sum, value) => sum + value, 0) / sorted.length
  const sd = Math.sqrt(sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (sorted.length - 1))
  return [name, ...[mean, sd, ...[0.5, 0.025, 0.975].map((level) => quantileSorted(sorted, level)!)].map(formatter(sd))]
}

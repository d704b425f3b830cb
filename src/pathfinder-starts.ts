import { chainStream } from './chain-task.js'
import type { Stream } from './contract/stream.js'
import { pathfinder } from './inference/pathfinder.js'
import type { ConditionedModel } from './language/condition.js'

/** What Pathfinder knows of a posterior before a chain runs. */
export interface PathfinderStarts {
  /** A draw of the approximation, `[dimension]`: a starting point in place of the model's own, `{ ...conditioned, propose }`. */
  readonly propose: (stream: Stream) => Float64Array
  /** Variances on the unconstrained scale, a first inverse metric. `[dimension]` */
  readonly variances: Float64Array
  readonly gradientCount: number
}

const VARIANCE_DRAWS = 1000

/**
 * Starting points for chains where the posterior has its mass. They are not overdispersed: R-hat then says less about modes that no path has found.
 * @throws RunError when no path finds a distribution to end with.
 */
export function pathfinderStarts(
  { logDensity, propose, describe, name }: ConditionedModel,
  { seed, purpose = name, study = '', paths = 4 }: { seed: number; purpose?: string; study?: string; paths?: number },
): PathfinderStarts {
  const streamFor = (what: string, index: number) => chainStream({ seed, purpose, study }, what, index)
  const { approximation, gradientCount } = pathfinder({ logDensity, propose, describe, streamFor, pathCount: paths })
  const draw = (stream: Stream) => {
    const position = new Float64Array(approximation.dimension)
    approximation.draw(stream, position)
    return position
  }
  const stream = streamFor('pathfinder-variances', 0)
  const draws = Array.from({ length: VARIANCE_DRAWS }, () => draw(stream))
  return { propose: draw, variances: variancesOf(draws), gradientCount }
}

function variancesOf(rows: readonly Float64Array[]): Float64Array {
  return rows[0].map((_, i) => {
    const mean = rows.reduce((sum, row) => sum + row[i], 0) / rows.length
    return rows.reduce((sum, row) => sum + (row[i] - mean) ** 2, 0) / (rows.length - 1)
  })
}

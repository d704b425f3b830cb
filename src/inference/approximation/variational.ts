import type { LogDensity } from '../../contract/log-density.js'
import { isStochastic, type StochasticLogDensity } from '../../contract/stochastic-log-density.js'
import type { Stream } from '../../contract/stream.js'
import { RunError } from '../../errors/run-error.js'
import type { Proposal } from '../initial-proposals.js'
import { type Path, runPath } from '../pathfinder.js'
import { evaluate } from '../state.js'
import type { ApproximationResult } from './approximation.js'
import { counted, withBatches } from './counted.js'
import { negativeHessian } from './curvature.js'
import { fitWithFixedDraws, fixedDrawBound } from './fixed-draws.js'
import { fitWithFreshDraws } from './fresh-draws.js'
import type { GaussianFamily } from './gaussian-family.js'
import type { LowRankNormal } from './low-rank-normal.js'
import type { Steps } from './steps.js'

export interface VariationalJob {
  readonly logDensity: LogDensity | StochasticLogDensity
  readonly propose: Proposal
  readonly describe?: (position: Float64Array) => string
  /** Purposes: `initial-position`, `pathfinder`, `variational-start`, `variational`. */
  readonly streamFor: (purpose: string, path: number) => Stream
}

/** Paths that are tried for starts, and starts that are wanted: one to begin with and two to see whether they lead to the same place. */
const PATHS = 4
const STARTS = 3
/** Antithetic pairs that compare beginnings. */
const BEGINNING_PAIRS = 8

/** Families around a distribution that Pathfinder found, and around that with the precision that differences of gradients give at its mean, if it is one. */
export type FamiliesAround = (start: LowRankNormal, precision: Float64Array) => readonly GaussianFamily[]

/**
 * Maximises the evidence lower bound over the family whose beginning has the highest; a stochastic log density is begun with on its first batch.
 * @param familiesAround the same family around different distributions
 */
export function* fitFamily(
  job: VariationalJob,
  familiesAround: FamiliesAround,
  pairCount: (dimension: number) => number,
): Steps<ApproximationResult> {
  const stream = job.streamFor('variational', 0)
  const { logDensity } = job
  if (isStochastic(logDensity)) logDensity.nextBatch(stream)
  const paths = yield* startingPaths(job, isStochastic(logDensity) ? 1 : STARTS)
  const [first, ...others] = paths.map(({ normal }) => normal)
  const counting = counted(logDensity)
  const curvature = yield* negativeHessian(counting, first.mean)
  const family = bestBeginning(familiesAround(first, curvature), counting, () => job.streamFor('variational-start', 0))
  const fit = isStochastic(logDensity)
    ? yield* fitWithFreshDraws(stream, withBatches(counting, logDensity), family)
    : yield* fitWithFixedDraws(
        stream,
        counting,
        family,
        pairCount(logDensity.dimension),
        others.map(({ mean }) => mean),
      )
  return { ...fit, gradientCount: paths.reduce((sum, path) => sum + path.gradientCount, counting.count) }
}

/** By the bound over the same draws; the first when none has a finite one. */
function bestBeginning(families: readonly GaussianFamily[], logDensity: LogDensity, stream: () => Stream): GaussianFamily {
  const bounds = families.map((family) => boundAtZero(stream(), logDensity, family))
  return families.reduce((best, family, index) => (bounds[index] > bounds[families.indexOf(best)] ? family : best))
}

function boundAtZero(stream: Stream, logDensity: LogDensity, family: GaussianFamily): number {
  const parameters = new Float64Array(family.parameterCount)
  const { logDensity: bound } = evaluate(parameters, fixedDrawBound(stream, logDensity, family, BEGINNING_PAIRS))
  return Number.isFinite(bound) ? bound : Number.NEGATIVE_INFINITY
}

function* startingPaths(job: VariationalJob, wanted: number): Steps<Path[]> {
  const paths: Path[] = []
  for (let index = 0; index < PATHS && paths.length < wanted; index++) {
    const path = yield* runPath(job, index)
    if (path) paths.push(path)
  }
  if (paths.length > 0) return paths
  throw new RunError({
    problem: `none of ${PATHS} climbs of the log density found a normal distribution to start from`,
    reason: 'the density rises without end, is flat, or is not finite around the points of the climbs: it may be improper',
    remedy: 'Give every parameter a proper prior, or sample with NUTS, whose diagnostics show where the density goes.',
  })
}

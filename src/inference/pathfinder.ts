/**
 * Pathfinder (Zhang, Carpenter, Gelman and Vehtari 2022, JMLR 23(306)): each path climbs the log density by L-BFGS from its own start; every point
 * on the way suggests a normal distribution with the inverse Hessian estimated there; the one with the highest evidence lower bound (ELBO)
 *
 *     ELBO(q) = mean over draws of q of log p(x) - log q(x)
 *
 * is the path's. It stands well before the mode where the mode has no mass, and so works for densities without a maximum.
 *
 * Differs from the paper: the draws of several paths are weighted by p over the mixture of their distributions instead of each by its own,
 * which keeps a path that ended in a poor place from getting large weights. Paths run one after another, each with streams of its own.
 */
import type { LogDensity } from '../contract/log-density.js'
import type { Stream } from '../contract/stream.js'
import { RunError } from '../errors/run-error.js'
import type { ApproximationResult } from './approximation/approximation.js'
import { type AscentOutcome, ascend } from './approximation/ascent.js'
import { type CountedLogDensity, counted } from './approximation/counted.js'
import { type LowRankNormal, lowRankNormal } from './approximation/low-rank-normal.js'
import { equalMixture } from './approximation/mixture.js'
import type { Steps } from './approximation/steps.js'
import { findInitialPosition } from './initial-position.js'
import type { Proposal } from './initial-proposals.js'

export interface PathfinderJob {
  readonly logDensity: LogDensity
  readonly propose: Proposal
  readonly describe?: (position: Float64Array) => string
  /** Purposes: `initial-position`, `pathfinder`. */
  readonly streamFor: (purpose: string, path: number) => Stream
  readonly pathCount: number
}

/** One path's result. */
export interface Path {
  readonly normal: LowRankNormal
  readonly elbo: number
  readonly gradientCount: number
}

/** Pairs in the inverse Hessian and iterations at most: the paper's choices, except that its memory is 6. */
const ASCENT = { memory: 10, tolerance: 1e-8, maximumIterations: 1000 }
/** Draws per estimate of an ELBO; the paper finds 5 enough to rank the points of a path. */
const ELBO_DRAWS = 10

/**
 * The mixture with equal weights of the distributions of all paths that arrived somewhere.
 * @throws RunError when no starting point is found, or no path finds a distribution to end with.
 */
export function* pathfinder(job: PathfinderJob): Steps<ApproximationResult> {
  const runs: (Path | undefined)[] = []
  for (let path = 0; path < job.pathCount; path++) runs.push(yield* runPath(job, path))
  const paths = runs.filter((run) => run !== undefined)
  if (paths.length === 0) throw noPath(job.pathCount)
  const failed = runs.length - paths.length
  return {
    approximation: equalMixture(paths.map(({ normal }) => normal)),
    gradientCount: paths.reduce((sum, path) => sum + path.gradientCount, 0),
    doubts: failed === 0 ? [] : [`${failed} of ${runs.length} paths found no distribution to end with.`],
  }
}

/** The best normal distribution on one path; undefined when there is none, or the best is the last of a climb without end. */
export function* runPath(job: Omit<PathfinderJob, 'pathCount'>, path: number): Steps<Path | undefined> {
  const propose = (source: Stream) => job.propose(source, path)
  const start = findInitialPosition(job.streamFor('initial-position', path), job.logDensity, propose, job.describe)
  const logDensity = counted(job.logDensity)
  const stream = job.streamFor('pathfinder', path)
  const ascent = ascend(logDensity, start, ASCENT)
  let best: { normal: LowRankNormal; elbo: number } | undefined
  let isBestLast = false
  for (let iteration = 1; ; iteration++) {
    const step = ascent.next()
    if (step.done) {
      if (!best || (isBestLast && !hasArrived(step.value))) return undefined
      return { ...best, gradientCount: start.gradientCount + logDensity.count }
    }
    const normal = step.value.inverseHessian.steps.length > 0 ? lowRankNormal(step.value) : undefined
    if (normal) {
      const elbo = estimateElbo(stream, normal, logDensity)
      isBestLast = elbo > (best?.elbo ?? Number.NEGATIVE_INFINITY)
      if (isBestLast) best = { normal, elbo }
    }
    yield { step: 'climb', iteration, ...(best && { evidenceBound: best.elbo }) }
  }
}

/** A line search that stalls has met rounding error, or a kink, near a maximum. */
function hasArrived(outcome: AscentOutcome): boolean {
  return outcome === 'converged' || outcome === 'stalled'
}

function estimateElbo(stream: Stream, normal: LowRankNormal, logDensity: CountedLogDensity): number {
  const position = new Float64Array(normal.dimension)
  const gradient = new Float64Array(normal.dimension)
  let sum = 0
  for (let draw = 0; draw < ELBO_DRAWS; draw++) {
    normal.draw(stream, position)
    sum += logDensity.valueAndGradient(position, gradient) - normal.logDensity(position)
  }
  return Number.isFinite(sum) ? sum / ELBO_DRAWS : Number.NEGATIVE_INFINITY
}

function noPath(pathCount: number): RunError {
  return new RunError({
    problem: `none of ${pathCount} ${pathCount === 1 ? 'path' : 'paths'} up the log density found a normal distribution that resembles it`,
    reason: 'the density rises without end, is flat, or is not finite around the points of the paths: it may be improper',
    remedy: 'Give every parameter a proper prior, or sample with NUTS, whose diagnostics show where the density goes.',
  })
}

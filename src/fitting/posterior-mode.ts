/**
 * The highest posterior mode that climbs from several starts find, Jacobians of the unconstrained scale included: hyper-parameters fixed there make an empirical Bayes
 * analysis (Rasmussen and Williams 2006, Gaussian Processes for Machine Learning, section 5.4.1, "ML-II" with priors), quick, and with intervals that are too narrow by what is unknown of them.
 */
import { RunError } from '../errors/run-error.js'
import { climbToEnd, type Summit } from '../inference/approximation/ascent.js'
import { counted } from '../inference/approximation/counted.js'
import { findInitialPosition } from '../inference/initial-position.js'
import type { ConditionedModel } from '../language/condition.js'
import { type ChainStart, proposalOf } from './chain-start.js'
import { chainStream } from './chain-task.js'

export interface ModeSettings {
  readonly seed: number
  readonly purpose: string
  readonly study: string
  readonly start?: ChainStart
  /** Climbs; 2 when left out. */
  readonly starts?: number
}

export interface PosteriorMode {
  /** `[dimension]` */
  readonly position: Float64Array
  readonly logDensity: number
  readonly gradientCount: number
}

/** A tenth of a posterior standard deviation is little beside the posterior's own width. */
const ASCENT = { memory: 10, tolerance: 1e-2, maximumIterations: 500 }
const STARTS = 2

/** @throws RunError when no climb ends at a mode. */
export function posteriorMode(conditioned: ConditionedModel, settings: ModeSettings): PosteriorMode {
  const { starts = STARTS, start } = settings
  const logDensity = counted(conditioned.logDensity)
  const propose = proposalOf(conditioned, start)
  let best: Summit | undefined
  for (let index = 0; index < starts; index++) {
    const from = findInitialPosition(
      chainStream(settings, 'initial-position', index),
      logDensity,
      (stream) => propose(stream, index),
      conditioned.describe,
    )
    const summit = climbToEnd(logDensity, from, ASCENT)
    const isMode = summit.outcome === 'converged' || summit.outcome === 'stalled'
    if (isMode && summit.state.logDensity > (best?.state.logDensity ?? Number.NEGATIVE_INFINITY)) best = summit
  }
  if (best) return { ...best.state, gradientCount: logDensity.count }
  throw new RunError({
    problem: `no mode was found from ${starts} starts`,
    reason: 'the posterior density rises without end, or too slowly for so many steps',
    remedy: 'Give every parameter a proper prior, or sample the posterior.',
  })
}

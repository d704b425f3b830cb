/**
 * Laplace's approximation: the normal distribution around the mode whose precision is the negative Hessian of the log density there,
 *
 *     N(x^, (-H)^-1),   g(x^) = 0
 *
 * on the unconstrained scale, Jacobians included. The mode is found by L-BFGS, then by Newton steps with the Hessian itself.
 * (Tierney and Kadane 1986, 10.1080/01621459.1986.10478240.)
 */
import type { LogDensity } from '../contract/log-density.js'
import type { Stream } from '../contract/stream.js'
import { RunError } from '../errors/run-error.js'
import { choleskyFactor, invertPositiveDefinite } from '../numeric/positive-definite.js'
import type { ApproximationResult } from './approximation/approximation.js'
import { type AscentOutcome, maximise, type Summit } from './approximation/ascent.js'
import { counted } from './approximation/counted.js'
import { negativeHessian } from './approximation/curvature.js'
import { denseNormal } from './approximation/normal-approximation.js'
import { repairPositiveDefinite } from './approximation/repair.js'
import type { Steps } from './approximation/steps.js'
import { findInitialPosition } from './initial-position.js'
import type { Proposal } from './initial-proposals.js'
import { evaluate, type GradientState } from './state.js'

export interface LaplaceJob {
  readonly logDensity: LogDensity
  readonly propose: Proposal
  readonly describe?: (position: Float64Array) => string
  /** Purpose: `initial-position`. */
  readonly streamFor: (purpose: string, start: number) => Stream
}

const ASCENT = { memory: 10, tolerance: 1e-12, maximumIterations: 2000 }
const NEWTON_STEPS = 3
/** A squared distance from the mode, in posterior standard deviations, that no longer matters. */
const SMALL_DECREMENT = 1e-8

/** @throws RunError when no starting point or no mode is found, or the density is flat in some direction there. */
export function* laplace({ logDensity: inner, propose, describe, streamFor }: LaplaceJob): Steps<ApproximationResult> {
  const start = findInitialPosition(streamFor('initial-position', 0), inner, (stream) => propose(stream, 0), describe)
  const logDensity = counted(inner)
  const { state, outcome } = yield* climb(logDensity, start)
  if (outcome === 'unbounded' || outcome === 'exhausted' || !state.position.every(Number.isFinite))
    throw noMode(outcome, state, describe)
  let mode: GradientState = state
  let curvature = yield* curvatureAt(logDensity, mode, describe)
  for (let step = 0; step < NEWTON_STEPS && curvature.decrement > SMALL_DECREMENT; step++) {
    const next = newtonStep(logDensity, mode, curvature)
    if (!(next.logDensity >= mode.logDensity)) break
    mode = next
    curvature = yield* curvatureAt(logDensity, mode, describe)
  }
  const { dimension } = logDensity
  return {
    approximation: denseNormal(mode.position, choleskyFactor(curvature.covariance, dimension)),
    gradientCount: start.gradientCount + logDensity.count,
    doubts: doubtsAbout(curvature, dimension),
  }
}

function* climb(logDensity: LogDensity, start: GradientState): Steps<Summit> {
  const ascent = maximise(logDensity, start, ASCENT)
  for (let iteration = 1; ; iteration++) {
    const point = ascent.next()
    if (point.done) return point.value
    yield { step: 'climb', iteration }
  }
}

interface Curvature {
  /** `[dimension, dimension]` */
  readonly covariance: Float64Array
  /** `[dimension]`, (-H)^-1 g */
  readonly newtonDirection: Float64Array
  /** g' (-H)^-1 g */
  readonly decrement: number
  /** Eigenvalues of -H that were not positive. */
  readonly repaired: number
}

function* curvatureAt(
  logDensity: LogDensity,
  { position, gradient }: GradientState,
  describe: LaplaceJob['describe'],
): Steps<Curvature> {
  const { dimension } = logDensity
  const raw = yield* negativeHessian(logDensity, position)
  for (let i = 0; i < dimension; i++) if (!(raw[i * dimension + i] > 0)) throw flatAt(i, position, describe)
  const { matrix, repaired } = repairPositiveDefinite(raw, dimension)
  const covariance = invertPositiveDefinite(matrix, dimension)
  const newtonDirection = new Float64Array(dimension)
  let decrement = 0
  for (let row = 0; row < dimension; row++) {
    for (let column = 0; column < dimension; column++)
      newtonDirection[row] += covariance[row * dimension + column] * gradient[column]
    decrement += gradient[row] * newtonDirection[row]
  }
  return { covariance, newtonDirection, decrement, repaired }
}

function newtonStep(logDensity: LogDensity, { position }: GradientState, { newtonDirection }: Curvature): GradientState {
  return evaluate(
    position.map((value, i) => value + newtonDirection[i]),
    logDensity,
  )
}

function doubtsAbout({ repaired, decrement }: Curvature, dimension: number): string[] {
  const doubts: string[] = []
  if (repaired > 0)
    doubts.push(
      `The log density does not curve downwards in ${repaired} of ${dimension} directions at the mode; those were given a very large variance.`,
    )
  if (decrement > 1e-4) doubts.push(`The mode was found only to ${Math.sqrt(decrement).toPrecision(2)} standard deviations.`)
  return doubts
}

function noMode(outcome: AscentOutcome, { position, logDensity }: GradientState, describe: LaplaceJob['describe']): RunError {
  const where = describe?.(position)
  return new RunError({
    problem: `no mode was found: the log density has reached ${logDensity.toPrecision(6)} and ${outcome === 'exhausted' ? 'still rises' : 'rises without end'}`,
    reason: `the density is improper, or its mode has no mass, as with a hierarchical scale near 0${where ? `; the last point: ${where}` : ''}`,
    remedy: 'Give every parameter a proper prior, use a non-centred form for hierarchical parameters, or use NUTS or Pathfinder.',
  })
}

function flatAt(index: number, position: Float64Array, describe: LaplaceJob['describe']): RunError {
  const where = describe?.(position)
  return new RunError({
    problem: `the log density does not curve downwards in coordinate ${index + 1} of ${position.length} where its mode should be`,
    reason: `the density is improper or has no maximum there${where ? `: ${where}` : ''}`,
    remedy: 'Give every parameter a proper prior, check the data for a variable that says nothing about it, or use NUTS.',
  })
}

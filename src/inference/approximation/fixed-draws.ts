/**
 * Gaussian variational inference with fixed draws: the evidence lower bound averaged over the same standard normals z_1..z_M at every step,
 *
 *     F(parameters) = 1/M sum_m log p(mean + L z_m) + log |L|
 *
 * is a smooth deterministic function, which L-BFGS takes to its maximum without step sizes to tune, and whose end is recognised by its gradient
 * (deterministic ADVI: Giordano, Ingram and Broderick 2024, JMLR 25(18)).
 *
 * The error of having few draws is measured: two independent sets are solved, the answer is the mean of the two solutions, half their difference is
 * its standard error, and the sets are doubled until that is small. Differs from the paper, where M is fixed: the draws come in antithetic pairs with
 * second moments matched, which makes the answer exact for a normal density, and makes F bounded for full covariances as well.
 */
import type { LogDensity } from '../../contract/log-density.js'
import type { Stream } from '../../contract/stream.js'
import { RunError } from '../../errors/run-error.js'
import { evaluate } from '../state.js'
import { type Approximation, HALF_LOG_TWO_PI } from './approximation.js'
import { maximise, type Summit } from './ascent.js'
import type { GaussianFamily } from './gaussian-family.js'
import { matchedNormals } from './matched-normals.js'
import type { Steps } from './steps.js'

export interface VariationalFit {
  readonly approximation: Approximation
  readonly doubts: readonly string[]
}

/** Newton decrement in nats: a thousandth of the standard error below. */
const ASCENT = { memory: 10, tolerance: 1e-6, maximumIterations: 300 }
/** Where the climb ends in rounding error: nats per unit of a parameter, whose curvature is about 1. */
const SMALL_GRADIENT = 1e-3
/** Standard error of means in standard deviations, and of log standard deviations, root mean square over the parameters. */
const TOLERANCE = 0.02
const FEWEST_PAIRS = 16
const DOUBLINGS = 4
/** Half the difference of two solutions of one bound that makes them different, in the same units. */
const FAR_APART = 0.1
/** A standard deviation e^30 times that of the start means that the bound rises without end. */
const ENDLESS_GROWTH = 30
const HALVINGS = 8

/**
 * @param family around a distribution of about the right place and scale
 * @param pairCount antithetic pairs in the first sets
 * @param otherMeans where else to start from, `[start][dimension]`: when that leads elsewhere, the posterior has several modes or is far from normal
 * @throws RunError when the bound has no maximum, or no finite value to start from.
 */
export function* fitWithFixedDraws(
  stream: Stream,
  logDensity: LogDensity,
  family: GaussianFamily,
  pairCount: number,
  otherMeans: readonly Float64Array[],
): Steps<VariationalFit> {
  let count = Math.max(FEWEST_PAIRS, pairCount)
  const start = startingParameters(stream, logDensity, family)
  const { best, doubts } = yield* bestOfStarts(start, otherMeans, fixedDrawBound(stream, logDensity, family, count), family)
  let first = best
  let second = yield* solve(best.parameters, fixedDrawBound(stream, logDensity, family, count), family)
  for (let round = 0; round < DOUBLINGS && standardErrorOf(first, second) > TOLERANCE; round++) {
    count *= 2
    first = yield* solve(meanOf(first, second), fixedDrawBound(stream, logDensity, family, count), family)
    second = yield* solve(first.parameters, fixedDrawBound(stream, logDensity, family, count), family)
  }
  family.prepare(meanOf(first, second))
  return {
    approximation: family.approximation(),
    doubts: [...doubts, ...doubtsAbout(standardErrorOf(first, second), first.hasConverged && second.hasConverged)],
  }
}

interface Solution {
  readonly parameters: Float64Array
  /** F there. */
  readonly bound: number
  readonly hasConverged: boolean
}

function meanOf(first: Solution, second: Solution): Float64Array {
  return first.parameters.map((value, i) => (value + second.parameters[i]) / 2)
}

/** Of the mean of two solutions. */
function standardErrorOf(first: Solution, second: Solution): number {
  return rootMeanSquare(first.parameters.map((value, i) => (value - second.parameters[i]) / 2))
}

/** The best solution of one bound from several starts; a doubt when they differ. */
function* bestOfStarts(
  start: Float64Array,
  otherMeans: readonly Float64Array[],
  bound: LogDensity,
  family: GaussianFamily,
): Steps<{ readonly best: Solution; readonly doubts: readonly string[] }> {
  const starts = [start, ...otherMeans.map((mean) => movedTo(mean, start, family))].filter(
    (parameters, index) => index === 0 || Number.isFinite(evaluate(parameters, bound).logDensity),
  )
  const solutions: Solution[] = []
  for (const parameters of starts) solutions.push(yield* solve(parameters, bound, family))
  const best = solutions.reduce((top, one) => (one.bound > top.bound ? one : top))
  const others = solutions.filter((one) => standardErrorOf(one, best) > FAR_APART)
  const doubts = `${others.length} of ${solutions.length} starts led to another normal distribution: the posterior has several modes or is far from normal.`
  return { best, doubts: others.length > 0 ? [doubts] : [] }
}

function movedTo(mean: Float64Array, start: Float64Array, family: GaussianFamily): Float64Array {
  const parameters = start.slice()
  family.moveTo(mean, parameters)
  return parameters
}

/** F as a log density of the parameters, in the sense of the contract. */
export function fixedDrawBound(stream: Stream, logDensity: LogDensity, family: GaussianFamily, pairCount: number): LogDensity {
  const { dimension, parameterCount } = family
  const drawCount = 2 * pairCount
  const draws = matchedNormals(stream, pairCount, dimension)
  const normals = Array.from({ length: drawCount }, (_, draw) => draws.subarray(draw * dimension, (draw + 1) * dimension))
  const position = new Float64Array(dimension)
  const gradient = new Float64Array(dimension)
  return {
    dimension: parameterCount,
    valueAndGradient(parameters, parameterGradient) {
      family.prepare(parameters)
      parameterGradient.fill(0)
      let sum = 0
      for (let draw = 0; draw < drawCount; draw++) {
        family.place(normals[draw], position)
        const value = logDensity.valueAndGradient(position, gradient)
        if (!Number.isFinite(value)) return Number.NEGATIVE_INFINITY
        sum += value
        family.pullBack(normals[draw], gradient, 1 / drawCount, parameterGradient)
      }
      family.addEntropyGradient(parameterGradient)
      return sum / drawCount + family.entropy()
    },
  }
}

/** All zeros, or a narrower distribution when the density is not finite over that one. */
export function startingParameters(stream: Stream, logDensity: LogDensity, family: GaussianFamily): Float64Array {
  const parameters = new Float64Array(family.parameterCount)
  const bound = fixedDrawBound(stream, logDensity, family, FEWEST_PAIRS)
  const gradient = new Float64Array(family.parameterCount)
  for (let attempt = 0; attempt <= HALVINGS; attempt++) {
    if (Number.isFinite(bound.valueAndGradient(parameters, gradient)) && gradient.every(Number.isFinite)) return parameters
    family.halve(parameters)
  }
  throw new RunError({
    problem: 'no normal distribution to start from: the log density is not finite around its own maximum',
    remedy: 'Check the model for logarithms or roots of negative numbers, or use NUTS.',
  })
}

function* solve(start: Float64Array, bound: LogDensity, family: GaussianFamily): Steps<Solution> {
  const { state, outcome } = yield* climb(bound, start, family.dimension)
  if (outcome === 'unbounded' || !(family.growth(state.position) < ENDLESS_GROWTH)) throw endless()
  return {
    parameters: state.position,
    bound: state.logDensity,
    hasConverged: outcome === 'converged' || rootMeanSquare(state.gradient) < SMALL_GRADIENT,
  }
}

function* climb(bound: LogDensity, start: Float64Array, dimension: number): Steps<Summit> {
  const ascent = maximise(bound, evaluate(start, bound), ASCENT)
  for (let iteration = 1; ; iteration++) {
    const value = ascent.next()
    if (value.done) return value.value
    yield { step: 'bound', iteration, evidenceBound: value.value + constantOfEntropy(dimension) }
  }
}

/** Entropy of a standard normal distribution: what `GaussianFamily.entropy` lacks. */
export function constantOfEntropy(dimension: number): number {
  return dimension * (HALF_LOG_TWO_PI + 0.5)
}

export function endless(): RunError {
  return new RunError({
    problem: 'the evidence lower bound has no maximum: the normal distribution grows without end',
    reason: 'the density is improper, or so flat in some direction that no normal distribution resembles it',
    remedy: 'Give every parameter a proper prior, or sample with NUTS.',
  })
}

export function rootMeanSquare(values: Float64Array): number {
  return Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length)
}

function doubtsAbout(standardError: number, hasConverged: boolean): string[] {
  const doubts: string[] = []
  if (!(standardError <= TOLERANCE))
    doubts.push(
      `Its parameters still carry a Monte Carlo error of ${standardError.toPrecision(2)} standard deviations; ${TOLERANCE} was wanted.`,
    )
  if (!hasConverged) doubts.push('The evidence lower bound was not climbed to its maximum.')
  return doubts
}

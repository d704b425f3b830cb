/**
 * Gaussian variational inference with fresh draws, and a fresh batch of the data, at every step: for log densities that are only known by unbiased
 * estimates. The gradient is that of the path alone (sticking the landing: Roeder, Wu and Duvenaud 2017, arXiv 1703.09194),
 *
 *     d/d parameters of mean_s [log p(x_s) - log q(x_s)],   x_s = mean + L z_s,  q's own parameters held fixed,
 *
 * whose noise vanishes, the batches' apart, where q equals p. Adam (Kingma and Ba 2015, arXiv 1412.6980) runs with a fixed step size until the iterates
 * no longer drift and their average is precise; the step is then halved, and all ends when a halving no longer moves the average
 * (after RABVI: Welandawe, Andersen, Vehtari and Huggins 2024, JMLR 25(20); Dhaka et al. 2020, arXiv 2009.00666).
 */
import type { StochasticLogDensity } from '../../contract/stochastic-log-density.js'
import type { Stream } from '../../contract/stream.js'
import { fillNormal } from '../../random/fill-normal.js'
import { addVector, createMoments, type Moments } from '../moments.js'
import { adam } from './adam.js'
import { constantOfEntropy, endless, rootMeanSquare, startingParameters, type VariationalFit } from './fixed-draws.js'
import type { GaussianFamily } from './gaussian-family.js'
import type { Steps } from './steps.js'

/** Antithetic pairs a step: few, since the noise of a batch is common to all. */
const PAIRS = 2
const FIRST_STEP = 0.1
const STEP_SIZES = 8
/** Steps in a window times the step size: several times as long as iterates remember, which is longer for smaller steps. */
const WINDOW_LENGTH = 20
const FEWEST_WINDOWS = 10
/** Steps at one step size at most. */
const MOST_STEPS = 30_000
/** Largest standard error of an average, and half the root mean square of the move that ends it all, in the units of `GaussianFamily`. */
const TOLERANCE = 0.05
const ENDLESS_GROWTH = 30

export function* fitWithFreshDraws(
  stream: Stream,
  logDensity: StochasticLogDensity,
  family: GaussianFamily,
): Steps<VariationalFit> {
  logDensity.nextBatch(stream)
  const parameters = startingParameters(stream, logDensity, family)
  const gradient = estimatePathGradient(stream, logDensity, family)
  let last = yield* averageAt(FIRST_STEP, parameters, gradient)
  let move = Number.POSITIVE_INFINITY
  for (let halving = 1; halving < STEP_SIZES && move > 2 * TOLERANCE; halving++) {
    if (!(family.growth(last.mean) < ENDLESS_GROWTH)) throw endless()
    parameters.set(last.mean)
    const next = yield* averageAt(FIRST_STEP / 2 ** halving, parameters, gradient)
    move = rootMeanSquare(next.mean.map((value, i) => value - last.mean[i]))
    parameters.set(columnMeans([last.mean, next.mean]))
    last = next
  }
  family.prepare(parameters)
  return { approximation: family.approximation(), doubts: doubtsAbout(move, last.standardError) }
}

function doubtsAbout(move: number, standardError: number): string[] {
  const doubts: string[] = []
  if (!(move <= 2 * TOLERANCE))
    doubts.push(`Its parameters still moved by ${move.toPrecision(2)} standard deviations when the step was last halved.`)
  if (!(standardError <= TOLERANCE))
    doubts.push(
      `Its parameters carry a Monte Carlo error of ${standardError.toPrecision(2)} standard deviations, for which larger batches are the remedy.`,
    )
  return doubts
}

/** Writes an estimate of the gradient at `parameters` to `out`, and returns one of the evidence lower bound. */
type GradientEstimate = (parameters: Float64Array, out: Float64Array) => number

/** Draws where the log density is not finite count as 0. */
export function estimatePathGradient(stream: Stream, logDensity: StochasticLogDensity, family: GaussianFamily): GradientEstimate {
  const normals = new Float64Array(family.dimension)
  const position = new Float64Array(family.dimension)
  const gradient = new Float64Array(family.dimension)
  return (parameters, out) => {
    logDensity.nextBatch(stream)
    family.prepare(parameters)
    out.fill(0)
    let sum = 0
    for (let draw = 0; draw < 2 * PAIRS; draw++) {
      if (draw % 2 === 0) fillNormal(stream, normals)
      else for (let i = 0; i < normals.length; i++) normals[i] = -normals[i]
      family.place(normals, position)
      const value = logDensity.valueAndGradient(position, gradient)
      if (!Number.isFinite(value)) continue
      sum += value
      family.addScore(normals, gradient)
      family.pullBack(normals, gradient, 1 / (2 * PAIRS), out)
    }
    return sum / (2 * PAIRS) + family.entropy() + constantOfEntropy(family.dimension)
  }
}

interface Average {
  readonly mean: Float64Array
  readonly standardError: number
}

/** Average of the iterates at one step size, from the first window that no longer drifts until it is precise. Leaves `parameters` where they ended. */
function* averageAt(stepSize: number, parameters: Float64Array, gradient: GradientEstimate): Steps<Average> {
  const climb = adam(parameters.length, stepSize)
  const length = Math.round(WINDOW_LENGTH / stepSize)
  let previous = yield* runWindow(length, parameters, gradient, climb)
  const means: Float64Array[] = []
  for (let steps = length; steps < MOST_STEPS; steps += length) {
    const window = yield* runWindow(length, parameters, gradient, climb)
    if (means.length > 0 || isStationary(previous, window)) means.push(window.mean)
    if (means.length >= FEWEST_WINDOWS && standardErrorOf(means) < TOLERANCE) break
    previous = window
  }
  return { mean: columnMeans(means.length > 0 ? means : [previous.mean]), standardError: standardErrorOf(means) }
}

function* runWindow(
  length: number,
  parameters: Float64Array,
  gradient: GradientEstimate,
  climb: (parameters: Float64Array, gradient: Float64Array) => void,
): Steps<Moments> {
  const iterates = createMoments('diagonal', parameters.length)
  const estimate = new Float64Array(parameters.length)
  let boundSum = 0
  for (let iteration = 1; iteration <= length; iteration++) {
    boundSum += gradient(parameters, estimate)
    climb(parameters, estimate)
    addVector(iterates, parameters)
    yield { step: 'bound', iteration, total: length, evidenceBound: boundSum / iteration }
  }
  return iterates
}

/** Potential scale reduction of the two windows over all parameters not above 1.1, as in RABVI, or a drift that does not matter. */
function isStationary(first: Moments, second: Moments): boolean {
  let between = 0
  let within = 0
  for (let i = 0; i < first.mean.length; i++) {
    between += (first.mean[i] - second.mean[i]) ** 2 / 2
    within += (first.deviation[i] + second.deviation[i]) / (2 * (first.count - 1))
  }
  return 1 + between / within <= 1.1 ** 2 || Math.sqrt(between / first.mean.length) < TOLERANCE
}

/** Of the mean of window means, which are taken as independent; the largest over the parameters. NaN for fewer than two. */
function standardErrorOf(means: readonly Float64Array[]): number {
  if (means.length < 2) return Number.NaN
  const variances = columnMeans(means).map((centre, i) => means.reduce((sum, mean) => sum + (mean[i] - centre) ** 2, 0))
  return Math.sqrt(Math.max(...variances) / (means.length - 1) / means.length)
}

function columnMeans(rows: readonly Float64Array[]): Float64Array {
  return rows[0].map((_, i) => rows.reduce((sum, row) => sum + row[i], 0) / rows.length)
}

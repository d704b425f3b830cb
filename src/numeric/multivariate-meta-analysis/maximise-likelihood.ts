/**
 * Maximises the (restricted) likelihood over T = F F' by damped Newton steps in the coordinates of `chart.ts`, by way of the expected information where
 * the Hessian is not negative definite (Levenberg-Marquardt damping, so that the likelihood never falls).
 *
 * Coordinates cannot show what is gained by leaving the null space of T, where their gradient is 0. That is read from G, the gradient with respect to T, whose
 * quadratic form on the null space must not be positive at a maximum over positive semi-definite matrices (Burer and Monteiro 2003,
 * 10.1007/s10107-002-0352-8). Converged means both: no step promises a gain, and no direction out of the null space does.
 */
import { choleskyInPlace } from '../cholesky.js'
import { symmetricEigen } from '../symmetric-eigen.js'
import { choleskySolveInPlace } from '../triangular-solve.js'
import { bending, type Chart, chartAt, chartGradient, covarianceAt, inFrame, jacobian } from './chart.js'
import { derivatives, times } from './derivatives.js'
import { type LeastSquares, leastSquares } from './least-squares.js'
import type { MetaAnalysisProblem } from './problem.js'
import { combine, fromEigen, inner, nearestInStructure, type Structure, structureBasis } from './structure.js'

export interface Maximum {
  /** T */
  readonly between: Float64Array
  readonly isConverged: boolean
  readonly iterationCount: number
}

/** Newton's promised gain in log likelihood at which it stops. */
const SMALLEST_GAIN = 1e-13
/** A promise that rounding of the log likelihood may hide. */
const ROUNDING = 1e-9
/** Gain per unit of variance out of the null space, in units in which a typical sampling variance is 1, that counts as one. */
const ESCAPE_TOLERANCE = 1e-6
const ESCAPE_VARIANCE = 1e-3
/** Variance, in the same units, that counts as none. */
const NULL_VARIANCE = 1e-6
const LARGEST_ITERATION = 300
const LARGEST_ESCAPE = 8

/** @param start T near which to begin. The problem should be scaled so that typical sampling variances are about 1. */
export function maximiseLikelihood(
  problem: MetaAnalysisProblem,
  structure: Structure,
  isRestricted: boolean,
  start: Float64Array,
): Maximum {
  let between = nearestInStructure(structure, start, problem.size, ESCAPE_VARIANCE)
  let iterationCount = 0
  for (let escapeCount = 0; ; escapeCount++) {
    const climb = climbToStationary(problem, structure, isRestricted, between)
    iterationCount += climb.iterationCount
    between = climb.between
    const better = climb.isStationary ? escapeFromNullSpace(problem, structure, isRestricted, between) : undefined
    if (better === undefined) return { between, isConverged: climb.isStationary, iterationCount }
    if (escapeCount === LARGEST_ESCAPE) return { between, isConverged: false, iterationCount }
    between = better
  }
}

/** T with a little variance where it has none and some would raise the likelihood; undefined when nowhere. */
function escapeFromNullSpace(
  problem: MetaAnalysisProblem,
  structure: Structure,
  isRestricted: boolean,
  between: Float64Array,
): Float64Array | undefined {
  const { size } = problem
  const basis = structureBasis(structure, size)
  const fit = leastSquares(problem, between)
  if (!fit) return undefined
  const { gradient } = derivatives(problem, fit, [], isRestricted)
  const raised = between.slice()
  let isRaised = false
  const raise = (direction: Float64Array) => {
    isRaised = true
    direction.forEach((value, at) => {
      raised[at] += ESCAPE_VARIANCE * value
    })
  }
  if (structure === 'unstructured') {
    const direction = steepestNullDirection(between, gradient, size)
    if (direction) raise(outer(direction))
  } else {
    const variances = inner(basis.covariance, between, size)
    inner(basis.covariance, gradient, size).forEach((slope, p) => {
      if (slope > ESCAPE_TOLERANCE && variances[p] < NULL_VARIANCE) raise(combine([basis.covariance[p]], [1], size))
    })
  }
  return isRaised ? raised : undefined
}

function steepestNullDirection(between: Float64Array, gradient: Float64Array, size: number): Float64Array | undefined {
  const { values, vectors } = symmetricEigen(between, size)
  const nullSpace = [...values.keys()].filter((k) => values[k] < NULL_VARIANCE)
  const rows = nullSpace.map((k) => vectors.subarray(k * size, (k + 1) * size))
  const rank = rows.length
  if (rank === 0) return undefined
  const restricted = new Float64Array(rank * rank)
  rows.forEach((left, a) => {
    const product = times(gradient, Float64Array.from(left), size, 1)
    rows.forEach((right, b) => {
      restricted[a * rank + b] = right.reduce((sum, value, i) => sum + value * product[i], 0)
    })
  })
  const eigen = symmetricEigen(restricted, rank)
  const top = eigen.values.reduce((best, value, k) => (value > eigen.values[best] ? k : best), 0)
  if (!(eigen.values[top] > ESCAPE_TOLERANCE)) return undefined
  const direction = new Float64Array(size)
  rows.forEach((row, a) => {
    row.forEach((value, i) => {
      direction[i] += eigen.vectors[top * rank + a] * value
    })
  })
  return direction
}

const outer = (vector: Float64Array) =>
  Float64Array.from(
    { length: vector.length ** 2 },
    (_, at) => vector[Math.floor(at / vector.length)] * vector[at % vector.length],
  )

function climbToStationary(problem: MetaAnalysisProblem, structure: Structure, isRestricted: boolean, start: Float64Array) {
  const { size } = problem
  const value = (fit: LeastSquares) => (isRestricted ? fit.restrictedLogLikelihood : fit.logLikelihood)
  let between = start
  let fit = leastSquares(problem, between)
  let damping = 1e-3
  for (let iterationCount = 0; ; iterationCount++) {
    if (!fit || iterationCount >= LARGEST_ITERATION) return { between, isStationary: false, iterationCount }
    const chart = chartAt(structure, between, size)
    const slopes = slopesAt(problem, structure, isRestricted, chart, fit)
    for (;;) {
      const step = dampedStep(slopes, damping)
      if (step && step.promise < SMALLEST_GAIN) return { between, isStationary: true, iterationCount }
      const next =
        step &&
        covarianceAt(
          chart,
          chart.origin.map((element, p) => element + step.direction[p]),
        )
      const nextFit = next && leastSquares(problem, next)
      const gain = nextFit ? value(nextFit) - value(fit) : Number.NEGATIVE_INFINITY
      if (step && next && gain >= 0) {
        damping *= gain > 0.75 * step.promise ? 0.1 : gain > 0.25 * step.promise ? 1 : 4
        damping = Math.max(1e-12, damping)
        between = next
        fit = nextFit
        break
      }
      if (step && step.promise < ROUNDING) return { between, isStationary: true, iterationCount }
      damping *= 10
      if (damping > 1e12) return { between, isStationary: false, iterationCount }
    }
  }
}

interface Slopes {
  readonly gradient: Float64Array
  /** Minus the Hessian, and a positive semi-definite stand-in. */
  readonly curvature: Float64Array
  readonly expected: Float64Array
}

function slopesAt(
  problem: MetaAnalysisProblem,
  structure: Structure,
  isRestricted: boolean,
  chart: Chart,
  fit: LeastSquares,
): Slopes {
  const { size } = problem
  const { active } = structureBasis(structure, size)
  const change = derivatives(problem, fit, active, isRestricted)
  const slope = jacobian(chart, active)
  const framed = inFrame(chart, change.gradient)
  return {
    gradient: chartGradient(chart, framed),
    curvature: subtract(congruence(change.hessian, slope, -1), bending(chart, framed)),
    expected: subtract(congruence(change.information, slope, 1), bending(chart, negativePart(framed, size))),
  }
}

/** sign J M J' */
function congruence(matrix: Float64Array, slope: Float64Array, sign: number): Float64Array {
  const elementCount = Math.sqrt(matrix.length)
  const parameterCount = slope.length / elementCount
  const product = new Float64Array(slope.length)
  for (let p = 0; p < parameterCount; p++)
    for (let a = 0; a < elementCount; a++) {
      const value = slope[p * elementCount + a]
      if (value !== 0)
        for (let b = 0; b < elementCount; b++) product[p * elementCount + b] += value * matrix[a * elementCount + b]
    }
  const out = new Float64Array(parameterCount * parameterCount)
  const columns = transposed(product, parameterCount, elementCount)
  for (let q = 0; q < parameterCount; q++)
    for (let b = 0; b < elementCount; b++) {
      const value = sign * slope[q * elementCount + b]
      if (value !== 0)
        for (let p = 0; p < parameterCount; p++) out[q * parameterCount + p] += value * columns[b * parameterCount + p]
    }
  return transposed(out, parameterCount, parameterCount)
}

/** @param matrix `[row, column]` */
function transposed(matrix: Float64Array, rowCount: number, columnCount: number): Float64Array {
  const out = new Float64Array(matrix.length)
  for (let row = 0; row < rowCount; row++)
    for (let column = 0; column < columnCount; column++) out[column * rowCount + row] = matrix[row * columnCount + column]
  return out
}

function negativePart(matrix: Float64Array, size: number): Float64Array {
  const { values, vectors } = symmetricEigen(matrix, size)
  return fromEigen(
    values.map((value) => Math.min(0, value)),
    vectors,
    size,
  )
}

const subtract = (left: Float64Array, right: Float64Array) => left.map((value, at) => value - right[at])

/** A step and the gain that its quadratic model promises; undefined when damping does not make the model concave. */
function dampedStep({ gradient, curvature, expected }: Slopes, damping: number) {
  for (const matrix of [curvature, expected]) {
    const size = gradient.length
    const damped = matrix.slice()
    for (let p = 0; p < size; p++) damped[p * (size + 1)] += damping * (1 + Math.abs(expected[p * (size + 1)]))
    const direction = gradient.slice()
    if (!choleskyInPlace(damped, size)) continue
    choleskySolveInPlace(damped, direction, size)
    const promise = 0.5 * direction.reduce((sum, value, p) => sum + value * gradient[p], 0)
    return { direction, promise }
  }
  return undefined
}

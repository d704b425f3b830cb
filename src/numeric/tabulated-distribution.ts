/**
 * A distribution on the real line that is known by its log density up to a constant: its normalisation and its quantile function.
 *
 * The density is tabulated over the range in which it matters and replaced in each cell by the parabola through its values at both ends and the
 * middle, so that probabilities are those of Simpson's rule and the distribution function is a cubic in each cell (Hoermann and Leydold 2003,
 * 10.1145/945511.945517, on inversion from a table). With cells a fifteenth of a standard deviation wide a normal distribution function is right to 1e-7.
 */
import { RunError } from '../errors/run-error.js'

export interface TabulatedDistribution {
  /** Log of the integral of the density. */
  readonly logNormalisation: number
  /** @param probability in (0, 1) */
  quantile(probability: number): number
}

/** Where the density is a factor exp(40) below its largest value it is taken for 0: less than 1e-15 of the whole. */
const NEGLIGIBLE = 40
const SCAN_POINTS = 256
const MOST_SCANS = 60
const CELLS = 256

/**
 * @param logDensity where it is not a number the density is taken for 0
 * @param range low and high, far enough out for the density to be negligible at both
 * @throws RunError when the density is positive nowhere that was looked, or is still not negligible at an end of the range.
 */
export function tabulatedDistribution(
  logDensity: (x: number) => number,
  range: readonly [number, number],
): TabulatedDistribution {
  const [low, high] = bracket(logDensity, range)
  const step = (high - low) / CELLS
  const logs = Float64Array.from({ length: 2 * CELLS + 1 }, (_, index) => logDensity(low + (index * step) / 2))
  const largest = largestOf(logs)
  const density = logs.map((log) => (log > largest - 2 * NEGLIGIBLE ? Math.exp(log - largest) : 0))
  const cumulative = new Float64Array(CELLS + 1)
  for (let cell = 0; cell < CELLS; cell++)
    cumulative[cell + 1] = cumulative[cell] + (step / 6) * (density[2 * cell] + 4 * density[2 * cell + 1] + density[2 * cell + 2])
  const total = cumulative[CELLS]
  return {
    logNormalisation: largest + Math.log(total),
    quantile(probability) {
      const target = probability * total
      const cell = cellOf(cumulative, target)
      const within = solveCell(density, cell, (target - cumulative[cell]) / step)
      return low + (cell + within) * step
    },
  }
}

/** Passes over what is not a number. */
function largestOf(values: Float64Array): number {
  let largest = Number.NEGATIVE_INFINITY
  for (const value of values) if (value > largest) largest = value
  return largest
}

/** The part of the range that holds all but a negligible part, by scans that narrow down until they gain less than a factor of two. */
function bracket(logDensity: (x: number) => number, range: readonly [number, number]): readonly [number, number] {
  let [low, high] = range
  for (let scan = 0; scan < MOST_SCANS; scan++) {
    const step = (high - low) / (SCAN_POINTS - 1)
    const logs = Float64Array.from({ length: SCAN_POINTS }, (_, index) => logDensity(low + index * step))
    const largest = largestOf(logs)
    if (largest === Number.NEGATIVE_INFINITY) throw nowhere(range)
    const first = logs.findIndex((log) => log > largest - NEGLIGIBLE)
    const last = logs.findLastIndex((log) => log > largest - NEGLIGIBLE)
    if (scan === 0 && (first === 0 || last === SCAN_POINTS - 1)) throw openEnded(range)
    const [from, to] = [Math.max(first - 1, 0), Math.min(last + 1, SCAN_POINTS - 1)]
    ;[low, high] = [low + from * step, low + to * step]
    if (2 * (to - from) > SCAN_POINTS) break
  }
  return [low, high]
}

function nowhere([low, high]: readonly [number, number]): RunError {
  return new RunError({
    problem: `a density is 0 at all points looked at between ${low} and ${high}`,
    reason: 'it cannot be normalised',
    remedy: 'Check that the data are finite and on the scale that the priors assume.',
  })
}

function openEnded([low, high]: readonly [number, number]): RunError {
  return new RunError({
    problem: `a density has not died away between ${low} and ${high}`,
    reason: 'its integral may be infinite',
    remedy: 'Give proper priors, or check that the data have any residual variation.',
  })
}

/** Index of the cell that holds the cumulative value. */
function cellOf(cumulative: Float64Array, target: number): number {
  let [low, high] = [0, cumulative.length - 1]
  while (high - low > 1) {
    const middle = (low + high) >> 1
    if (cumulative[middle] <= target) low = middle
    else high = middle
  }
  return low
}

const LEAST_STEP = 1e-14
const MOST_STEPS = 60

/** t in [0, 1] at which the integral of the cell's parabola from 0 reaches `target`: Newton steps, halved where they leave the bracket. */
function solveCell(density: Float64Array, cell: number, target: number): number {
  const [start, middle, end] = density.subarray(2 * cell, 2 * cell + 3)
  const linear = 4 * middle - 3 * start - end
  const square = 2 * start - 4 * middle + 2 * end
  let [low, high, t] = [0, 1, 0.5]
  for (let count = 0; count < MOST_STEPS && high - low > LEAST_STEP; count++) {
    const excess = t * (start + t * (linear / 2 + (t * square) / 3)) - target
    if (excess > 0) high = t
    else low = t
    const newton = t - excess / (start + t * (linear + t * square))
    const next = newton > low && newton < high ? newton : (low + high) / 2
    if (Math.abs(next - t) < LEAST_STEP) return next
    t = next
  }
  return t
}

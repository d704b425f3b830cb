/**
 * Performance of predicted effects in one data set (METHOD 4.2; Morris, White and Crowther 2019, DOI 10.1002/sim.8086). A data set is one observation: its patients share the effects
 * of three trials.
 */
import { selectQuantiles } from '../effects/select-quantiles.js'
import type { StudyMeasures } from './study-record.js'

export interface EffectsInUnits {
  /** `[person]` */
  readonly point: Float64Array
  /** Truth in the person's trial and in the average setting, `[person]`. */
  readonly truth: Float64Array
  readonly meanTruth: Float64Array
  /** Mean over the training trials of their deviations from the average setting. */
  readonly trainingDeviation: number
}

export interface IntervalDraws {
  /** Persons that have intervals, numbers of `EffectsInUnits`. */
  readonly chosen: readonly number[]
  /** `[draw, chosen]` */
  readonly average: Float64Array
  readonly newSetting: Float64Array
}

export function measureEffects(
  { point, truth, meanTruth, trainingDeviation }: EffectsInUnits,
  intervals: IntervalDraws,
): StudyMeasures {
  const errors = point.map((value, person) => value - truth[person])
  const errorsOfMean = point.map((value, person) => value - meanTruth[person])
  const isWrong = point.map((value, person) => Number(value > 0 !== truth[person] > 0))
  const ofMean = judgeIntervals(intervals.average, intervals.chosen, meanTruth)
  const ofNew = judgeIntervals(intervals.newSetting, intervals.chosen, truth)
  return {
    absoluteError: median(errors.map(Math.abs)),
    absoluteErrorOfMean: median(errorsOfMean.map(Math.abs)),
    bias: mean(errors),
    rootMeanSquare: Math.sqrt(mean(errors.map((error) => error * error))),
    rootMeanSquareOfMean: Math.sqrt(mean(errorsOfMean.map((error) => error * error))),
    calibrationSlope: slope(point, meanTruth),
    correctSign: 1 - mean(isWrong),
    regret: mean(truth.map((effect, person) => Math.abs(effect) * isWrong[person])),
    coverageOfMean: ofMean.coverage,
    widthOfMean: ofMean.width,
    coverage: ofNew.coverage,
    width: ofNew.width,
    optimum: median(truth.map((effect, person) => Math.abs(effect - meanTruth[person] - trainingDeviation))),
  }
}

function judgeIntervals(draws: Float64Array, chosen: readonly number[], truth: Float64Array) {
  const width = chosen.length
  let [covered, total] = [0, 0]
  chosen.forEach((person, column) => {
    const own = new Float64Array(draws.length / width)
    for (let draw = 0; draw < own.length; draw++) own[draw] = draws[draw * width + column]
    const [lower, upper] = selectQuantiles(own, [0.025, 0.975])
    if (lower <= truth[person] && truth[person] <= upper) covered++
    total += upper - lower
  })
  return { coverage: covered / width, width: total / width }
}

export function mean(values: Float64Array): number {
  let sum = 0
  for (const value of values) sum += value
  return sum / values.length
}

export function median(values: Float64Array): number {
  return selectQuantiles(values.slice(), [0.5])[0]
}

/** Of y on x by least squares. */
function slope(x: Float64Array, y: Float64Array): number {
  const [meanX, meanY] = [mean(x), mean(y)]
  let [both, squares] = [0, 0]
  for (let at = 0; at < x.length; at++) {
    both += (x[at] - meanX) * (y[at] - meanY)
    squares += (x[at] - meanX) ** 2
  }
  return both / squares
}

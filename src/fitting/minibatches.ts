/**
 * Estimates of a log posterior from a random part of the data at a time. A batch of m of n observations, drawn without replacement, gives
 *
 *     log p(parameters) + n / m  sum over the batch of log p(observation | parameters),
 *
 * which is unbiased, gradient included, when observations are independent given the parameters (Hoffman, Blei, Wang and Paisley 2013, JMLR 14(4)). One
 * program serves all batches: their rows are inputs of it, so that an evaluation costs the same for any n.
 */
import type { Prior } from '../contract/distribution.js'
import type { Model } from '../contract/model.js'
import type { StochasticLogDensity } from '../contract/stochastic-log-density.js'
import type { Stream } from '../contract/stream.js'
import { programCache } from '../engine/program-cache.js'
import { UsageError } from '../errors/usage-error.js'
import { type ConditionedModel, condition } from '../language/condition.js'
import { drawInteger } from '../random/integer.js'
import { chosenRows, type RowArray, rowArrays, takeRows } from './row-arrays.js'

/** Relative difference between an observation's log likelihood in a batch and among all data that is rounding, in float64 and in float32. */
const ROUNDING = { float64: 1e-9, float32: 1e-3 }

/**
 * @param conditioned on all of the data
 * @param stream for the first batch and for points at which batches are checked against all data
 * @throws UsageError for a size that is not below the number of observations, when no array of the data has a row for each observation, and when an observation's
 *   log likelihood depends on which others are in its batch.
 */
export function minibatches<Data, Parameters extends Record<string, Prior>>(
  model: Model<Data, Parameters>,
  data: Data,
  conditioned: ConditionedModel,
  size: number,
  stream: Stream,
): StochasticLogDensity {
  const point = conditioned.propose(stream)
  const whole = conditioned.pointwiseLogLikelihood(point)
  const count = whole.observationCount
  checkSize(size, count)
  const arrays = rowArrays(data, count)
  if (arrays.length === 0) throw noRows(model.name, count)
  const drawRows = rowDrawer(count, size)
  const rows = drawRows(stream)
  const batch = conditionBatch(model, data, arrays, rows, count / size)
  if (batch.logDensity.dimension !== conditioned.logDensity.dimension) throw dependent(model.name, 'its parameters do')
  const tolerance = ROUNDING[conditioned.engine.precision]
  const inBatch = batch.pointwiseLogLikelihood(point).values
  if (rows.some((row, index) => !isClose(inBatch[index], whole.values[row], tolerance)))
    throw dependent(model.name, "an observation's log likelihood does")
  return overBatches(batch, arrays, drawRows)
}

function conditionBatch<Data, Parameters extends Record<string, Prior>>(
  model: Model<Data, Parameters>,
  data: Data,
  arrays: readonly RowArray[],
  rows: Int32Array,
  weight: number,
): ConditionedModel {
  const caseWeights = new Float64Array(rows.length).fill(weight)
  return condition(model, takeRows(data, arrays, rows), { caseWeights, cache: programCache() })
}

function overBatches(
  { logDensity }: ConditionedModel,
  arrays: readonly RowArray[],
  drawRows: (stream: Stream) => Int32Array,
): StochasticLogDensity {
  const used = new Set(logDensity.inputs.map(({ name }) => name))
  const varying = arrays.filter(({ name }) => used.has(name))
  return {
    dimension: logDensity.dimension,
    valueAndGradient: (position, gradient) => logDensity.valueAndGradient(position, gradient),
    nextBatch(stream) {
      const rows = drawRows(stream)
      logDensity.setInputs(Object.fromEntries(varying.map((array) => [array.name, chosenRows(array, rows)])))
    },
  }
}

/** `size` different ones of `count` rows, by the first steps of a shuffle that is undone afterwards: the cost does not grow with `count`. */
function rowDrawer(count: number, size: number): (stream: Stream) => Int32Array {
  const order = Int32Array.from({ length: count }, (_, row) => row)
  const partners = new Int32Array(size)
  const swap = (i: number) => {
    const swapped = order[i]
    order[i] = order[partners[i]]
    order[partners[i]] = swapped
  }
  return (stream) => {
    for (let i = 0; i < size; i++) {
      partners[i] = i + drawInteger(stream, count - i)
      swap(i)
    }
    const rows = order.slice(0, size)
    for (let i = size - 1; i >= 0; i--) swap(i)
    return rows
  }
}

function isClose(first: number, second: number, tolerance: number): boolean {
  return Object.is(first, second) || Math.abs(first - second) <= tolerance * Math.max(1, Math.abs(second))
}

function checkSize(size: number, count: number): void {
  if (Number.isSafeInteger(size) && size >= 1 && size < count) return
  throw new UsageError({
    problem: `minibatch is ${size}, and there are ${count} observations`,
    reason: 'a minibatch is a part of them',
    remedy: `Give an integer from 1 to ${count - 1}, such as ${Math.min(count - 1, 200)}, or leave \`minibatch\` out to use all data at every step.`,
  })
}

function noRows(name: string, count: number): UsageError {
  return new UsageError({
    problem: `no array in the data of model "${name}" has a row for each of its ${count} observations`,
    reason: 'a minibatch takes rows of the data',
    remedy: 'Give data with one row for each value that logLikelihood returns, or leave `minibatch` out.',
  })
}

function dependent(name: string, what: string): UsageError {
  return new UsageError({
    problem: `model "${name}" cannot be fitted to minibatches: ${what} depend on which observations are in the batch`,
    reason: 'only of observations that are independent given the parameters does a part speak for all',
    remedy: 'Leave `minibatch` out; or keep numbers that belong to all of the data, such as means, out of logLikelihood.',
  })
}

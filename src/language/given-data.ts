import type * as tf from '@tensorflow/tfjs'
import type { TensorData } from '../contract/model.js'
import type { ExtraInput } from '../engine/staged-program.js'
import { ModelError } from '../errors/model-error.js'
import { UsageError } from '../errors/usage-error.js'
import { isNumericArray, prepareData } from './prepared-data.js'
import { tensorData } from './tensor-data.js'

/** The data of a model as its compiled functions take them: numeric arrays are constants of the program, or inputs that can be set. */
export interface GivenData<Data> {
  /** As inputs of a program: the arrays, if they are inputs, in the order of their names; then the case weights, if there are any. */
  readonly inputs: readonly ExtraInput[]
  /** @param extra tensors for `inputs`, in order; may lack the last */
  see(extra?: readonly tf.Tensor[]): SeenData<Data>
}

export interface SeenData<Data> {
  readonly data: TensorData<Data>
  /** `[observation]` */
  readonly caseWeights?: tf.Tensor
}

/** The input that holds the case weights, in messages and for `setInputs`. */
export const CASE_WEIGHTS = 'case weights'

export interface GivenOptions {
  readonly areInputs: boolean
  readonly caseWeights?: Float64Array | undefined
}

/** @throws ModelError for data that are not finite numbers, UsageError for such case weights. */
export function giveData<Data>(data: Data, { areInputs, caseWeights }: GivenOptions): GivenData<Data> {
  const prepared = prepareData(data)
  const arrays = [...prepared].flatMap(([name, entry]) => (isNumericArray(entry) ? [{ name, ...entry }] : []))
  const inputs: ExtraInput[] = areInputs ? arrays.sort((left, right) => (left.name < right.name ? -1 : 1)) : []
  const count = inputs.length
  if (caseWeights) inputs.push({ name: CASE_WEIGHTS, shape: [caseWeights.length], values: checkedWeights(caseWeights).slice() })
  return {
    inputs,
    see(extra = []) {
      const bound = new Map(extra.slice(0, count).map((tensor, index) => [inputs[index].name, tensor]))
      return { data: tensorData<Data>(prepared, bound), ...(extra.length > count ? { caseWeights: extra[count] } : {}) }
    },
  }
}

/** @throws UsageError for a weight that is negative or not finite. */
export function checkedWeights(weights: Float64Array): Float64Array {
  const wrong = weights.findIndex((weight) => !(weight >= 0 && weight < Number.POSITIVE_INFINITY))
  if (wrong < 0) return weights
  throw new UsageError({
    problem: `case weight ${wrong} is ${weights[wrong]}`,
    reason: 'a weight multiplies the log likelihood of its observation',
    remedy: 'Give finite numbers that are not negative.',
  })
}

/** @throws ModelError unless there is one weight per observation. */
export function requireOnePerObservation(modelName: string, observationCount: number, weightCount: number): void {
  if (observationCount === weightCount) return
  throw new ModelError({
    problem: `model "${modelName}" has ${observationCount} observations but ${weightCount} case weights`,
    reason: 'every value that logLikelihood returns has a weight of its own',
    remedy: `Give ${observationCount} weights.`,
  })
}

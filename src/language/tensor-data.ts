import type * as tf from '@tensorflow/tfjs'
import type { TensorData } from '../contract/model.js'
import { constantTensor } from '../engine/tfjs.js'
import { isNumericArray, type PreparedData } from './prepared-data.js'

/**
 * The data as a model sees them: numeric arrays as tensors, made when they are asked for, all else as it is.
 * @param inputs tensors that stand for an array of that name, where data are inputs of the compiled program
 */
export function tensorData<Data>(data: PreparedData, inputs: ReadonlyMap<string, tf.Tensor> = new Map()): TensorData<Data> {
  const seen = {}
  for (const [name, entry] of data) {
    if (!isNumericArray(entry)) Object.defineProperty(seen, name, { enumerable: true, value: entry.plain })
    else {
      let made = inputs.get(name)
      const get = () => {
        if (!made || made.isDisposed) made = constantTensor(entry.values, entry.shape)
        return made
      }
      Object.defineProperty(seen, name, { enumerable: true, get })
    }
  }
  return seen as TensorData<Data>
}

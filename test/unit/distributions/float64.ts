import type { Tensor } from '@tensorflow/tfjs'
import { compileFunction } from '../../../src/engine/compile.js'

/** A function of tensors compiled to float64: inputs and the result row-major. */
export function float64(
  shapes: readonly number[][],
  build: (...inputs: Tensor[]) => Tensor,
): (...inputs: Float64Array[]) => Float64Array {
  const compiled = compileFunction(shapes, (inputs) => [build(...inputs)], { checkPoints: [], strict: true })
  return (...inputs) => Float64Array.from(compiled.call(inputs)[0])
}

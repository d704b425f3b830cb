import type { LogDensity } from '../contract/log-density.js'
import { instantiate, type PortableProgram } from './program.js'

/**
 * A log density as plain data: a program whose first output is the value and whose other outputs are the gradients with respect to its
 * inputs, in order. Can be posted to a worker thread; does not need tfjs.
 */
export interface PortableLogDensity {
  readonly dimension: number
  readonly program: PortableProgram
}

export function instantiateLogDensity({ dimension, program }: PortableLogDensity): LogDensity {
  const { memory, inputOffsets, outputs, run } = instantiate(program)
  const [value, ...gradients] = outputs
  return {
    dimension,
    valueAndGradient(position, gradient) {
      memory.set(position)
      run()
      for (let index = 0; index < gradients.length; index++) {
        const { offset, size } = gradients[index]
        const target = inputOffsets[index]
        for (let element = 0; element < size; element++) gradient[target + element] = memory[offset + element]
      }
      return memory[value.offset]
    },
  }
}

import type { GuestModule, LogDensityWithInputs } from '../contract/log-density.js'
import { instantiateStaged, type PortableStagedProgram, type StagedProgram } from './staged-program.js'

/**
 * A log density as plain data: a program whose first output is the value and whose other outputs are the gradients with respect to its
 * first inputs, in order. Can be posted to a worker thread; does not need tfjs.
 */
export interface PortableLogDensity extends PortableStagedProgram {
  readonly dimension: number
}

export function instantiateLogDensity(portable: PortableLogDensity): LogDensityWithInputs {
  return logDensityOf(instantiateStaged(portable), portable.dimension)
}

export function logDensityOf({ program, extraInputs, setInputs }: StagedProgram, dimension: number): LogDensityWithInputs {
  const { memory, inputOffsets, outputs, run, join } = program
  const [value, ...gradients] = outputs
  return {
    dimension,
    inputs: extraInputs,
    setInputs,
    ...(join && {
      join: (guest: GuestModule) => ({
        ...join(guest),
        valueOffset: value.offset,
        gradients: gradients.map(({ offset, size }, index) => ({ offset, size, target: inputOffsets[index] })),
      }),
    }),
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

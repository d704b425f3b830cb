import type { LogDensity } from '../contract/log-density.js'
import type { CompiledFunction, CompileOptions, TensorFunction } from './compile.js'
import { distance } from './self-check.js'
import { type Shape, sizeOf } from './shape.js'
import { type EagerBackend, runEager } from './tfjs.js'

/**
 * What cannot be compiled is evaluated by float32 tfjs kernels on every call: slow, and the last resort. A backend other than `cpu` must first
 * agree with `cpu` on this very function, whose operations the backend's own trial need not have met.
 */

/**
 * Relative difference allowed between two float32 evaluations of a function whose sensitivity to rounding is unknown: it shows a wrong kernel,
 * not rounding. 2^-8 leaves 16 of the 24 bits of a float32 to cancellation.
 */
const TOLERANCE = 2 ** -8

export type EagerFunction = Pick<CompiledFunction, 'outputShapes' | 'engine' | 'call'>

/** @throws ModelError when the function fails on the backend `cpu`. */
export function eagerFunction(
  inputShapes: readonly Shape[],
  build: TensorFunction,
  reason: string,
  { name, eagerBackend = 'cpu', checkPoints }: Pick<CompileOptions, 'name' | 'eagerBackend' | 'checkPoints'>,
): EagerFunction {
  let outputShapes: readonly Shape[] = []
  const evaluateOn = (backend: EagerBackend) => (inputs: readonly Float64Array[]) =>
    runEager(
      inputs.map((values, index) => ({ values, shape: inputShapes[index] })),
      (tensors) => {
        const outputs = build(tensors)
        outputShapes = outputs.map((output) => output.shape)
        return outputs
      },
      name,
      backend,
    )
  const [reference, preferred] = [evaluateOn('cpu'), evaluateOn(eagerBackend)]
  reference(inputShapes.map((shape) => new Float64Array(sizeOf(shape))))
  const fault = eagerBackend === 'cpu' ? undefined : disagreement(preferred, reference, checkPoints)
  const backend = fault === undefined ? eagerBackend : 'cpu'
  const instead = fault === undefined ? '' : `, because "${eagerBackend}" ${fault}`
  return {
    outputShapes,
    engine: {
      engine: 'eager',
      precision: 'float32',
      fallbackReason: `${reason}; it is evaluated on the tfjs backend "${backend}"${instead}`,
    },
    call: fault === undefined ? preferred : reference,
  }
}

type Evaluate = (inputs: readonly Float64Array[]) => Float64Array[]

/** What speaks against `candidate`, as a predicate; undefined when nothing does. */
function disagreement(
  candidate: Evaluate,
  reference: Evaluate,
  points: readonly (readonly Float64Array[])[],
): string | undefined {
  try {
    for (const point of points) {
      const expected = reference(point)
      const apart = Math.max(...candidate(point).map((values, output) => distance(values, expected[output])))
      if (!(apart <= TOLERANCE)) return `disagrees with it (relative difference ${apart})`
    }
    return undefined
  } catch (error) {
    return `cannot evaluate it (${error instanceof Error ? error.message : String(error)})`
  }
}

/** A log density whose first output is the value and whose other outputs are the gradients with respect to the inputs, in order. */
export function eagerLogDensity(inputShapes: readonly Shape[], evaluate: EagerFunction): LogDensity {
  const sizes = inputShapes.map(sizeOf)
  const starts = sizes.map((_, index) => sizes.slice(0, index).reduce((sum, size) => sum + size, 0))
  return {
    dimension: sizes.reduce((sum, size) => sum + size, 0),
    valueAndGradient(position, gradient) {
      const inputs = sizes.map((size, index) => position.slice(starts[index], starts[index] + size))
      const [value, ...gradients] = evaluate.call(inputs)
      gradients.forEach((part, index) => {
        gradient.set(part, starts[index])
      })
      return value[0]
    },
  }
}

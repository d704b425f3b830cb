import * as tf from '@tensorflow/tfjs'
import { runOperation } from '../tfjs.js'

/** Gradients that tfjs 4.22.0 does not define. */

/**
 * Operations that are constant almost everywhere and for which tfjs registers no gradient: it fails when a parameter is compared. For
 * FloorDiv it registers the gradient of plain division.
 */
const stepFunctions: Readonly<Record<string, readonly string[]>> = {
  Equal: ['a', 'b'],
  FloorDiv: ['a', 'b'],
  Greater: ['a', 'b'],
  GreaterEqual: ['a', 'b'],
  IsFinite: ['x'],
  IsInf: ['x'],
  IsNan: ['x'],
  Less: ['a', 'b'],
  LessEqual: ['a', 'b'],
  LogicalAnd: ['a', 'b'],
  LogicalNot: ['x'],
  LogicalOr: ['a', 'b'],
  NotEqual: ['a', 'b'],
}

for (const [kernelName, inputsToSave] of Object.entries(stepFunctions))
  tf.registerGradient({
    kernelName,
    inputsToSave: [...inputsToSave],
    // Always float32: tfjs refuses gradients of another type, such as that of a comparison's result.
    gradFunc: (_dy, saved) => Object.fromEntries(inputsToSave.map((name, index) => [name, () => tf.zeros(saved[index].shape)])),
  })

tf.registerGradient({
  kernelName: 'Cumprod',
  inputsToSave: ['x'],
  gradFunc: (dy, [x], attributes) => ({
    x: () => runOperation('PooliteCumulativeProductGradient', { dy: dy as tf.Tensor, x }, { ...attributes }) as tf.Tensor,
  }),
})

tf.registerGradient({
  kernelName: 'StridedSlice',
  inputsToSave: ['x'],
  gradFunc: (dy, [x], attributes) => ({
    x: () =>
      runOperation('PooliteStridedSliceGradient', { dy: dy as tf.Tensor }, { ...attributes, sourceShape: x.shape }) as tf.Tensor,
  }),
})

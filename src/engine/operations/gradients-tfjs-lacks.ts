import * as tf from '@tensorflow/tfjs'

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

import * as tf from '@tensorflow/tfjs'
import { sumToShape } from './sum-to-shape.js'

/** Gradients of tfjs 4.22.0 that fail or are wrong for some shapes or axes, each with what is wrong; these replace them. */

/** Wrong shape when batch axes broadcast. */
tf.registerGradient({
  kernelName: 'BatchMatMul',
  inputsToSave: ['a', 'b'],
  gradFunc: (gradient, saved, attributes) => {
    const [a, b] = saved
    const dy = gradient as tf.Tensor
    const { transposeA, transposeB } = attributes as unknown as { transposeA: boolean; transposeB: boolean }
    return {
      a: () => sumToShape(transposeA ? tf.matMul(b, dy, transposeB, true) : tf.matMul(dy, b, false, !transposeB), a.shape),
      b: () => sumToShape(transposeB ? tf.matMul(dy, a, true, transposeA) : tf.matMul(a, dy, !transposeA, false), b.shape),
    }
  },
})

/** Wrong shape when the operands broadcast. Where they are equal, the gradient goes to the first. */
for (const [kernelName, firstWins] of [
  ['Maximum', tf.greaterEqual],
  ['Minimum', tf.lessEqual],
] as const)
  tf.registerGradient({
    kernelName,
    inputsToSave: ['a', 'b'],
    gradFunc: (dy, [a, b]) => {
      const share = (isFirst: boolean): tf.Tensor => {
        const first = tf.cast(firstWins(a, b), 'float32')
        return tf.mul(dy as tf.Tensor, isFirst ? first : tf.sub(1, first))
      }
      return { a: () => sumToShape(share(true), a.shape), b: () => sumToShape(share(false), b.shape) }
    },
  })

/** Wrong shape when the operands broadcast. */
tf.registerGradient({
  kernelName: 'SquaredDifference',
  inputsToSave: ['a', 'b'],
  gradFunc: (dy, [a, b]) => {
    const slope = (left: tf.Tensor, right: tf.Tensor): tf.Tensor => tf.mul(dy as tf.Tensor, tf.mul(2, tf.sub(left, right)))
    return { a: () => sumToShape(slope(a, b), a.shape), b: () => sumToShape(slope(b, a), b.shape) }
  },
})

/** Transposed, silently where the matrix is square, unless the axis is the last; wrong for negative axes. */
tf.registerGradient({
  kernelName: 'Cumsum',
  inputsToSave: ['x'],
  gradFunc: (dy, [x], attributes) => {
    const { axis, exclusive, reverse } = attributes as unknown as { axis: number; exclusive: boolean; reverse: boolean }
    return { x: () => tf.cumsum(dy as tf.Tensor, positiveAxis(axis, x.rank), exclusive, !reverse) }
  },
})

/** Fails for negative axes. The product of the other elements is that of those before and those after, so zeros do no harm. */
tf.registerGradient({
  kernelName: 'Prod',
  inputsToSave: ['x'],
  gradFunc: (dy, [x], attributes) => {
    const every = x.shape.map((_, axis) => axis)
    const { axis } = attributes as unknown as { axis: number | readonly number[] | null | undefined }
    const reduced = [axis ?? every].flat().map((one) => positiveAxis(one, x.rank))
    const kept = every.filter((one) => !reduced.includes(one))
    return { x: () => productGradient(dy as tf.Tensor, x, kept, reduced) }
  },
})

function productGradient(dy: tf.Tensor, x: tf.Tensor, kept: readonly number[], reduced: readonly number[]): tf.Tensor {
  const order = [...kept, ...reduced]
  const moved = tf.transpose(x, order)
  const rows = kept.reduce((product, axis) => product * x.shape[axis], 1)
  const flat = tf.reshape(moved, [rows, x.size / Math.max(rows, 1)])
  const others = tf.mul(tf.cumprod(flat, 1, true, false), tf.cumprod(flat, 1, true, true))
  const scaled = tf.reshape(tf.mul(tf.reshape(dy, [rows, 1]), others), moved.shape)
  return tf.transpose(
    scaled,
    order.map((_, axis) => order.indexOf(axis)),
  )
}

function positiveAxis(axis: number, rank: number): number {
  return axis < 0 ? axis + rank : axis
}

/** Fail when there is one part only: its gradient then comes bare instead of in a list. */
tf.registerGradient({
  kernelName: 'SplitV',
  gradFunc: (dy, _saved, attributes) => ({ x: () => tf.concat([dy].flat(), (attributes as unknown as { axis: number }).axis) }),
})
tf.registerGradient({
  kernelName: 'Unpack',
  gradFunc: (dy, _saved, attributes) => ({
    value: () => tf.stack([dy].flat(), (attributes as unknown as { axis: number }).axis),
  }),
})

/** tfjs gives the whole gradient to each element that attains an extreme; where several do, the function's slope is theirs together. */
for (const [kernelName, axisAttribute] of [
  ['Max', 'reductionIndices'],
  ['Min', 'axis'],
] as const)
  tf.registerGradient({
    kernelName,
    inputsToSave: ['x'],
    outputsToSave: [true],
    gradFunc: (gradient, saved, attributes) => {
      const [x, y] = saved
      const given = (attributes as unknown as Record<string, number | number[] | undefined>)[axisAttribute]
      const axes = tf.util.parseAxisParam(given as number | number[], x.shape)
      const kept = x.shape.map((length, axis) => (axes.includes(axis) ? 1 : length))
      return {
        x: () => {
          const attains = tf.cast(tf.equal(x, tf.reshape(y, kept)), 'float32')
          const share = tf.div(tf.reshape(gradient as tf.Tensor, kept), tf.sum(attains, axes, true))
          return tf.mul(attains, share)
        },
      }
    },
  })

/** Fails when the indices depend on a parameter: their gradient is then not of the type that tfjs itself asks for. */
tf.registerGradient({
  kernelName: 'GatherV2',
  inputsToSave: ['x', 'indices'],
  gradFunc: (dy, [x, indices], attributes) => ({
    x: () => gatherGradient(dy as tf.Tensor, x, indices, positiveAxis((attributes as unknown as { axis: number }).axis, x.rank)),
    indices: () => tf.zeros(indices.shape),
  }),
})

function gatherGradient(dy: tf.Tensor, x: tf.Tensor, indices: tf.Tensor, axis: number): tf.Tensor {
  const [before, after] = [x.shape.slice(0, axis), x.shape.slice(axis + 1)]
  const [outer, inner] = [before, after].map((lengths) => lengths.reduce((product, length) => product * length, 1))
  const rows = tf.transpose(tf.reshape(dy, [outer, indices.size, inner]), [1, 0, 2])
  const summed = tf.unsortedSegmentSum(rows, tf.reshape(indices, [indices.size]) as tf.Tensor1D, x.shape[axis])
  return tf.reshape(tf.transpose(summed, [1, 0, 2]), x.shape)
}

import * as tf from '@tensorflow/tfjs'
import { runOperation } from '../tfjs.js'
import { sumToShape } from './sum-to-shape.js'

tf.registerGradient({
  kernelName: 'PooliteTriangularSolve',
  inputsToSave: ['l', 'b'],
  outputsToSave: [true],
  gradFunc: (dy, saved, attributes) => {
    const [l, b, x] = saved
    const isTransposed = (attributes as unknown as { transpose: boolean }).transpose
    const adjoint = triangularSolve(l, dy as tf.Tensor, { transpose: !isTransposed })
    return {
      l: () => {
        const outer = isTransposed ? tf.matMul(x, adjoint, false, true) : tf.matMul(adjoint, x, false, true)
        return sumToShape(tf.neg(tf.mul(outer, lowerTriangle(l.shape[l.shape.length - 1]))), l.shape)
      },
      b: () => sumToShape(adjoint, b.shape),
    }
  },
})

function lowerTriangle(size: number): tf.Tensor {
  return tf.tensor2d(
    Array.from({ length: size }, (_, row) => Array.from({ length: size }, (_, column) => (column <= row ? 1 : 0))),
  )
}

/**
 * Solution x of L x = b, or of L' x = b, for lower-triangular L; elements above the diagonal are not read.
 * @param l `[...batch, k, k]`
 * @param b `[...batch, k, m]`
 * @returns `[...batch, k, m]`
 */
export function triangularSolve(l: tf.Tensor, b: tf.Tensor, options: { readonly transpose?: boolean } = {}): tf.Tensor {
  return runOperation('PooliteTriangularSolve', { l, b }, { transpose: options.transpose === true }) as tf.Tensor
}

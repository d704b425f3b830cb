import { broadcastShape, sizeOf } from '../shape.js'
import type { KernelFamily, KernelRule } from './family.js'

const matrices = (shape: readonly number[]): [number, number] => [sizeOf(shape.slice(0, -2)), shape[shape.length - 1]]

const onMatrices =
  (kernel: string): KernelRule =>
  ({ builder, inputs }) => {
    const nodes = Object.values(inputs).map((tensor) => tensor.node)
    return { node: builder.call(kernel, nodes, matrices(nodes[0].shape), [nodes[0].shape])[0], type: 'float32' }
  }

/** Cholesky factor, triangular systems and the multivariate normal density of symmetric positive-definite matrices. */
export const linearAlgebra: KernelFamily = {
  rules: {
    PooliteCholesky: onMatrices('cholesky'),
    PooliteCholeskyGradient: onMatrices('choleskyGradient'),
    PooliteTriangularSolve: ({ builder, inputs: { l, b }, attributes }) => {
      const batch = broadcastShape(l.node.shape.slice(0, -2), b.node.shape.slice(0, -2))
      const [size, columns] = b.node.shape.slice(-2)
      if (!batch || l.node.shape[l.node.shape.length - 1] !== size)
        throw new RangeError(`triangular system of shapes [${l.node.shape}] and [${b.node.shape}]`)
      const operands = [l, b].map(({ node }) => builder.broadcast(node, [...batch, ...node.shape.slice(-2)]))
      const settings = [sizeOf(batch), size, columns, attributes.transpose ? 1 : 0]
      return { node: builder.call('triangularSolve', operands, settings, [[...batch, size, columns]])[0], type: 'float32' }
    },
    PooliteMultivariateNormal: ({ builder, inputs: { residual, covariance } }) => {
      const batch = broadcastShape(residual.node.shape.slice(0, -1), covariance.node.shape.slice(0, -2))
      const size = residual.node.shape[residual.node.shape.length - 1]
      if (!batch || covariance.node.shape[covariance.node.shape.length - 1] !== size)
        throw new RangeError(`residual of shape [${residual.node.shape}] and covariance of shape [${covariance.node.shape}]`)
      const operands = [
        builder.broadcast(residual.node, [...batch, size]),
        builder.broadcast(covariance.node, [...batch, size, size]),
      ]
      const results = builder.call(
        'multivariateNormal',
        operands,
        [sizeOf(batch), size],
        [batch, [...batch, size], [...batch, size, size]],
      )
      return results.map((node) => ({ node, type: 'float32' as const }))
    },
  },
}

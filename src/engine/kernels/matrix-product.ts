import type { GraphNode } from '../graph.js'
import type { GraphBuilder } from '../graph-builder.js'
import { broadcastShape } from '../shape.js'
import { axesOf, type KernelFamily } from './family.js'

function transposed(builder: GraphBuilder, node: GraphNode): GraphNode {
  const rank = node.shape.length
  const order = [...axesOf(node.shape).slice(0, -2), rank - 1, rank - 2]
  return builder.restride(
    node,
    node.shape.map(() => 0),
    order.map(() => 1),
    order,
    order.map((axis) => node.shape[axis]),
  )
}

/** Batched matrix product; batch axes broadcast. */
export const matrixProduct: KernelFamily = {
  rules: {
    BatchMatMul: ({ builder, inputs: { a, b }, attributes }) => {
      const left = attributes.transposeA ? transposed(builder, a.node) : a.node
      const right = attributes.transposeB ? transposed(builder, b.node) : b.node
      const batch = broadcastShape(left.shape.slice(0, -2), right.shape.slice(0, -2))
      if (!batch || left.shape[left.shape.length - 1] !== right.shape[right.shape.length - 2])
        throw new RangeError(`matrices of shape [${left.shape}] and [${right.shape}] do not fit in "matMul"`)
      const spread = (node: GraphNode) => builder.broadcast(node, [...batch, ...node.shape.slice(-2)])
      return { node: builder.contract(spread(left), spread(right)), type: a.type }
    },
  },
}

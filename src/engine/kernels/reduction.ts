import type { GraphNode, Reduction } from '../graph.js'
import type { GraphBuilder } from '../graph-builder.js'
import { type KernelFamily, type KernelRule, normalAxes } from './family.js'

export function reduceAxes(
  builder: GraphBuilder,
  node: GraphNode,
  reduction: Reduction,
  axes: readonly number[],
  keepsAxes: boolean,
): GraphNode {
  const reduced = builder.reduce(reduction, node, axes)
  return keepsAxes
    ? builder.reshape(
        reduced,
        node.shape.map((length, axis) => (axes.includes(axis) ? 1 : length)),
      )
    : reduced
}

const rule =
  (reduction: Reduction, axisAttribute = 'axis'): KernelRule =>
  ({ builder, inputs: { x }, attributes }) => ({
    node: reduceAxes(
      builder,
      x.node,
      reduction,
      normalAxes(attributes[axisAttribute], x.node.shape.length),
      attributes.keepDims === true,
    ),
    type: x.type,
  })

const mean: KernelRule = ({ builder, inputs: { x }, attributes }) => {
  const axes = normalAxes(attributes.axis, x.node.shape.length)
  const count = axes.reduce((product, axis) => product * x.node.shape[axis], 1)
  const sum = reduceAxes(builder, x.node, 'sum', axes, attributes.keepDims === true)
  return {
    node: builder.map('divide', [sum, builder.broadcast(builder.constant([count], []), sum.shape)], sum.shape),
    type: 'float32',
  }
}

/** Shifted by the maximum, so that nothing overflows. */
const softmax: KernelRule = ({ builder, inputs: { logits }, attributes }) => {
  const { node } = logits
  const axes = normalAxes(attributes.dim ?? -1, node.shape.length)
  const total = (reduction: Reduction, of: GraphNode) =>
    builder.broadcast(reduceAxes(builder, of, reduction, axes, true), node.shape)
  const weights = builder.map('exponential', [builder.map('subtract', [node, total('maximum', node)], node.shape)], node.shape)
  return { node: builder.map('divide', [weights, total('sum', weights)], node.shape), type: 'float32' }
}

/** Sums, products and extremes over axes, and the normalisations made of them. */
export const reduction: KernelFamily = {
  rules: {
    All: rule('minimum'),
    Any: rule('maximum'),
    Max: rule('maximum', 'reductionIndices'),
    Mean: mean,
    Min: rule('minimum'),
    Prod: rule('product'),
    Sum: rule('sum'),
    Softmax: softmax,
  },
}

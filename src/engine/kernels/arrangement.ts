import type { GraphNode } from '../graph.js'
import type { GraphBuilder } from '../graph-builder.js'
import { rowMajorStrides, sizeOf } from '../shape.js'
import { axesOf, type KernelFamily, type KernelRule, normalAxes, type TracedTensor } from './family.js'

function slice(builder: GraphBuilder, node: GraphNode, begin: readonly number[], size: readonly number[]): GraphNode {
  return builder.restride(
    node,
    begin,
    size.map(() => 1),
    axesOf(node.shape),
    size,
  )
}

function concatenate(builder: GraphBuilder, nodes: readonly GraphNode[], axis: number): GraphNode {
  const shape = nodes[0].shape.map((length, position) =>
    position === axis ? nodes.reduce((sum, node) => sum + node.shape[axis], 0) : length,
  )
  const present = nodes.filter((node) => node.shape[axis] > 0)
  if (present.length === 1) return present[0]
  const strides = rowMajorStrides(shape)
  let start = 0
  const pieces = present.map((node) => {
    const piece = { node, offset: start * strides[axis], strides }
    start += node.shape[axis]
    return piece
  })
  return builder.assemble(pieces, 0, shape)
}

/** Removes `axis`, at which the index is fixed. */
function take(builder: GraphBuilder, node: GraphNode, axis: number, index: number): GraphNode {
  const one = slice(
    builder,
    node,
    node.shape.map((_, position) => (position === axis ? index : 0)),
    node.shape.map((length, position) => (position === axis ? 1 : length)),
  )
  return builder.reshape(
    one,
    node.shape.filter((_, position) => position !== axis),
  )
}

/** One axis may be given as -1: whatever the other axes leave. */
function knownShape(shape: readonly number[], size: number): number[] {
  const known = shape.reduce((product, length) => (length < 0 ? product : product * length), 1)
  return shape.map((length) => (length < 0 ? size / known : length))
}

const tile: KernelRule = ({ builder, inputs: { x }, attributes }) => {
  const repeats = attributes.reps as number[]
  const shape = x.node.shape.map((length, axis) => length * repeats[axis])
  const interleaved = x.node.shape.flatMap((length) => [1, length])
  const stretched = x.node.shape.flatMap((length, axis) => [repeats[axis], length])
  return { node: builder.reshape(builder.broadcast(builder.reshape(x.node, interleaved), stretched), shape), type: x.type }
}

const pad: KernelRule = ({ builder, inputs: { x }, attributes }) => {
  const paddings = attributes.paddings as [number, number][]
  const shape = x.node.shape.map((length, axis) => length + paddings[axis][0] + paddings[axis][1])
  const strides = rowMajorStrides(shape)
  const offset = paddings.reduce((sum, [before], axis) => sum + before * strides[axis], 0)
  return {
    node: builder.assemble([{ node: x.node, offset, strides }], (attributes.constantValue as number) ?? 0, shape),
    type: x.type,
  }
}

const split: KernelRule = ({ builder, inputs: { x }, attributes }) => {
  const axis = normalAxes(attributes.axis ?? 0, x.node.shape.length)[0]
  const wanted = attributes.numOrSizeSplits as number | number[]
  const length = x.node.shape[axis]
  const known = Array.isArray(wanted) ? wanted.reduce((sum, size) => sum + Math.max(size, 0), 0) : 0
  const sizes = Array.isArray(wanted)
    ? wanted.map((size) => (size < 0 ? length - known : size))
    : new Array<number>(wanted).fill(length / wanted)
  let start = 0
  return sizes.map((size) => {
    const begin = x.node.shape.map((_, position) => (position === axis ? start : 0))
    const shape = x.node.shape.map((full, position) => (position === axis ? size : full))
    start += size
    return { node: slice(builder, x.node, begin, shape), type: x.type }
  })
}

const pack: KernelRule = ({ builder, inputs, attributes }) => {
  const tensors = Object.values(inputs)
  const shape = tensors[0].node.shape
  const axis = normalAxes(attributes.axis ?? 0, shape.length + 1)[0]
  const expanded = [...shape.slice(0, axis), 1, ...shape.slice(axis)]
  return {
    node: concatenate(
      builder,
      tensors.map((tensor) => builder.reshape(tensor.node, expanded)),
      axis,
    ),
    type: tensors[0].type,
  }
}

const unpack: KernelRule = ({ builder, inputs: { value }, attributes }): TracedTensor[] => {
  const axis = normalAxes(attributes.axis ?? 0, value.node.shape.length)[0]
  return Array.from({ length: value.node.shape[axis] }, (_, index) => ({
    node: take(builder, value.node, axis, index),
    type: value.type,
  }))
}

/** Operations that move elements without computing: as index maps where possible, as copies otherwise. */
export const arrangement: KernelFamily = {
  rules: {
    Identity: ({ inputs: { x } }) => x,
    Reshape: ({ builder, inputs: { x }, attributes }) => ({
      node: builder.reshape(x.node, knownShape(attributes.shape as number[], sizeOf(x.node.shape))),
      type: x.type,
    }),
    ExpandDims: ({ builder, inputs: { input }, attributes }) => {
      const rank = input.node.shape.length
      const axis = normalAxes(attributes.dim, rank + 1)[0]
      return {
        node: builder.reshape(input.node, [...input.node.shape.slice(0, axis), 1, ...input.node.shape.slice(axis)]),
        type: input.type,
      }
    },
    Transpose: ({ builder, inputs: { x }, attributes }) => {
      const order = attributes.perm as number[]
      const shape = order.map((axis) => x.node.shape[axis])
      const zero = x.node.shape.map(() => 0)
      return {
        node: builder.restride(
          x.node,
          zero,
          order.map(() => 1),
          order,
          shape,
        ),
        type: x.type,
      }
    },
    Slice: ({ builder, inputs: { x }, attributes }) => {
      // tfjs hands on what it was given: a list, or a number for the first axis.
      const [begin, wanted] = [attributes.begin, attributes.size].map((given) => [given ?? []].flat() as number[])
      const full = x.node.shape.map((_, axis) => begin[axis] ?? 0)
      const size = x.node.shape.map((length, axis) => {
        const asked = wanted[axis] ?? -1
        return asked < 0 ? length - full[axis] : asked
      })
      return { node: slice(builder, x.node, full, size), type: x.type }
    },
    Reverse: ({ builder, inputs: { x }, attributes }) => {
      const reversed = normalAxes(attributes.dims, x.node.shape.length)
      const start = x.node.shape.map((length, axis) => (reversed.includes(axis) ? length - 1 : 0))
      const steps = x.node.shape.map((_, axis) => (reversed.includes(axis) ? -1 : 1))
      return { node: builder.restride(x.node, start, steps, axesOf(x.node.shape), x.node.shape), type: x.type }
    },
    Concat: ({ builder, inputs, attributes }) => {
      const tensors = Object.values(inputs)
      const axis = normalAxes(attributes.axis ?? 0, tensors[0].node.shape.length)[0]
      return {
        node: concatenate(
          builder,
          tensors.map((tensor) => tensor.node),
          axis,
        ),
        type: tensors[0].type,
      }
    },
    Pack: pack,
    PadV2: pad,
    SplitV: split,
    Tile: tile,
    Unpack: unpack,
  },
}

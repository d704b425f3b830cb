import { affineIndices } from './affine-indices.js'
import type { GraphNode } from './graph.js'
import type { GraphBuilder } from './graph-builder.js'
import { rowMajorStrides, type Shape, sizeOf } from './shape.js'

/**
 * Lookups and segment sums by indices that are known and follow a pattern (one element, a stretch, a diagonal, every third, each repeated) need no
 * kernel: they are index maps, sums over axes and assemblies.
 */
export function simplifyCall(
  builder: GraphBuilder,
  kernel: string,
  operands: readonly GraphNode[],
  settings: readonly number[],
  [shape]: readonly Shape[],
): GraphNode | undefined {
  if (kernel !== 'gather' && kernel !== 'segmentSum') return undefined
  const indices = constantValues(operands[1])
  if (!indices || sizeOf(operands[0].shape) === 0) return undefined
  return kernel === 'gather'
    ? gather(builder, operands[0], indices, settings, shape)
    : segmentSum(builder, operands[0], indices, settings, shape)
}

/** Elements of a constant or of a view of one. */
function constantValues(node: GraphNode): Float64Array | undefined {
  if (node.kind === 'constant') return node.values
  if (node.kind !== 'view' || node.source.kind !== 'constant') return undefined
  const { values } = node.source
  const dense = rowMajorStrides(node.shape)
  return Float64Array.from({ length: sizeOf(node.shape) }, (_, flat) => {
    const index = node.shape.map((length, axis) => Math.floor(flat / dense[axis]) % length)
    return values[index.reduce((sum, position, axis) => sum + position * node.strides[axis], node.offset)]
  })
}

function areWithin(indices: Float64Array, length: number): boolean {
  return indices.every((index) => Number.isInteger(index) && index >= 0 && index < length)
}

function gather(
  builder: GraphBuilder,
  source: GraphNode,
  indices: Float64Array,
  [outer, length, inner]: readonly number[],
  shape: Shape,
): GraphNode | undefined {
  const pattern = areWithin(indices, length) ? affineIndices(indices) : undefined
  if (!pattern) return undefined
  const axis = source.shape.findIndex(
    (candidate, position) =>
      candidate === length &&
      sizeOf(source.shape.slice(0, position)) === outer &&
      sizeOf(source.shape.slice(position + 1)) === inner,
  )
  if (axis < 0) return undefined
  const [before, after] = [source.shape.slice(0, axis), source.shape.slice(axis + 1)]
  const { start, lengths, steps } = pattern
  const axes = [...before.map((_, position) => position), ...lengths.map(() => axis), ...after.map((_, k) => axis + 1 + k)]
  const view = builder.restride(
    source,
    source.shape.map((_, position) => (position === axis ? start : 0)),
    [...before.map(() => 1), ...steps, ...after.map(() => 1)],
    axes,
    [...before, ...lengths, ...after],
  )
  return builder.reshape(view, shape)
}

/** Levels that stay on one segment are summed; the others must lead to different segments. */
function segmentSum(
  builder: GraphBuilder,
  source: GraphNode,
  ids: Float64Array,
  [segmentCount, inner]: readonly number[],
  shape: Shape,
): GraphNode | undefined {
  const pattern = areWithin(ids, segmentCount) ? affineIndices(ids) : undefined
  if (!pattern) return undefined
  const { start, lengths, steps } = pattern
  const [summed, kept] = [(level: number) => steps[level] === 0, (level: number) => steps[level] !== 0]
  const levels = lengths.map((_, level) => level)
  if (new Set(ids).size !== levels.filter(kept).reduce((product, level) => product * lengths[level], 1)) return undefined
  const rows = builder.reduce('sum', builder.reshape(source, [...lengths, inner]), levels.filter(summed))
  const targets = [...levels.filter(kept).map((level) => steps[level] * inner), 1]
  const isWhole = start === 0 && sizeOf(rows.shape) === sizeOf(shape)
  if (isWhole && rowMajorStrides(rows.shape).every((stride, axis) => rows.shape[axis] === 1 || stride === targets[axis]))
    return builder.reshape(rows, shape)
  const flat = builder.assemble([{ node: rows, offset: start * inner, strides: targets }], 0, [sizeOf(shape)])
  return builder.reshape(flat, shape)
}

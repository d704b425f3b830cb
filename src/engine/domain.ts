import type { GraphNode, ViewNode } from './graph.js'
import { asView } from './graph-builder.js'
import { rowMajorStrides } from './shape.js'

/** A node that may have memory of its own. */
export type Buffered = Exclude<GraphNode, ViewNode>
export type LoopNode = Extract<GraphNode, { kind: 'map' | 'reduce' | 'contract' }>

/** A loop node's iteration space with axes of length one dropped, and how each operand is read over it. */
export interface Domain {
  readonly lengths: readonly number[]
  readonly reads: readonly { readonly source: Buffered; readonly offset: number; readonly strides: readonly number[] }[]
  readonly reducedAxes: readonly number[]
}

export function isLoopNode(node: GraphNode): node is LoopNode {
  return node.kind === 'map' || node.kind === 'reduce' || node.kind === 'contract'
}

export function domainOf(node: LoopNode): Domain {
  if (node.kind === 'contract') return contractDomain(node)
  const shape = node.kind === 'map' ? node.shape : node.operand.shape
  const kept = shape.flatMap((length, axis) => (length === 1 ? [] : [axis]))
  const operands = node.kind === 'map' ? node.operands : [node.operand]
  return {
    lengths: kept.map((axis) => shape[axis]),
    reads: operands.map((operand) => {
      const { source, offset, strides } = asView(operand)
      return { source: source as Buffered, offset, strides: kept.map((axis) => strides[axis]) }
    }),
    reducedAxes: node.kind === 'map' ? [] : kept.flatMap((axis, position) => (node.axes.includes(axis) ? [position] : [])),
  }
}

function contractDomain(node: Extract<GraphNode, { kind: 'contract' }>): Domain {
  const rank = node.shape.length
  const full = [...node.shape, node.left.shape[rank - 1]]
  const kept = full.flatMap((length, axis) => (length === 1 ? [] : [axis]))
  const [left, right] = [asView(node.left), asView(node.right)]
  const leftStrides = [...left.strides.slice(0, rank - 1), 0, left.strides[rank - 1]]
  const rightStrides = [...right.strides.slice(0, rank - 2), 0, right.strides[rank - 1], right.strides[rank - 2]]
  return {
    lengths: kept.map((axis) => full[axis]),
    reads: [
      { source: left.source as Buffered, offset: left.offset, strides: kept.map((axis) => leftStrides[axis]) },
      { source: right.source as Buffered, offset: right.offset, strides: kept.map((axis) => rightStrides[axis]) },
    ],
    reducedAxes: kept.flatMap((axis, position) => (axis === rank ? [position] : [])),
  }
}

export function equalNumbers(left: readonly number[], right: readonly number[]): boolean {
  return left.length === right.length && left.every((value, index) => value === right[index])
}

/** Whether a read takes the source's element of the same iteration. */
export function isPointwise(
  read: Domain['reads'][number],
  lengths: readonly number[],
  domains: ReadonlyMap<GraphNode, Domain>,
): boolean {
  if (read.source.kind !== 'map' || read.offset !== 0) return false
  const source = domains.get(read.source)
  return source !== undefined && equalNumbers(source.lengths, lengths) && equalNumbers(read.strides, rowMajorStrides(lengths))
}

import type { Shape } from './shape.js'

/**
 * The float64 dataflow graph that a traced function becomes. Eight kinds of node express every operation, so that the optimiser, the
 * interpreter and the printers stay small:
 *
 * - `constant`, `input`
 * - `map`: a scalar function applied elementwise to operands of the output's shape
 * - `view`: a rearrangement without arithmetic (transpose, slice, broadcast, reverse, reshape) as an affine index map on a dense source
 * - `reduce`: sum, product, maximum or minimum over some axes
 * - `contract`: batched matrix product
 * - `assemble`: pieces laid into a filled array (pad, concatenate)
 * - `call`: a kernel over whole dense arrays (Cholesky and its like) with one or more results, each taken out by `result`
 */
export type GraphNode =
  | ConstantNode
  | InputNode
  | MapNode
  | ViewNode
  | ReduceNode
  | ContractNode
  | AssembleNode
  | CallNode
  | ResultNode

interface NodeBase {
  readonly id: number
  readonly shape: Shape
}
export interface ConstantNode extends NodeBase {
  readonly kind: 'constant'
  readonly values: Float64Array
}
export interface InputNode extends NodeBase {
  readonly kind: 'input'
  readonly index: number
}
export interface MapNode extends NodeBase {
  readonly kind: 'map'
  readonly function: string
  readonly operands: readonly GraphNode[]
}
export interface ViewNode extends NodeBase {
  readonly kind: 'view'
  /** Never itself a view. */
  readonly source: Exclude<GraphNode, ViewNode>
  readonly offset: number
  /** Per axis of this node, in elements of the source. */
  readonly strides: readonly number[]
}
export type Reduction = 'sum' | 'product' | 'maximum' | 'minimum'
export interface ReduceNode extends NodeBase {
  readonly kind: 'reduce'
  readonly reduction: Reduction
  readonly operand: GraphNode
  readonly axes: readonly number[]
}
export interface ContractNode extends NodeBase {
  readonly kind: 'contract'
  /** `[...batch, row, inner]` and `[...batch, inner, column]`, batch axes already broadcast. */
  readonly left: GraphNode
  readonly right: GraphNode
}
export interface AssemblePiece {
  readonly node: GraphNode
  /** Where the piece's first element goes in the output, and the output's strides along the piece's axes. */
  readonly offset: number
  readonly strides: readonly number[]
}
export interface AssembleNode extends NodeBase {
  readonly kind: 'assemble'
  readonly pieces: readonly AssemblePiece[]
  readonly fill: number
}
export interface CallNode extends NodeBase {
  readonly kind: 'call'
  readonly kernel: string
  readonly operands: readonly GraphNode[]
  readonly settings: readonly number[]
  readonly resultShapes: readonly Shape[]
}
export interface ResultNode extends NodeBase {
  readonly kind: 'result'
  readonly call: CallNode
  readonly index: number
}

export interface Graph {
  readonly inputShapes: readonly Shape[]
  readonly outputs: readonly GraphNode[]
}

/** Nodes whose values a node needs, views included. */
export function dependencies(node: GraphNode): readonly GraphNode[] {
  switch (node.kind) {
    case 'constant':
    case 'input':
      return []
    case 'map':
    case 'call':
      return node.operands
    case 'view':
      return [node.source]
    case 'reduce':
      return [node.operand]
    case 'contract':
      return [node.left, node.right]
    case 'assemble':
      return node.pieces.map((piece) => piece.node)
    case 'result':
      return [node.call]
  }
}

/**
 * All nodes that the outputs need, each after those it depends on.
 * @param needs what a node depends on, when it is to be cut off from some of that
 */
export function topologicalOrder(
  outputs: readonly GraphNode[],
  needs: (node: GraphNode) => readonly GraphNode[] = dependencies,
): GraphNode[] {
  const seen = new Set<GraphNode>()
  const order: GraphNode[] = []
  const stack: { node: GraphNode; next: number }[] = []
  for (const output of outputs) {
    if (seen.has(output)) continue
    seen.add(output)
    stack.push({ node: output, next: 0 })
    while (stack.length > 0) {
      const top = stack[stack.length - 1]
      const needed = needs(top.node)
      if (top.next === needed.length) {
        order.push(top.node)
        stack.pop()
      } else {
        const dependency = needed[top.next++]
        if (!seen.has(dependency)) {
          seen.add(dependency)
          stack.push({ node: dependency, next: 0 })
        }
      }
    }
  }
  return order
}

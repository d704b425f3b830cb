import {
  type AssembleNode,
  type AssemblePiece,
  type CallNode,
  dependencies,
  type Graph,
  type GraphNode,
  type MapNode,
  topologicalOrder,
} from './graph.js'
import { asView, GraphBuilder, scalarConstant } from './graph-builder.js'
import { interpret } from './interpret.js'
import { rowMajorStrides, type Shape, sizeOf } from './shape.js'

/**
 * Rewrites a graph: subgraphs without inputs become constants, and operands of matrix products that stay the same from run to run are laid out
 * for their loops. Dead nodes disappear because only what the outputs need is rebuilt.
 * @param freeCount inputs from here on are set now and then only
 */
export function optimise(graph: Graph, freeCount = graph.inputShapes.length): Graph {
  const builder = new GraphBuilder()
  const isSettled = settledNodes(freeCount)
  return rebuildGraph(graph, builder, { isSettled, finish: (node) => fold(builder, node) })
}

/** Whether a node depends on none of the free inputs. */
export function settledNodes(freeCount: number): (node: GraphNode) => boolean {
  const known = new Map<GraphNode, boolean>()
  const isSettled = (node: GraphNode): boolean => {
    const found = known.get(node) ?? (node.kind === 'input' ? node.index >= freeCount : dependencies(node).every(isSettled))
    known.set(node, found)
    return found
  }
  return isSettled
}

interface Rewriting {
  /** What takes the place of a node, with all that only it needs. */
  readonly replace?: (node: GraphNode) => GraphNode | undefined
  readonly isSettled: (node: GraphNode) => boolean
  readonly finish: (node: GraphNode) => GraphNode
}

/** The graph made anew with another builder. */
export function rebuildGraph(graph: Graph, builder: GraphBuilder, { replace, isSettled, finish }: Rewriting): Graph {
  const rebuilt = new Map<GraphNode, GraphNode>()
  const of = (node: GraphNode) => rebuilt.get(node) as GraphNode
  const calls = new Map<CallNode, GraphNode[]>()
  for (const node of topologicalOrder(graph.outputs, (one) => (replace?.(one) ? [] : dependencies(one)))) {
    const replacement = replace?.(node)
    if (replacement) rebuilt.set(node, replacement)
    else if (node.kind === 'call') calls.set(node, foldCall(builder, node, node.operands.map(of)))
    else {
      const copy =
        node.kind === 'result' ? (calls.get(node.call) as GraphNode[])[node.index] : rebuild(builder, node, of, isSettled)
      rebuilt.set(node, finish(copy))
      isSettled(of(node))
    }
  }
  return { inputShapes: graph.inputShapes, outputs: graph.outputs.map((output) => builder.dense(of(output))) }
}

function rebuild(
  builder: GraphBuilder,
  node: Exclude<GraphNode, { kind: 'call' | 'result' }>,
  of: (node: GraphNode) => GraphNode,
  isSettled: (node: GraphNode) => boolean,
): GraphNode {
  switch (node.kind) {
    case 'constant':
      return builder.sharedConstant(node.values, node.shape)
    case 'input':
      return builder.input(node.index, node.shape)
    case 'map':
      return rebuildMap(builder, node.function, node.operands.map(of), node.shape)
    case 'view':
      return rebuildView(builder, node, of(node.source))
    case 'reduce':
      return builder.reduce(node.reduction, of(node.operand), node.axes)
    case 'contract':
      return contract(builder, of(node.left), of(node.right), isSettled)
    case 'assemble':
      return builder.assemble(
        node.pieces.map((piece) => ({ ...piece, node: of(piece.node) })),
        node.fill,
        node.shape,
      )
  }
}

function rebuildMap(builder: GraphBuilder, name: string, operands: readonly GraphNode[], shape: Shape): GraphNode {
  const [left, right] = operands
  if (name === 'divide' && isShared(right))
    return builder.map('multiply', [left, builder.map('reciprocal', [right], shape)], shape)
  if (name === 'add') return addAssembled(builder, left, right) ?? builder.map(name, operands, shape)
  return builder.map(name, operands, shape)
}

/** Whether several elements are one number: a division by it costs several times a multiplication by its reciprocal. */
function isShared(node: GraphNode): boolean {
  return node.kind === 'view' && node.strides.some((stride, axis) => stride === 0 && node.shape[axis] > 1)
}

/** The gradient of an array that was taken apart is a sum of zero-padded pieces: where they do not overlap, it is put together at once. */
function addAssembled(builder: GraphBuilder, left: GraphNode, right: GraphNode): GraphNode | undefined {
  if (left.kind !== 'assemble' || right.kind !== 'assemble' || left.fill !== 0 || right.fill !== 0) return undefined
  const areApart = left.pieces.every((one) => right.pieces.every((other) => arePiecesApart(one, other, left.shape)))
  return areApart ? builder.assemble([...left.pieces, ...right.pieces], 0, left.shape) : undefined
}

/** Whether along some axis of the whole one piece ends before the other begins; only for pieces that are boxes. */
function arePiecesApart(one: AssemblePiece, other: AssemblePiece, shape: Shape): boolean {
  const strides = rowMajorStrides(shape)
  const boxes = [one, other].map(({ node, offset, strides: own }) => {
    const isBox = own.length === strides.length && own.every((stride, axis) => node.shape[axis] === 1 || stride === strides[axis])
    let rest = offset
    return (
      isBox &&
      strides.map((stride, axis) => {
        const first = Math.floor(rest / stride)
        rest -= first * stride
        return { first, end: first + node.shape[axis] }
      })
    )
  })
  const [a, b] = boxes
  return Boolean(a && b && a.some((range, axis) => range.end <= b[axis].first || b[axis].end <= range.first))
}

/** The index map refers to the source as a dense array, so a source that became a rearrangement itself is laid out densely first. */
function rebuildView(builder: GraphBuilder, view: Extract<GraphNode, { kind: 'view' }>, source: GraphNode): GraphNode {
  const uniform = scalarConstant(source)
  if (uniform !== undefined) return builder.broadcast(builder.constant([uniform], []), view.shape)
  const flat = builder.reshape(fold(builder, builder.dense(source)), [sizeOf(source.shape)])
  return builder.restride(flat, [view.offset], view.strides, new Array(view.shape.length).fill(0), view.shape)
}

function isConstant(node: GraphNode): boolean {
  return asView(node).source.kind === 'constant'
}

function fold(builder: GraphBuilder, node: GraphNode): GraphNode {
  const operands =
    node.kind === 'map'
      ? node.operands
      : node.kind === 'reduce'
        ? [node.operand]
        : node.kind === 'contract'
          ? [node.left, node.right]
          : []
  const pieces = node.kind === 'assemble' ? node.pieces.map((piece) => piece.node) : []
  const needed = [...operands, ...pieces]
  if (needed.length === 0 || !needed.every(isConstant)) return node
  return builder.sharedConstant(interpret({ inputShapes: [], outputs: [node as MapNode | AssembleNode] }, [])[0], node.shape)
}

function foldCall(builder: GraphBuilder, node: CallNode, operands: readonly GraphNode[]): GraphNode[] {
  const results = builder.call(node.kernel, operands, node.settings, node.resultShapes)
  if (!operands.every(isConstant)) return results
  const values = interpret({ inputShapes: [], outputs: results }, [])
  return results.map((result, index) => builder.sharedConstant(values[index], result.shape))
}

/**
 * Lays out the operands of a matrix product so that the loops read them with unit stride. A constant gets its longer axis contiguous, which
 * is the same layout whichever way round a model multiplies by it: a matrix of data is kept once for the value and the gradient. Of two
 * computed operands that are both contiguous along the inner axis, the right one is copied when many rows share the cost.
 */
function contract(builder: GraphBuilder, left: GraphNode, right: GraphNode, isSettled: (node: GraphNode) => boolean): GraphNode {
  const rank = left.shape.length
  const [row, inner] = [rank - 2, rank - 1]
  const [rowCount, innerLength] = [left.shape[row], left.shape[inner]]
  const columnCount = right.shape[rank - 1]
  const laidOutLeft = isSettled(left) ? contiguousAlong(builder, left, rowCount > innerLength ? row : inner) : left
  if (isSettled(right))
    return builder.contract(laidOutLeft, contiguousAlong(builder, right, columnCount > innerLength ? rank - 1 : rank - 2))
  const isWorthCopying = columnCount > 1 && innerLength > 1 && rowCount >= ROWS_WORTH_A_COPY
  return builder.contract(laidOutLeft, isWorthCopying ? contiguousAlong(builder, right, rank - 1) : right)
}

const ROWS_WORTH_A_COPY = 32

function contiguousAlong(builder: GraphBuilder, node: GraphNode, axis: number): GraphNode {
  const { strides } = asView(node)
  if (node.shape[axis] === 1 || strides[axis] === 1 || strides[axis] === 0) return node
  if (axis === node.shape.length - 1) return fold(builder, builder.dense(node))
  return swapLastAxes(builder, fold(builder, builder.dense(swapLastAxes(builder, node))))
}

function swapLastAxes(builder: GraphBuilder, node: GraphNode): GraphNode {
  const rank = node.shape.length
  const order = node.shape.map((_, axis) => (axis === rank - 1 ? rank - 2 : axis === rank - 2 ? rank - 1 : axis))
  return builder.restride(
    node,
    node.shape.map(() => 0),
    order.map(() => 1),
    order,
    order.map((axis) => node.shape[axis]),
  )
}

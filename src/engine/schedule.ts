import { allocate, type Layout } from './allocate.js'
import { collapseAxes } from './collapse-axes.js'
import { type Buffered, type Domain, domainOf, isLoopNode, isPointwise, type LoopNode } from './domain.js'
import { type CallNode, type Graph, type GraphNode, type Reduction, topologicalOrder } from './graph.js'
import { asView } from './graph-builder.js'
import { type Group, groupNodes } from './loop-groups.js'
import { type Shape, sizeOf } from './shape.js'

/**
 * Turns a graph into a sequence of steps over one flat memory. Nodes with the same iteration shape are fused into one loop nest when every
 * value they take from each other is taken at the same index; only values needed elsewhere are stored.
 */
export interface Schedule {
  /** Elements of memory. Inputs come first, one after another; then constants; then working space. */
  readonly memorySize: number
  readonly inputOffsets: readonly number[]
  readonly constants: readonly { readonly offset: number; readonly values: Float64Array }[]
  readonly steps: readonly Step[]
  readonly outputs: readonly { readonly offset: number; readonly size: number }[]
}

export type Step = LoopStep | AssembleStep | CallStep

/** An operand: a value computed in the same iteration, a number known when compiling, or memory at `offset + index . strides`. */
export type Operand =
  | { readonly kind: 'value'; readonly id: number }
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'memory'; readonly offset: number; readonly strides: readonly number[] }

export interface LoopStep {
  readonly kind: 'loop'
  readonly lengths: readonly number[]
  readonly statements: readonly Statement[]
}
export type Statement =
  | {
      readonly kind: 'map'
      readonly id: number
      readonly function: string
      readonly operands: readonly Operand[]
      readonly store?: number
    }
  | {
      readonly kind: 'reduce'
      readonly id: number
      readonly reduction: Reduction
      /** Multiplied with each other: one for a reduction, two for a matrix product. */
      readonly factors: readonly Operand[]
      /** Loop axes summed over. */
      readonly axes: readonly number[]
      readonly store: number
      /** Strides of the result along all loop axes, 0 along the reduced ones. */
      readonly strides: readonly number[]
      readonly size: number
    }
export interface AssembleStep {
  readonly kind: 'assemble'
  readonly store: number
  readonly size: number
  readonly fill: number
  readonly pieces: readonly {
    readonly lengths: readonly number[]
    readonly from: { offset: number; strides: readonly number[] }
    readonly to: { offset: number; strides: readonly number[] }
  }[]
}
export interface CallStep {
  readonly kind: 'call'
  readonly kernel: string
  readonly operands: readonly number[]
  readonly results: readonly number[]
  /** Which results anything reads; a kernel may leave out the others. */
  readonly isRead: readonly boolean[]
  readonly settings: readonly number[]
}

export function schedule(graph: Graph): Schedule {
  const order = topologicalOrder(graph.outputs).filter((node): node is Buffered => node.kind !== 'view')
  const domains = new Map<GraphNode, Domain>(order.filter(isLoopNode).map((node) => [node, domainOf(node)]))
  const grouping = groupNodes(order, domains)
  const { groups, groupOf } = grouping
  const layout = allocate(graph, order, grouping, domains)
  return {
    memorySize: layout.size,
    inputOffsets: layout.inputOffsets,
    constants: order.flatMap((node) =>
      node.kind === 'constant' ? [{ offset: layout.offsetOf(node), values: node.values }] : [],
    ),
    steps: groups.map((one, index) => toStep(one, index, layout, groupOf, domains)),
    outputs: graph.outputs.map((output) => {
      const { source, offset } = asView(output)
      return { offset: layout.offsetOf(source) + offset, size: sizeOf(output.shape) }
    }),
  }
}

function toStep(
  one: Group,
  index: number,
  layout: Layout,
  groupOf: ReadonlyMap<GraphNode, number>,
  domains: ReadonlyMap<GraphNode, Domain>,
): Step {
  const [first] = one.nodes
  if (first.kind === 'assemble') return assembleStep(first, layout)
  if (first.kind === 'call') return callStep(first, layout)
  const lengths = one.lengths as readonly number[]
  const statements = (one.nodes as LoopNode[]).map((node) => statement(node, index, lengths, layout, groupOf, domains))
  return collapseAxes({ kind: 'loop', lengths, statements })
}

function statement(
  node: LoopNode,
  group: number,
  lengths: readonly number[],
  layout: Layout,
  groupOf: ReadonlyMap<GraphNode, number>,
  domains: ReadonlyMap<GraphNode, Domain>,
): Statement {
  const domain = domains.get(node) as Domain
  const operands = domain.reads.map((read): Operand => {
    if (groupOf.get(read.source) === group && isPointwise(read, lengths, domains)) return { kind: 'value', id: read.source.id }
    if (read.source.kind === 'constant' && read.source.values.length === 1)
      return { kind: 'number', value: read.source.values[0] }
    return { kind: 'memory', offset: layout.offsetOf(read.source) + read.offset, strides: read.strides }
  })
  if (node.kind === 'map') {
    const store = layout.isStored(node) ? { store: layout.offsetOf(node) } : {}
    return { kind: 'map', id: node.id, function: node.function, operands, ...store }
  }
  return {
    kind: 'reduce',
    id: node.id,
    reduction: node.kind === 'reduce' ? node.reduction : 'sum',
    factors: operands,
    axes: domain.reducedAxes,
    store: layout.offsetOf(node),
    strides: resultStrides(lengths, domain.reducedAxes),
    size: sizeOf(node.shape),
  }
}

function resultStrides(lengths: Shape, reducedAxes: readonly number[]): number[] {
  const strides = new Array<number>(lengths.length).fill(0)
  for (let axis = lengths.length - 1, stride = 1; axis >= 0; axis--) {
    if (reducedAxes.includes(axis)) continue
    strides[axis] = stride
    stride *= lengths[axis]
  }
  return strides
}

function assembleStep(node: Extract<GraphNode, { kind: 'assemble' }>, layout: Layout): AssembleStep {
  const store = layout.offsetOf(node)
  return {
    kind: 'assemble',
    store,
    size: sizeOf(node.shape),
    fill: node.fill,
    pieces: node.pieces.map((piece) => {
      const { source, offset, strides } = asView(piece.node)
      const from = { offset: layout.offsetOf(source) + offset, strides }
      return { lengths: piece.node.shape, from, to: { offset: store + piece.offset, strides: piece.strides } }
    }),
  }
}

function callStep(node: CallNode, layout: Layout): CallStep {
  const operands = node.operands.map((operand) => layout.offsetOf(asView(operand).source) + asView(operand).offset)
  const [results, isRead] = [layout.resultOffsets(node), layout.readResults(node)]
  return { kind: 'call', kernel: node.kernel, operands, results, isRead, settings: node.settings }
}

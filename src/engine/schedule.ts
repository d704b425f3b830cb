import { collapseAxes } from './collapse-axes.js'
import {
  type CallNode,
  dependencies,
  type Graph,
  type GraphNode,
  type Reduction,
  topologicalOrder,
  type ViewNode,
} from './graph.js'
import { asView } from './graph-builder.js'
import { rowMajorStrides, type Shape, sizeOf } from './shape.js'

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
  readonly settings: readonly number[]
}

type Buffered = Exclude<GraphNode, ViewNode>
type LoopNode = Extract<GraphNode, { kind: 'map' | 'reduce' | 'contract' }>

interface Group {
  readonly lengths: readonly number[] | undefined
  readonly nodes: Buffered[]
}

/** A loop node's iteration space with axes of length one dropped, and how each operand is read over it. */
interface Domain {
  readonly lengths: readonly number[]
  readonly reads: readonly { readonly source: Buffered; readonly offset: number; readonly strides: readonly number[] }[]
  readonly reducedAxes: readonly number[]
}

export function schedule(graph: Graph): Schedule {
  const order = topologicalOrder(graph.outputs).filter((node): node is Buffered => node.kind !== 'view')
  const domains = new Map<GraphNode, Domain>(order.filter(isLoopNode).map((node) => [node, domainOf(node)]))
  const { groups, groupOf } = group(order, domains)
  const layout = allocate(graph, order, groups, groupOf, domains)
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

function isLoopNode(node: GraphNode): node is LoopNode {
  return node.kind === 'map' || node.kind === 'reduce' || node.kind === 'contract'
}

function domainOf(node: LoopNode): Domain {
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

function equalNumbers(left: readonly number[], right: readonly number[]): boolean {
  return left.length === right.length && left.every((value, index) => value === right[index])
}

/** Whether a read takes the source's element of the same iteration. */
function isPointwise(
  read: Domain['reads'][number],
  lengths: readonly number[],
  domains: ReadonlyMap<GraphNode, Domain>,
): boolean {
  if (read.source.kind !== 'map' || read.offset !== 0) return false
  const source = domains.get(read.source)
  return source !== undefined && equalNumbers(source.lengths, lengths) && equalNumbers(read.strides, rowMajorStrides(lengths))
}

function group(
  order: readonly Buffered[],
  domains: ReadonlyMap<GraphNode, Domain>,
): { groups: Group[]; groupOf: Map<GraphNode, number> } {
  const groups: Group[] = []
  const groupOf = new Map<GraphNode, number>()
  for (const node of order) {
    if (node.kind === 'constant' || node.kind === 'input') continue
    if (node.kind === 'result') {
      groupOf.set(node, groupOf.get(node.call) as number)
      continue
    }
    const domain = domains.get(node)
    const earliest = domain ? earliestGroup(domain, groupOf, domains) : groups.length
    let index = groups.findIndex(
      (one, position) => position >= earliest && domain && one.lengths && equalNumbers(one.lengths, domain.lengths),
    )
    if (index < 0) {
      index = groups.length
      groups.push({ lengths: domain?.lengths, nodes: [] })
    }
    groups[index].nodes.push(node)
    groupOf.set(node, index)
  }
  return { groups, groupOf }
}

function earliestGroup(domain: Domain, groupOf: ReadonlyMap<GraphNode, number>, domains: ReadonlyMap<GraphNode, Domain>): number {
  return Math.max(
    0,
    ...domain.reads.map((read) => (groupOf.get(read.source) ?? -1) + (isPointwise(read, domain.lengths, domains) ? 0 : 1)),
  )
}

interface Layout {
  readonly size: number
  readonly inputOffsets: readonly number[]
  offsetOf(node: GraphNode): number
  isStored(node: GraphNode): boolean
  /** One per result of a call, whether or not anything reads it. */
  resultOffsets(call: CallNode): readonly number[]
}

/** Places inputs, constants and stored values; the space of a value is used again after the last step that reads it. */
function allocate(
  graph: Graph,
  order: readonly Buffered[],
  groups: readonly Group[],
  groupOf: ReadonlyMap<GraphNode, number>,
  domains: ReadonlyMap<GraphNode, Domain>,
): Layout {
  const lastUse = lastUses(graph, order, groupOf, domains)
  const offsets = new Map<GraphNode, number>()
  const resultOffsets = new Map<CallNode, number[]>()
  const inputSizes = graph.inputShapes.map(sizeOf)
  const inputOffsets = inputSizes.map((_, index) => inputSizes.slice(0, index).reduce((sum, size) => sum + size, 0))
  let size = inputSizes.reduce((sum, one) => sum + one, 0)
  for (const node of order) {
    if (node.kind === 'input') offsets.set(node, inputOffsets[node.index])
    if (node.kind === 'constant') {
      offsets.set(node, size)
      size += node.values.length
    }
  }
  const free = new Map<number, number[]>()
  const live: { until: number; offset: number; size: number }[] = []
  groups.forEach((one, index) => {
    for (const block of live.splice(0)) {
      if (block.until >= index) live.push(block)
      else free.set(block.size, [...(free.get(block.size) ?? []), block.offset])
    }
    const take = (length: number, until: number): number => {
      const reused = free.get(length)?.pop()
      const offset = reused ?? size
      if (reused === undefined) size += length
      live.push({ until, offset, size: length })
      return offset
    }
    for (const node of one.nodes) {
      if (node.kind === 'call') {
        const results = order.filter((other) => other.kind === 'result' && other.call === node)
        const taken = node.resultShapes.map((shape, position) => {
          const result = results.find((other) => other.kind === 'result' && other.index === position)
          const offset = take(sizeOf(shape), (result && lastUse.get(result)) ?? index)
          if (result) offsets.set(result, offset)
          return offset
        })
        resultOffsets.set(node, taken)
      } else if (lastUse.has(node)) offsets.set(node, take(sizeOf(node.shape), lastUse.get(node) as number))
    }
  })
  return {
    size,
    inputOffsets,
    offsetOf: (node) => offsets.get(node) as number,
    isStored: (node) => offsets.has(node),
    resultOffsets: (call) => resultOffsets.get(call) as number[],
  }
}

/** Last step that reads each value from memory; absent for values used only inside their own loop. Outputs live for ever. */
function lastUses(
  graph: Graph,
  order: readonly Buffered[],
  groupOf: ReadonlyMap<GraphNode, number>,
  domains: ReadonlyMap<GraphNode, Domain>,
): Map<GraphNode, number> {
  const last = new Map<GraphNode, number>()
  const use = (node: GraphNode, at: number) => last.set(node, Math.max(last.get(node) ?? -1, at))
  for (const node of order) {
    const at = groupOf.get(node)
    if (at === undefined || node.kind === 'result') continue
    const domain = domains.get(node)
    if (domain) {
      for (const read of domain.reads)
        if (!(groupOf.get(read.source) === at && isPointwise(read, domain.lengths, domains))) use(read.source, at)
    } else for (const dependency of dependencies(node)) use(asView(dependency).source, at)
  }
  for (const output of graph.outputs) use(asView(output).source, Number.POSITIVE_INFINITY)
  return last
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
  return { kind: 'call', kernel: node.kernel, operands, results: layout.resultOffsets(node), settings: node.settings }
}

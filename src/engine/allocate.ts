import { type Buffered, type Domain, isPointwise } from './domain.js'
import { type CallNode, dependencies, type Graph, type GraphNode } from './graph.js'
import { asView } from './graph-builder.js'
import type { Grouping } from './loop-groups.js'
import { sizeOf } from './shape.js'

/** Where each value lies in memory, in elements. */
export interface Layout {
  readonly size: number
  readonly inputOffsets: readonly number[]
  offsetOf(node: GraphNode): number
  isStored(node: GraphNode): boolean
  /** One per result of a call, whether or not anything reads it. */
  resultOffsets(call: CallNode): readonly number[]
  /** Which of its results anything reads. */
  readResults(call: CallNode): readonly boolean[]
}

/** Places inputs, constants and stored values; the space of a value is used again after the last step that reads it. */
export function allocate(
  graph: Graph,
  order: readonly Buffered[],
  { groups, groupOf }: Grouping,
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
    readResults: (call) =>
      call.resultShapes.map((_, index) =>
        order.some((node) => node.kind === 'result' && node.call === call && node.index === index),
      ),
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

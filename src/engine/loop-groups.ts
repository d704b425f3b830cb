import { type Buffered, type Domain, equalNumbers, isPointwise } from './domain.js'
import { dependencies, type GraphNode } from './graph.js'
import { asView } from './graph-builder.js'

/** Nodes that become one step: loops over the same lengths, or one node of another kind. */
export interface Group {
  readonly lengths: readonly number[] | undefined
  readonly nodes: Buffered[]
}

export interface Grouping {
  readonly groups: readonly Group[]
  readonly groupOf: ReadonlyMap<GraphNode, number>
}

type Domains = ReadonlyMap<GraphNode, Domain>

/** Puts each node into the first step that it can be part of, then moves it down to its users where that spares memory. */
export function groupNodes(order: readonly Buffered[], domains: Domains): Grouping {
  const { groups, groupOf } = asEarlyAsPossible(order, domains)
  sink(order, domains, groups, groupOf)
  return withoutEmpty(groups, groupOf)
}

function asEarlyAsPossible(order: readonly Buffered[], domains: Domains): { groups: Group[]; groupOf: Map<GraphNode, number> } {
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

interface Use {
  readonly user: Buffered
  readonly isPointwise: boolean
}

/**
 * Moves a map into the step of its first user when that runs over the same elements, so that its values need not be stored. Not when it would
 * leave behind two operands that then had to be stored in its place.
 */
function sink(order: readonly Buffered[], domains: Domains, groups: Group[], groupOf: Map<GraphNode, number>): void {
  const uses = usesOf(order, domains)
  for (const node of [...order].reverse()) {
    const domain = domains.get(node)
    if (node.kind !== 'map' || !domain) continue
    const from = groupOf.get(node) as number
    const own = uses.get(node) ?? []
    const target = Math.min(...own.map((use) => (groupOf.get(use.user) as number) - (use.isPointwise ? 0 : 1)))
    if (own.length === 0 || target <= from) continue
    const { lengths } = groups[target]
    const isFused = own.some((use) => use.isPointwise && groupOf.get(use.user) === target)
    if (!isFused || !lengths || !equalNumbers(lengths, domain.lengths)) continue
    const leftBehind = new Set(
      domain.reads
        .filter((read) => groupOf.get(read.source) === from && isPointwise(read, domain.lengths, domains))
        .map((read) => read.source)
        .filter((source) => (uses.get(source) ?? []).some((use) => use.user !== node && groupOf.get(use.user) === from)),
    )
    if (leftBehind.size > 1) continue
    groups[from].nodes.splice(groups[from].nodes.indexOf(node), 1)
    groups[target].nodes.unshift(node)
    groupOf.set(node, target)
  }
}

function usesOf(order: readonly Buffered[], domains: Domains): Map<GraphNode, Use[]> {
  const uses = new Map<GraphNode, Use[]>()
  const add = (source: GraphNode, use: Use) => uses.set(source, [...(uses.get(source) ?? []), use])
  for (const user of order) {
    const domain = domains.get(user)
    if (domain)
      for (const read of domain.reads) add(read.source, { user, isPointwise: isPointwise(read, domain.lengths, domains) })
    else for (const dependency of dependencies(user)) add(asView(dependency).source, { user, isPointwise: false })
  }
  return uses
}

function withoutEmpty(groups: readonly Group[], groupOf: ReadonlyMap<GraphNode, number>): Grouping {
  const kept = groups.filter((one) => one.nodes.length > 0)
  const places = new Map(kept.map((one, index) => [one, index]))
  return {
    groups: kept,
    groupOf: new Map([...groupOf].map(([node, index]) => [node, places.get(groups[index]) as number])),
  }
}

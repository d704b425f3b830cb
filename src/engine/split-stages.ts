import { dependencies, type Graph, type GraphNode, topologicalOrder } from './graph.js'
import { asView, GraphBuilder } from './graph-builder.js'
import { rebuildGraph, settledNodes } from './optimise.js'

/** A graph in two: what depends on the extra inputs alone, computed when they are set, and the rest, which takes those results as inputs. */
export interface Stages {
  /** Inputs: the extra inputs that are used. Outputs: the last inputs of `main`. */
  readonly preparation: Graph
  /** Inputs: the free inputs, then the outputs of `preparation`. */
  readonly main: Graph
  /** Which of the extra inputs are used. */
  readonly usedExtras: readonly number[]
}

/** @param freeCount so many inputs are free, those after them extra */
export function splitStages(graph: Graph, freeCount: number): Stages {
  const order = topologicalOrder(graph.outputs)
  const isPrepared = preparedNodes(order, freeCount)
  const carried = carriedNodes(graph, order, isPrepared)
  const usedExtras = order
    .flatMap((node) => (node.kind === 'input' && node.index >= freeCount ? [node.index - freeCount] : []))
    .sort((left, right) => left - right)
  const extraShapes = usedExtras.map((extra) => graph.inputShapes[freeCount + extra])
  const mainShapes = [...graph.inputShapes.slice(0, freeCount), ...carried.map((node) => node.shape)]
  return {
    preparation: withInputs({ inputShapes: extraShapes, outputs: carried }, 0, (node) =>
      node.kind === 'input' ? usedExtras.indexOf(node.index - freeCount) : undefined,
    ),
    main: withInputs({ inputShapes: mainShapes, outputs: graph.outputs }, freeCount, (node) => {
      const place = carried.indexOf(node)
      return place >= 0 ? freeCount + place : node.kind === 'input' ? node.index : undefined
    }),
    usedExtras,
  }
}

/** Nodes that depend on an extra input and on no free one. */
function preparedNodes(order: readonly GraphNode[], freeCount: number): ReadonlySet<GraphNode> {
  const [free, prepared] = [new Set<GraphNode>(), new Set<GraphNode>()]
  for (const node of order) {
    const needed = dependencies(node)
    if (node.kind === 'input' ? node.index < freeCount : needed.some((other) => free.has(other))) free.add(node)
    else if (node.kind === 'input' || needed.some((other) => prepared.has(other))) prepared.add(node)
  }
  return prepared
}

/** Prepared nodes that the rest of the graph, or the caller, takes values from. */
function carriedNodes(graph: Graph, order: readonly GraphNode[], isPrepared: ReadonlySet<GraphNode>): GraphNode[] {
  const takers = order.filter((node) => !isPrepared.has(node)).flatMap((node) => dependencies(node))
  const taken = [...takers, ...graph.outputs].filter((node) => isPrepared.has(node)).map((node) => asView(node).source)
  return [...new Set(taken)]
}

function withInputs(graph: Graph, freeCount: number, inputIndex: (node: GraphNode) => number | undefined): Graph {
  const builder = new GraphBuilder()
  return rebuildGraph(graph, builder, {
    replace: (node) => {
      const index = inputIndex(node)
      return index === undefined ? undefined : builder.input(index, graph.inputShapes[index])
    },
    isSettled: settledNodes(freeCount),
    finish: (node) => node,
  })
}

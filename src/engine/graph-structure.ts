import { dependencies, type Graph, type GraphNode, topologicalOrder } from './graph.js'

/** What a graph computes whatever the sizes of its arrays: the same for the same model and trials of other sizes. */
export function graphStructure({ outputs }: Graph): string {
  const order = topologicalOrder(outputs)
  const places = new Map(order.map((node, place) => [node, place]))
  const placesOf = (nodes: readonly GraphNode[]) => nodes.map((node) => places.get(node)).join()
  return `${order.map((node) => `${nodeStructure(node)}<${placesOf(dependencies(node))}`).join(';')}>${placesOf(outputs)}`
}

function nodeStructure(node: GraphNode): string {
  const named = `${node.kind}[${node.shape.map((length) => (length === 1 ? '1' : 'n'))}]`
  switch (node.kind) {
    case 'constant':
    case 'contract':
      return named
    case 'input':
    case 'result':
      return named + node.index
    case 'map':
      return named + node.function
    case 'view':
      return `${named}${Math.sign(node.offset)}/${node.strides.map(Math.sign)}`
    case 'reduce':
      return `${named}${node.reduction}/${node.axes}`
    case 'assemble':
      return `${named}${node.fill}/${node.pieces.map((piece) => piece.strides.map(Math.sign)).join('/')}`
    case 'call':
      return named + node.kernel
  }
}

import type * as tf from '@tensorflow/tfjs'
import { ModelError } from '../errors/model-error.js'
import { type ConstantNode, dependencies, type Graph, type GraphNode, topologicalOrder } from './graph.js'
import type { Shape } from './shape.js'
import { traceGraph } from './tfjs.js'

/**
 * The graph of a function, recorded twice: a random operation gives another constant each time, and would otherwise be frozen at the values
 * of one recording.
 * @throws UntraceableError for an operation that has no rule, ModelError when the function fails or the two recordings differ
 */
export function recordTwice(
  inputShapes: readonly Shape[],
  build: (inputs: tf.Tensor[]) => readonly tf.Tensor[],
  name: string,
): Graph {
  const graph = traceGraph(inputShapes, build, name)
  if (!isSameComputation(graph, traceGraph(inputShapes, build, name)))
    throw new ModelError({
      problem: `${name} gives another computation each time it is recorded`,
      reason: 'it draws random numbers (tf.randomNormal, Math.random) or depends on something outside its arguments that changes',
      remedy:
        'Make it a pure function of parameters and data; randomness belongs in `simulate` and `generate`, which receive a stream.',
    })
  return graph
}

function isSameComputation(left: Graph, right: Graph): boolean {
  const [leftOrder, rightOrder] = [topologicalOrder(left.outputs), topologicalOrder(right.outputs)]
  const counterpart = new Map<GraphNode, GraphNode>()
  return (
    leftOrder.length === rightOrder.length &&
    leftOrder.every((node, index) => {
      counterpart.set(node, rightOrder[index])
      return isSameNode(node, rightOrder[index], counterpart)
    }) &&
    left.outputs.every((output, index) => counterpart.get(output) === right.outputs[index])
  )
}

function isSameNode(left: GraphNode, right: GraphNode, counterpart: ReadonlyMap<GraphNode, GraphNode>): boolean {
  if (describe(left) !== describe(right)) return false
  if (left.kind === 'constant') return areSameNumbers(left.values, (right as ConstantNode).values)
  const others = dependencies(right)
  return dependencies(left).every((needed, index) => counterpart.get(needed) === others[index])
}

function areSameNumbers(left: Float64Array, right: Float64Array): boolean {
  return left.length === right.length && left.every((value, index) => Object.is(value, right[index]))
}

/** What a node does, apart from its values and the nodes it needs. */
function describe(node: GraphNode): string {
  return `${node.kind} [${node.shape}] ${settingsOf(node)}`
}

function settingsOf(node: GraphNode): string {
  switch (node.kind) {
    case 'constant':
    case 'contract':
      return ''
    case 'input':
    case 'result':
      return `${node.index}`
    case 'map':
      return node.function
    case 'view':
      return `${node.offset}/${node.strides}`
    case 'reduce':
      return `${node.reduction}/${node.axes}`
    case 'assemble':
      return `${node.fill};${node.pieces.map((piece) => `${piece.offset}/${piece.strides}`).join(';')}`
    case 'call':
      return `${node.kernel}/${node.settings}`
  }
}

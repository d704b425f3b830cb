import type * as tf from '@tensorflow/tfjs'
import { ModelError } from '../errors/model-error.js'
import { type ConstantNode, dependencies, type Graph, type GraphNode, topologicalOrder } from './graph.js'
import { areSameNumbers } from './graph-builder.js'
import type { Shape } from './shape.js'
import { type RecordingEvent, recordingEvents, traceGraph, whileRecording } from './tfjs.js'
import { placed } from './translate-error.js'
import { calledAtUserPlace, userPlace } from './user-place.js'

export interface Recording {
  readonly inputShapes: readonly Shape[]
  readonly build: (inputs: tf.Tensor[]) => readonly tf.Tensor[]
  /** For messages. */
  readonly name: string
  /** Inputs from here on are data; all are parameters when left out. */
  readonly freeCount?: number
}

/**
 * The graph of a function, recorded twice: a random operation gives another constant each time, and would otherwise be frozen at the values
 * of one recording.
 * @param known one of these is returned when it is what the first recording gives, which is then the only one
 * @throws UntraceableError for an operation that has no rule, ModelError when the function fails or the two recordings differ
 */
export function recordTwice(recording: Recording, known: readonly Graph[] = []): Graph {
  return whileRecording(() => recordAndCompare(recording, known))
}

function recordAndCompare({ inputShapes, build, name, freeCount }: Recording, known: readonly Graph[]): Graph {
  const graph = traceGraph(inputShapes, build, name, freeCount)
  const same = known.find((other) => isSameComputation(graph, other))
  if (same) return same
  if (isSameComputation(graph, traceGraph(inputShapes, build, name, freeCount))) return graph
  const difference = firstDifference(recordingEvents(inputShapes, build), recordingEvents(inputShapes, build))
  const random = randomOperation(difference)
  const error = new ModelError({
    problem: `${name} gives another computation each time it is recorded`,
    reason: random
      ? `it calls the random operation tf.${random}`
      : 'it draws random numbers (tf.randomNormal, Math.random) or depends on something outside its arguments that changes',
    remedy:
      'Make it a pure function of parameters and data; randomness belongs in `simulate` and `generate`, which receive a stream.',
  })
  throw placed(error, userPlace(difference?.stack))
}

function firstDifference(left: readonly RecordingEvent[], right: readonly RecordingEvent[]): RecordingEvent | undefined {
  const index = left.findIndex(
    ({ operation, content }, place) => right[place]?.operation !== operation || right[place].content !== content,
  )
  return left[index] ?? right[left.length]
}

function randomOperation(event: RecordingEvent | undefined): string | undefined {
  const name = calledAtUserPlace(event?.stack)?.replace(/_+(op)?$/, '')
  return name && /random|dropout|truncated|multinomial/i.test(name) ? name : undefined
}

function isSameComputation(left: Graph, right: Graph): boolean {
  const [leftOrder, rightOrder] = [orderOf(left), orderOf(right)]
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

/** Graphs do not change, and those of kept programs are compared again and again. */
const orders = new WeakMap<Graph, GraphNode[]>()

function orderOf(graph: Graph): GraphNode[] {
  const order = orders.get(graph) ?? topologicalOrder(graph.outputs)
  orders.set(graph, order)
  return order
}

function isSameNode(left: GraphNode, right: GraphNode, counterpart: ReadonlyMap<GraphNode, GraphNode>): boolean {
  if (describe(left) !== describe(right)) return false
  if (left.kind === 'constant') return areSameNumbers(left.values, (right as ConstantNode).values)
  const others = dependencies(right)
  return dependencies(left).every((needed, index) => counterpart.get(needed) === others[index])
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

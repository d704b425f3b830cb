import { type Graph, type GraphNode, topologicalOrder } from './graph.js'
import { callKernels } from './kernels/families.js'
import { scalarFunctions } from './scalar-functions.js'
import { rowMajorStrides, sizeOf } from './shape.js'

const IDENTITY: Record<string, number> = { sum: 0, product: 1, maximum: -Infinity, minimum: Infinity }
const COMBINE: Record<string, string> = { sum: 'add', product: 'multiply', maximum: 'maximum', minimum: 'minimum' }

/**
 * Evaluates a graph node by node with nothing clever: the oracle that compiled programs are checked against.
 *
 * `round` is applied to every intermediate result; with `Math.fround` it shows how far float32 arithmetic may stray on this graph, which
 * is the tolerance for comparing with eager tfjs.
 * @returns one row-major array per output
 */
export function interpret(
  graph: Graph,
  inputs: readonly Float64Array[],
  round: (value: number) => number = (value) => value,
): Float64Array[] {
  const values = new Map<GraphNode, Float64Array>()
  const results = new Map<GraphNode, Float64Array[]>()
  for (const node of topologicalOrder(graph.outputs)) {
    if (node.kind === 'call') results.set(node, evaluateCall(node, values))
    else values.set(node, evaluate(node, values, results, inputs).map(round))
  }
  return graph.outputs.map((output) => values.get(output) as Float64Array)
}

type Values = ReadonlyMap<GraphNode, Float64Array>
type Of<Kind extends GraphNode['kind']> = Extract<GraphNode, { kind: Kind }>

function evaluate(
  node: Exclude<GraphNode, Of<'call'>>,
  values: Values,
  results: ReadonlyMap<GraphNode, Float64Array[]>,
  inputs: readonly Float64Array[],
): Float64Array {
  switch (node.kind) {
    case 'constant':
      return node.values
    case 'input':
      return inputs[node.index]
    case 'map':
      return evaluateMap(node, values)
    case 'view':
      return evaluateView(node, values)
    case 'reduce':
      return evaluateReduce(node, values)
    case 'contract':
      return evaluateContract(node, values)
    case 'assemble':
      return evaluateAssemble(node, values)
    case 'result':
      return (results.get(node.call) as Float64Array[])[node.index]
  }
}

function get(values: Values, node: GraphNode): Float64Array {
  return values.get(node) as Float64Array
}

function evaluateMap(node: Of<'map'>, values: Values): Float64Array {
  const { evaluate } = scalarFunctions[node.function]
  const operands = node.operands.map((operand) => get(values, operand))
  return Float64Array.from({ length: sizeOf(node.shape) }, (_, index) => evaluate(...operands.map((operand) => operand[index])))
}

/** Calls `visit(flat index, index per axis)` in row-major order. */
function forEachIndex(shape: readonly number[], visit: (flat: number, index: readonly number[]) => void): void {
  const index = new Array<number>(shape.length).fill(0)
  const size = sizeOf(shape)
  for (let flat = 0; flat < size; flat++) {
    visit(flat, index)
    for (let axis = shape.length - 1; axis >= 0 && ++index[axis] === shape[axis]; axis--) index[axis] = 0
  }
}

function at(index: readonly number[], strides: readonly number[], offset: number): number {
  return index.reduce((sum, position, axis) => sum + position * strides[axis], offset)
}

function evaluateView(node: Of<'view'>, values: Values): Float64Array {
  const source = get(values, node.source)
  const out = new Float64Array(sizeOf(node.shape))
  forEachIndex(node.shape, (flat, index) => {
    out[flat] = source[at(index, node.strides, node.offset)]
  })
  return out
}

function evaluateReduce(node: Of<'reduce'>, values: Values): Float64Array {
  const combine = scalarFunctions[COMBINE[node.reduction]].evaluate
  const out = new Float64Array(sizeOf(node.shape)).fill(IDENTITY[node.reduction])
  const outStrides = rowMajorStrides(node.shape)
  const source = get(values, node.operand)
  const kept = node.operand.shape.map((_, axis) => axis).filter((axis) => !node.axes.includes(axis))
  forEachIndex(node.operand.shape, (flat, index) => {
    const target = kept.reduce((sum, axis, position) => sum + index[axis] * outStrides[position], 0)
    out[target] = combine(out[target], source[flat])
  })
  return out
}

function evaluateContract(node: Of<'contract'>, values: Values): Float64Array {
  const rank = node.shape.length
  const inner = node.left.shape[rank - 1]
  const [left, right] = [get(values, node.left), get(values, node.right)]
  const [leftStrides, rightStrides] = [rowMajorStrides(node.left.shape), rowMajorStrides(node.right.shape)]
  const out = new Float64Array(sizeOf(node.shape))
  forEachIndex(node.shape, (flat, index) => {
    const leftStart = at([...index.slice(0, -1), 0], leftStrides, 0)
    const rightStart = at([...index.slice(0, -2), 0, index[rank - 1]], rightStrides, 0)
    let sum = 0
    for (let k = 0; k < inner; k++) sum += left[leftStart + k] * right[rightStart + k * rightStrides[rank - 2]]
    out[flat] = sum
  })
  return out
}

function evaluateAssemble(node: Of<'assemble'>, values: Values): Float64Array {
  const out = new Float64Array(sizeOf(node.shape)).fill(node.fill)
  for (const piece of node.pieces) {
    const source = get(values, piece.node)
    forEachIndex(piece.node.shape, (flat, index) => {
      out[at(index, piece.strides, piece.offset)] = source[flat]
    })
  }
  return out
}

function evaluateCall(node: Of<'call'>, values: Values): Float64Array[] {
  const operands = node.operands.map((operand) => get(values, operand))
  const memory = Float64Array.from([
    ...operands.flatMap((operand) => [...operand]),
    ...node.resultShapes.flatMap((shape) => new Array(sizeOf(shape)).fill(0)),
  ])
  const sizes = [...operands.map((operand) => operand.length), ...node.resultShapes.map(sizeOf)]
  const offsets = sizes.map((_, position) => sizes.slice(0, position).reduce((sum, size) => sum + size, 0))
  callKernels[node.kernel](memory, offsets.slice(0, operands.length), offsets.slice(operands.length), node.settings)
  return node.resultShapes.map((shape, index) =>
    memory.slice(offsets[operands.length + index], offsets[operands.length + index] + sizeOf(shape)),
  )
}

import { dependencies, type Graph, type GraphNode, topologicalOrder } from './graph.js'
import { callKernels } from './kernels/families.js'
import { scalarFunctions, scalarLibrary } from './scalar-functions.js'
import { rowMajorStrides, sizeOf } from './shape.js'
import { copyPlaced, forEachRow } from './strided-rows.js'

const IDENTITY: Record<string, number> = { sum: 0, product: 1, maximum: -Infinity, minimum: Infinity }
const COMBINE: Record<string, (total: number, next: number) => number> = {
  sum: (total, next) => total + next,
  product: (total, next) => total * next,
  maximum: Math.max,
  minimum: Math.min,
}

/**
 * Evaluates a graph node by node, every value whole: the oracle that compiled programs are checked against. It shares nothing with the
 * optimiser, the scheduler and the printers but the meaning of the scalar functions and the kernels that programs call.
 *
 * `round` is applied to every intermediate result; with `Math.fround` it shows how far float32 arithmetic may stray on this graph, which
 * is the tolerance for comparing with eager tfjs.
 * @returns one row-major array per output; not to be written to
 */
export function interpret(graph: Graph, inputs: readonly Float64Array[], round?: (value: number) => number): Float64Array[] {
  return interpreter(graph)(inputs, round)
}

/** The same for several points: what does not depend on the inputs is evaluated once. */
export function interpreter(
  graph: Graph,
): (inputs: readonly Float64Array[], round?: (value: number) => number) => Float64Array[] {
  const order = topologicalOrder(graph.outputs)
  const fixed = new Set<GraphNode>()
  for (const node of order) if (node.kind !== 'input' && dependencies(node).every((other) => fixed.has(other))) fixed.add(node)
  const [before, after] = [order.filter((node) => fixed.has(node)), order.filter((node) => !fixed.has(node))]
  let kept: State | undefined
  return (inputs, round) => {
    kept ??= evaluateAll(before, { values: new Map(), results: new Map() }, [])
    const state = round
      ? evaluateAll(order, { values: new Map(), results: new Map() }, inputs, round)
      : evaluateAll(after, kept, inputs)
    return graph.outputs.map((output) => get(state.values, output))
  }
}

interface State {
  readonly values: ReadonlyMap<GraphNode, Float64Array>
  readonly results: ReadonlyMap<GraphNode, Float64Array[]>
}

function evaluateAll(
  order: readonly GraphNode[],
  known: State,
  inputs: readonly Float64Array[],
  round?: (value: number) => number,
): State {
  const values = new Map(known.values)
  const results = new Map(known.results)
  for (const node of order) {
    if (node.kind === 'call') results.set(node, evaluateCall(node, values))
    else if (node.kind === 'view') values.set(node, evaluateView(node, values))
    else values.set(node, rounded(evaluate(node, values, results, inputs), round))
  }
  return { values, results }
}

type Values = ReadonlyMap<GraphNode, Float64Array>
type Of<Kind extends GraphNode['kind']> = Extract<GraphNode, { kind: Kind }>

function rounded(values: Float64Array, round: ((value: number) => number) | undefined): Float64Array {
  if (round === undefined) return values
  return round === Math.fround ? new Float64Array(new Float32Array(values)) : values.map(round)
}

function evaluate(
  node: Exclude<GraphNode, Of<'call'> | Of<'view'>>,
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

type MapLoop = (library: typeof scalarLibrary, out: Float64Array, ...operands: readonly Float64Array[]) => void
const mapLoops = new Map<string, MapLoop>()

/** A loop of its own for every scalar function, so that the just-in-time compiler inlines it. */
function mapLoop(name: string): MapLoop {
  const known = mapLoops.get(name)
  if (known) return known
  const expression = scalarFunctions[name].expression.replace(/\b[abc]\b/g, (operand) => `${operand}[i]`)
  const source = `for (let i = 0; i < out.length; i++) out[i] = ${expression}`
  const loop = new Function('f', 'out', 'a', 'b', 'c', source) as MapLoop
  mapLoops.set(name, loop)
  return loop
}

function evaluateMap(node: Of<'map'>, values: Values): Float64Array {
  if (node.function === 'copy') return get(values, node.operands[0])
  const out = new Float64Array(sizeOf(node.shape))
  mapLoop(node.function)(scalarLibrary, out, ...node.operands.map((operand) => get(values, operand)))
  return out
}

function evaluateView(node: Of<'view'>, values: Values): Float64Array {
  const out = new Float64Array(sizeOf(node.shape))
  copyPlaced(out, get(values, node.source), node.shape, { offset: 0, strides: rowMajorStrides(node.shape) }, node)
  return out
}

function evaluateReduce(node: Of<'reduce'>, values: Values): Float64Array {
  const out = new Float64Array(sizeOf(node.shape)).fill(IDENTITY[node.reduction])
  const { shape } = node.operand
  const source = get(values, node.operand)
  const combine = COMBINE[node.reduction]
  const read = { offset: 0, strides: rowMajorStrides(shape) }
  forEachRow(shape, { offset: 0, strides: resultStrides(node) }, read, (length, to, toStep, from, fromStep) => {
    if (node.reduction === 'sum') for (let k = 0; k < length; k++) out[to + k * toStep] += source[from + k * fromStep]
    else for (let k = 0; k < length; k++) out[to + k * toStep] = combine(out[to + k * toStep], source[from + k * fromStep])
  })
  return out
}

/** Strides of the result along the operand's axes, 0 along those reduced. */
function resultStrides({ operand, axes, shape }: Of<'reduce'>): number[] {
  const kept = rowMajorStrides(shape)
  let position = 0
  return operand.shape.map((_, axis) => (axes.includes(axis) ? 0 : kept[position++]))
}

function evaluateContract(node: Of<'contract'>, values: Values): Float64Array {
  const rank = node.shape.length
  const inner = node.left.shape[rank - 1]
  const [rows, columns] = node.shape.slice(rank - 2)
  const [left, right] = [get(values, node.left), get(values, node.right)]
  const out = new Float64Array(sizeOf(node.shape))
  const rowCount = columns === 0 ? 0 : out.length / columns
  for (let row = 0; row < rowCount; row++) {
    const rightStart = Math.floor(row / rows) * inner * columns
    addProducts(out, row * columns, columns, left, row * inner, inner, right, rightStart)
  }
  return out
}

/** One row of a matrix product; every element is summed in order of the inner index. */
function addProducts(
  out: Float64Array,
  to: number,
  columns: number,
  left: Float64Array,
  leftStart: number,
  inner: number,
  right: Float64Array,
  rightStart: number,
): void {
  for (let k = 0; k < inner; k++) {
    const factor = left[leftStart + k]
    const start = rightStart + k * columns
    for (let column = 0; column < columns; column++) out[to + column] += factor * right[start + column]
  }
}

function evaluateAssemble(node: Of<'assemble'>, values: Values): Float64Array {
  const out = new Float64Array(sizeOf(node.shape)).fill(node.fill)
  for (const piece of node.pieces) {
    const { shape } = piece.node
    copyPlaced(out, get(values, piece.node), shape, piece, { offset: 0, strides: rowMajorStrides(shape) })
  }
  return out
}

function evaluateCall(node: Of<'call'>, values: Values): Float64Array[] {
  const operands = node.operands.map((operand) => get(values, operand))
  const sizes = [...operands.map((operand) => operand.length), ...node.resultShapes.map(sizeOf)]
  const offsets = sizes.map((_, position) => sizes.slice(0, position).reduce((sum, size) => sum + size, 0))
  const memory = new Float64Array(sizes.reduce((sum, size) => sum + size, 0))
  operands.forEach((operand, position) => {
    memory.set(operand, offsets[position])
  })
  callKernels[node.kernel](memory, offsets.slice(0, operands.length), offsets.slice(operands.length), node.settings)
  return node.resultShapes.map((shape, index) =>
    memory.slice(offsets[operands.length + index], offsets[operands.length + index] + sizeOf(shape)),
  )
}

import type {
  AssembleNode,
  AssemblePiece,
  CallNode,
  ConstantNode,
  ContractNode,
  GraphNode,
  InputNode,
  MapNode,
  ReduceNode,
  Reduction,
  ResultNode,
  ViewNode,
} from './graph.js'
import { scalarFunctions } from './scalar-functions.js'
import { reshapeStrides, rowMajorStrides, type Shape, sameShape, sizeOf } from './shape.js'
import { simplifyCall } from './simplify-call.js'

type Draft =
  | Omit<ConstantNode, 'id'>
  | Omit<InputNode, 'id'>
  | Omit<MapNode, 'id'>
  | Omit<ViewNode, 'id'>
  | Omit<ReduceNode, 'id'>
  | Omit<ContractNode, 'id'>
  | Omit<AssembleNode, 'id'>
  | Omit<CallNode, 'id'>
  | Omit<ResultNode, 'id'>

/**
 * Makes graph nodes: equal nodes are made once (hash-consing), views are merged, and arithmetic that cannot matter (x + 0, x * 1, sums over
 * broadcast axes) is never recorded. A uniform constant is kept as a broadcast scalar so that these rules see it.
 */
export class GraphBuilder {
  private readonly made = new Map<string, GraphNode>()
  /** Longer constants by shape and a few of their elements. */
  private readonly constants = new Map<string, ConstantNode[]>()
  private nextId = 0

  constant(values: ArrayLike<number>, shape: Shape): GraphNode {
    return this.sharedConstant(new Float64Array(values), shape)
  }

  /** The same without a copy: for values that nobody writes to again. */
  sharedConstant(values: Float64Array, shape: Shape): GraphNode {
    const isUniform = values.length > 1 && uniformValue(values) !== undefined
    if (isUniform) return this.broadcast(this.constant([values[0]], []), shape)
    if (values.length <= SHORT) return this.make({ kind: 'constant', shape, values }, `constant:${shape}:${exactKey(values)}`)
    const key = `${shape}:${sampleKey(values)}`
    const alike = this.constants.get(key) ?? []
    const existing = alike.find((other) => areSameNumbers(other.values, values))
    if (existing) return existing
    const node: ConstantNode = { kind: 'constant', shape, values, id: this.nextId++ }
    this.constants.set(key, [...alike, node])
    return node
  }

  input(index: number, shape: Shape): GraphNode {
    return this.make({ kind: 'input', shape, index }, `input:${index}`)
  }

  /** Operands must already have the output's shape; see `broadcast`. */
  map(name: string, operands: readonly GraphNode[], shape: Shape): GraphNode {
    const simplified = this.simplifyMap(name, operands, shape)
    if (simplified) return simplified
    const lowered = this.mapBelowBroadcast(name, operands, shape)
    return lowered ?? this.make({ kind: 'map', shape, function: name, operands }, `map:${name}:${shape}:${ids(operands)}`)
  }

  broadcast(node: GraphNode, shape: Shape): GraphNode {
    if (sameShape(node.shape, shape)) return node
    const { source, offset, strides } = asView(node)
    const lead = shape.length - node.shape.length
    const stretched = shape.map((_, axis) => (axis < lead || node.shape[axis - lead] === 1 ? 0 : strides[axis - lead]))
    return this.view(source, offset, stretched, shape)
  }

  reshape(node: GraphNode, shape: Shape): GraphNode {
    if (sameShape(node.shape, shape)) return node
    const { source, offset, strides } = asView(node)
    const newStrides = reshapeStrides(node.shape, strides, shape)
    return newStrides ? this.view(source, offset, newStrides, shape) : this.reshape(this.dense(node), shape)
  }

  /** `offset` and `strides` count elements of `node` itself as if it were dense; for a view they are composed per axis by `restride`. */
  restride(
    node: GraphNode,
    start: readonly number[],
    steps: readonly number[],
    axisOrder: readonly number[],
    shape: Shape,
  ): GraphNode {
    const { source, offset, strides } = asView(node)
    const newOffset = start.reduce((sum, index, axis) => sum + index * strides[axis], offset)
    return this.view(
      source,
      newOffset,
      axisOrder.map((axis, position) => strides[axis] * steps[position]),
      shape,
    )
  }

  reduce(reduction: Reduction, operand: GraphNode, axes: readonly number[]): GraphNode {
    const kept = operand.shape.filter((_, axis) => !axes.includes(axis))
    const trivial = axes.filter((axis) => operand.shape[axis] === 1)
    if (trivial.length > 0) {
      const squeezed = this.reshape(
        operand,
        operand.shape.filter((_, axis) => !trivial.includes(axis)),
      )
      const rest = axes
        .filter((axis) => !trivial.includes(axis))
        .map((axis) => axis - trivial.filter((gone) => gone < axis).length)
      return this.reduce(reduction, squeezed, rest)
    }
    if (axes.length === 0) return operand
    return (
      this.reduceBroadcast(reduction, operand, axes) ??
      this.make(
        { kind: 'reduce', shape: kept, reduction, operand, axes: [...axes].sort((a, b) => a - b) },
        `reduce:${reduction}:${axes}:${operand.id}`,
      )
    )
  }

  contract(left: GraphNode, right: GraphNode): GraphNode {
    const shape = [...left.shape.slice(0, -1), right.shape[right.shape.length - 1]]
    if (left.shape[left.shape.length - 1] === 1)
      return this.map('multiply', [this.broadcast(left, shape), this.broadcast(right, shape)], shape)
    return this.make({ kind: 'contract', shape, left, right }, `contract:${left.id}:${right.id}`)
  }

  assemble(pieces: readonly AssemblePiece[], fill: number, shape: Shape): GraphNode {
    const key = pieces.map((piece) => `${piece.node.id}@${piece.offset}/${piece.strides}`).join(';')
    return this.make({ kind: 'assemble', shape, pieces, fill }, `assemble:${shape}:${fill}:${key}`)
  }

  call(kernel: string, operands: readonly GraphNode[], settings: readonly number[], resultShapes: readonly Shape[]): GraphNode[] {
    const simplified = simplifyCall(this, kernel, operands, settings, resultShapes)
    if (simplified) return [simplified]
    const dense = operands.map((operand) => this.dense(operand))
    const node = this.make(
      { kind: 'call', shape: [], kernel, operands: dense, settings, resultShapes },
      `call:${kernel}:${settings}:${resultShapes.join('|')}:${ids(dense)}`,
    )
    return resultShapes.map((shape, index) =>
      this.make({ kind: 'result', shape, call: node as CallNode, index }, `result:${node.id}:${index}`),
    )
  }

  /** The same values in a row-major array of their own (or a scalar or whole source that already is one). */
  dense(node: GraphNode): GraphNode {
    if (node.kind !== 'view') return node
    const isWhole = node.offset === 0 && sizeOf(node.source.shape) === sizeOf(node.shape)
    const strides = rowMajorStrides(node.shape)
    if (isWhole && node.shape.every((length, axis) => length === 1 || node.strides[axis] === strides[axis])) return node
    return this.make({ kind: 'map', shape: node.shape, function: 'copy', operands: [node] }, `map:copy:${node.shape}:${node.id}`)
  }

  private view(source: Exclude<GraphNode, ViewNode>, offset: number, strides: readonly number[], shape: Shape): GraphNode {
    const normal = strides.map((stride, axis) => (shape[axis] === 1 ? 0 : stride))
    const dense = rowMajorStrides(source.shape)
    if (
      offset === 0 &&
      sameShape(source.shape, shape) &&
      dense.every((stride, axis) => shape[axis] === 1 || stride === normal[axis])
    )
      return source
    return this.make({ kind: 'view', shape, source, offset, strides: normal }, `view:${source.id}:${offset}:${normal}:${shape}`)
  }

  private simplifyMap(name: string, operands: readonly GraphNode[], shape: Shape): GraphNode | undefined {
    const numbers = operands.map(scalarConstant)
    if (numbers.every((value) => value !== undefined))
      return this.broadcast(this.constant([scalarFunctions[name].evaluate(...(numbers as number[]))], []), shape)
    const [left, right] = operands
    const [a, b] = numbers
    if (name === 'copy') return left
    if (name === 'add' && a === 0) return right
    if ((name === 'add' || name === 'subtract') && b === 0) return left
    if (name === 'subtract' && a === 0) return this.map('negate', [right], shape)
    if (name === 'multiply' && a === 1) return right
    if ((name === 'multiply' || name === 'divide') && b === 1) return left
    if (name === 'multiply' && (a === 0 || b === 0)) return this.broadcast(this.constant([0], []), shape)
    if (name === 'multiply' && a === -1) return this.map('negate', [right], shape)
    if (name === 'multiply' && b === -1) return this.map('negate', [left], shape)
    if (name === 'negate' && left.kind === 'map' && left.function === 'negate') return left.operands[0]
    return undefined
  }

  /** f(broadcast of a smaller array) is computed on the smaller array, then broadcast. */
  private mapBelowBroadcast(name: string, operands: readonly GraphNode[], shape: Shape): GraphNode | undefined {
    if (shape.length === 0) return undefined
    const isStretched = (axis: number) =>
      shape[axis] > 1 && operands.every((operand) => operand.kind === 'view' && operand.strides[axis] === 0)
    if (!shape.some((_, axis) => isStretched(axis))) return undefined
    const small = shape.map((length, axis) => (isStretched(axis) ? 1 : length))
    const shrunk = operands.map((operand) => this.shrink(operand as ViewNode, small))
    return this.broadcast(this.map(name, shrunk, small), shape)
  }

  private shrink(view: ViewNode, shape: Shape): GraphNode {
    return this.view(view.source, view.offset, view.strides, shape)
  }

  private reduceBroadcast(reduction: Reduction, operand: GraphNode, axes: readonly number[]): GraphNode | undefined {
    if (operand.kind !== 'view') return undefined
    const stretched = axes.filter((axis) => operand.strides[axis] === 0)
    if (stretched.length === 0) return undefined
    const count = stretched.reduce((product, axis) => product * operand.shape[axis], 1)
    const shrunk = this.shrink(
      operand,
      operand.shape.map((length, axis) => (stretched.includes(axis) ? 1 : length)),
    )
    const reduced = this.reduce(reduction, shrunk, axes)
    const repeat = (name: string) =>
      this.map(name, [reduced, this.broadcast(this.constant([count], []), reduced.shape)], reduced.shape)
    return reduction === 'sum' ? repeat('multiply') : reduction === 'product' ? repeat('power') : reduced
  }

  private make(draft: Draft, key: string): GraphNode {
    const existing = this.made.get(key)
    if (existing) return existing
    const node = { ...draft, id: this.nextId++ } as GraphNode
    this.made.set(key, node)
    return node
  }
}

/** Any node as an index map on a dense source. */
export function asView(node: GraphNode): { source: Exclude<GraphNode, ViewNode>; offset: number; strides: readonly number[] } {
  return node.kind === 'view' ? node : { source: node, offset: 0, strides: rowMajorStrides(node.shape) }
}

/** The number that every element equals, when the node is a constant of which that is known. */
export function scalarConstant(node: GraphNode): number | undefined {
  const source = node.kind === 'view' ? node.source : node
  return source.kind === 'constant' && source.values.length === 1 ? source.values[0] : undefined
}

function uniformValue(values: ArrayLike<number>): number | undefined {
  for (let index = 1; index < values.length; index++) if (!Object.is(values[index], values[0])) return undefined
  return values[0]
}

function ids(nodes: readonly GraphNode[]): string {
  return nodes.map((node) => node.id).join(',')
}

/** Constants of at most so many elements are told apart by all of them. */
const SHORT = 8
const SAMPLE_COUNT = 16

function exactKey(values: Float64Array): string {
  return Array.from(values, (value) => (Object.is(value, -0) ? '-0' : value)).join(',')
}

/** Elements spread over the array: equal arrays have equal keys, different ones seldom. */
function sampleKey(values: Float64Array): string {
  return Array.from({ length: SAMPLE_COUNT }, (_, k) => values[Math.floor((k * values.length) / SAMPLE_COUNT)]).join(',')
}

/** Bit for bit, but for the bits of NaN. */
export function areSameNumbers(left: Float64Array, right: Float64Array): boolean {
  if (left === right) return true
  if (left.length !== right.length) return false
  for (let index = 0; index < left.length; index++) if (!Object.is(left[index], right[index])) return false
  return true
}

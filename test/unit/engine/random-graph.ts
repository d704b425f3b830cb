import * as tf from '@tensorflow/tfjs'
import type { Stream } from '../../../src/contract/stream.js'
import { cholesky, logDeterminant, triangularSolve } from '../../../src/engine/operations.js'
import type { Shape } from '../../../src/engine/shape.js'

export interface RandomFunction {
  readonly inputShapes: readonly Shape[]
  readonly build: (inputs: tf.Tensor[]) => tf.Tensor[]
}

type Recipe = (tensors: tf.Tensor[]) => tf.Tensor
type Draw = { integer(below: number): number; pick<Value>(values: readonly Value[]): Value; number(): number }

function draw(stream: Stream): Draw {
  const integer = (below: number) => Math.floor(stream.uniform() * below)
  return { integer, pick: (values) => values[integer(values.length)], number: () => 4 * stream.uniform() - 2 }
}

/** Bounded functions, so that deep graphs neither overflow nor lose all their digits. */
const unary = [tf.sin, tf.tanh, tf.sigmoid, tf.neg, tf.abs, tf.relu, tf.softplus, (x: tf.Tensor) => tf.mul(x, 0.5)] as const
const binary = [
  tf.add,
  tf.sub,
  tf.maximum,
  tf.minimum,
  (a: tf.Tensor, b: tf.Tensor) => tf.mul(tf.sin(a), tf.cos(b)),
  (a: tf.Tensor, b: tf.Tensor) => tf.where(tf.greater(a, b), a, b),
] as const
const reductions = [tf.sum, tf.mean, tf.max, tf.min] as const

const SHORT_AXES = [1, 1, 2, 3, 4]

/**
 * A random composition of elementwise functions, reductions, matrix products and rearrangements, with all or some of its steps as outputs.
 * @param lengths of the inputs' axes, drawn from with equal probability
 */
export function randomFunction(
  stream: Stream,
  stepCount: number,
  outputShare: number,
  lengths: readonly number[] = SHORT_AXES,
): RandomFunction {
  const source = draw(stream)
  const shape = (rank: number) => Array.from({ length: rank }, () => source.pick(lengths))
  const inputShapes = Array.from({ length: 1 + source.integer(3) }, () => shape(source.integer(4)))
  const shapes: Shape[] = [...inputShapes]
  const recipes: Recipe[] = []
  for (let step = 0; step < stepCount; step++) {
    const [recipe, made] = randomStep(source, shapes)
    recipes.push(recipe)
    shapes.push(made)
  }
  const isOutput = recipes.map((_, step) => step === recipes.length - 1 || stream.uniform() < outputShare)
  return {
    inputShapes,
    build: (inputs) => {
      const tensors = [...inputs]
      for (const recipe of recipes) tensors.push(recipe(tensors))
      return tensors.slice(inputs.length).filter((_, step) => isOutput[step])
    },
  }
}

function randomStep(source: Draw, shapes: readonly Shape[]): [Recipe, Shape] {
  const index = source.integer(shapes.length)
  const shape = shapes[index]
  const kind = source.integer(12)
  if (kind < 3) {
    const apply = source.pick(unary)
    return [(tensors) => apply(tensors[index]) as tf.Tensor, shape]
  }
  if (kind < 5) return randomBinary(source, shapes, index)
  if (kind === 5) return randomReduction(source, shape, index)
  if (kind === 6) return randomProduct(source, shape, index)
  if (kind === 7) return randomTranspose(source, shape, index)
  if (kind === 8 && shape.length > 0) return randomSlice(source, shape, index)
  if (kind === 9) return randomFactor(source, shape, index)
  if (kind === 10 && shape.length > 0 && !shape.includes(0)) return randomLookup(source, shape, index)
  return randomConcat(source, shapes, index)
}

function randomBinary(source: Draw, shapes: readonly Shape[], index: number): [Recipe, Shape] {
  const apply = source.pick(binary)
  const partners = shapes.flatMap((other, position) => (fits(other, shapes[index]) ? [position] : []))
  const other = source.pick(partners)
  const shape = broadcast(shapes[index], shapes[other])
  return source.integer(2) === 0
    ? [(tensors) => apply(tensors[index], tensors[other]) as tf.Tensor, shape]
    : [(tensors) => apply(tensors[other], tensors[index]) as tf.Tensor, shape]
}

function axisPairs(left: Shape, right: Shape): [number, number][] {
  const rank = Math.max(left.length, right.length)
  return Array.from({ length: rank }, (_, axis) => [left[axis - rank + left.length] ?? 1, right[axis - rank + right.length] ?? 1])
}
const fits = (left: Shape, right: Shape) => axisPairs(left, right).every(([a, b]) => a === b || a === 1 || b === 1)
const broadcast = (left: Shape, right: Shape) => axisPairs(left, right).map(([a, b]) => Math.max(a, b))

function randomReduction(source: Draw, shape: Shape, index: number): [Recipe, Shape] {
  const reduce = source.pick(reductions)
  const axes = shape.flatMap((_, axis) => (source.integer(2) === 0 ? [axis] : []))
  const keepDims = source.integer(2) === 0
  const reduced = axes.length === 0 ? shape.map((_, axis) => axis) : axes
  const left = keepDims
    ? shape.map((length, axis) => (reduced.includes(axis) ? 1 : length))
    : shape.filter((_, axis) => !reduced.includes(axis))
  return [(tensors) => reduce(tensors[index], reduced, keepDims), left]
}

/** Times a constant matrix, or its own transpose. */
function randomProduct(source: Draw, shape: Shape, index: number): [Recipe, Shape] {
  const matrix = shape.length >= 2 ? shape : [1, shape.reduce((product, length) => product * length, 1)]
  const [rows, inner] = matrix.slice(-2)
  const batch = matrix.slice(0, -2)
  if (source.integer(2) === 0)
    return [
      (tensors) => {
        const x = tf.reshape(tensors[index], [...matrix])
        return tf.matMul(tf.tanh(x), tf.sin(x), false, true)
      },
      [...batch, rows, rows],
    ]
  const columns = 1 + source.integer(3)
  const values = Array.from({ length: inner * columns }, () => Math.fround(source.number()))
  return [
    (tensors) =>
      tf.matMul(
        tf.reshape(tf.tanh(tensors[index]), [...matrix]),
        tf.broadcastTo(tf.tensor2d(values, [inner, columns]), [...batch, inner, columns]),
      ),
    [...batch, rows, columns],
  ]
}

/** Factors, solutions and determinants of well-conditioned positive definite matrices. */
function randomFactor(source: Draw, shape: Shape, index: number): [Recipe, Shape] {
  const matrix = shape.length >= 2 ? shape : [1, shape.reduce((product, length) => product * length, 1)]
  const [rows, inner] = matrix.slice(-2)
  const batch = matrix.slice(0, -2)
  const factor = (x: tf.Tensor) => cholesky(definite(x, rows, inner))
  const bounded = (tensors: tf.Tensor[]) => tf.reshape(tf.tanh(tensors[index]), [...matrix])
  const kind = source.integer(4)
  if (kind === 0) return [(tensors) => logDeterminant(definite(bounded(tensors), rows, inner)), batch]
  if (kind === 1) return [(tensors) => factor(bounded(tensors)), [...batch, rows, rows]]
  return [(tensors) => triangularSolve(factor(bounded(tensors)), bounded(tensors), { transpose: kind === 2 }), matrix]
}

function definite(x: tf.Tensor, size: number, inner: number): tf.Tensor {
  return tf.add(tf.div(tf.matMul(x, x, false, true), Math.max(inner, 1)), tf.eye(size))
}

/** Elements at a pattern of indices or at any, sums by segment, running sums and products. */
function randomLookup(source: Draw, shape: Shape, index: number): [Recipe, Shape] {
  const axis = source.integer(shape.length)
  const length = shape[axis]
  const withLength = (other: number) => shape.map((one, at) => (at === axis ? other : one))
  const kind = source.integer(4)
  if (kind === 0) {
    const [exclusive, reverse] = [source.integer(2) === 0, source.integer(2) === 0]
    return source.integer(2) === 0
      ? [(tensors) => tf.cumsum(tensors[index], axis, exclusive, reverse), shape]
      : [(tensors) => tf.cumprod(tf.cos(tensors[index]), axis, exclusive, reverse), shape]
  }
  if (kind === 1) {
    const segments = 1 + source.integer(6)
    const ids = Array.from({ length: shape[0] }, () => source.integer(segments + 1) - 1)
    return [
      (tensors) => tf.unsortedSegmentSum(tensors[index], tf.tensor1d(ids, 'int32'), segments),
      [segments, ...shape.slice(1)],
    ]
  }
  const count = 1 + source.integer(8)
  const repeats = 1 + source.integer(3)
  const indices = Array.from({ length: count }, (_, position) =>
    kind === 2 ? source.integer(length) : Math.floor(position / repeats) % length,
  )
  return [(tensors) => tf.gather(tensors[index], tf.tensor1d(indices, 'int32'), axis), withLength(count)]
}

function randomTranspose(source: Draw, shape: Shape, index: number): [Recipe, Shape] {
  const order = shape.map((_, axis) => axis)
  for (let axis = order.length - 1; axis > 0; axis--) {
    const other = source.integer(axis + 1)
    ;[order[axis], order[other]] = [order[other], order[axis]]
  }
  const moved = order.map((axis) => shape[axis])
  if (source.integer(2) === 0) return [(tensors) => tf.transpose(tensors[index], order), moved]
  const flat = shape.reduce((product, length) => product * length, 1)
  return [(tensors) => tf.reshape(tf.reverse(tf.transpose(tensors[index], order)), [flat]), [flat]]
}

function randomSlice(source: Draw, shape: Shape, index: number): [Recipe, Shape] {
  const begin = shape.map((length) => source.integer(length))
  const size = shape.map((length, axis) => 1 + source.integer(length - begin[axis]))
  return [(tensors) => tf.slice(tensors[index], begin, size), size]
}

function randomConcat(source: Draw, shapes: readonly Shape[], index: number): [Recipe, Shape] {
  const shape = shapes[index]
  if (shape.length === 0) return [(tensors) => tf.stack([tensors[index], tf.scalar(0.25), tensors[index]]), [3]]
  const axis = source.integer(shape.length)
  const partners = shapes.flatMap((other, position) =>
    other.length === shape.length && other.every((length, at) => at === axis || length === shape[at]) ? [position] : [],
  )
  const other = source.pick(partners)
  const joined = shape.map((length, at) => (at === axis ? length + shapes[other][axis] : length))
  if (source.integer(3) === 0)
    return [
      (tensors) =>
        tf.pad(
          tensors[index],
          shape.map((_, at) => (at === axis ? [1, 1] : [0, 0])),
        ),
      shape.map((length, at) => (at === axis ? length + 2 : length)),
    ]
  return [(tensors) => tf.concat([tensors[index], tensors[other]], axis), joined]
}

/** Shapes and row-major index arithmetic. */
export type Shape = readonly number[]

export function sizeOf(shape: Shape): number {
  return shape.reduce((product, length) => product * length, 1)
}

export function rowMajorStrides(shape: Shape): number[] {
  const strides = new Array<number>(shape.length)
  for (let axis = shape.length - 1, stride = 1; axis >= 0; axis--) {
    strides[axis] = stride
    stride *= shape[axis]
  }
  return strides
}

/**
 * Strides of the same elements under a new shape, or `undefined` when no strides can express it and the elements must be copied.
 * Axes are matched in groups of equal size; within a group the old axes must be mergeable, which holds for dense and for fully broadcast ones.
 */
export function reshapeStrides(shape: Shape, strides: readonly number[], newShape: Shape): number[] | undefined {
  if (sizeOf(shape) !== sizeOf(newShape)) throw new RangeError(`shape [${shape}] cannot become [${newShape}]`)
  if (sizeOf(shape) === 0) return rowMajorStrides(newShape)
  const oldAxes = shape.flatMap((length, axis) => (length === 1 ? [] : [{ length, stride: strides[axis] }]))
  const newStrides = new Array<number>(newShape.length).fill(0)
  let oldAxis = 0
  let newAxis = 0
  while (oldAxis < oldAxes.length) {
    let oldEnd = oldAxis + 1
    let newEnd = newAxis + 1
    let oldSize = oldAxes[oldAxis].length
    let newSize = newShape[newAxis]
    while (oldSize !== newSize) {
      if (oldSize < newSize) oldSize *= oldAxes[oldEnd++].length
      else newSize *= newShape[newEnd++]
    }
    for (let axis = oldAxis; axis < oldEnd - 1; axis++)
      if (oldAxes[axis].stride !== oldAxes[axis + 1].stride * oldAxes[axis + 1].length) return undefined
    for (let axis = newEnd - 1, stride = oldAxes[oldEnd - 1].stride; axis >= newAxis; axis--) {
      newStrides[axis] = newShape[axis] === 1 ? 0 : stride
      stride *= newShape[axis]
    }
    oldAxis = oldEnd
    newAxis = newEnd
  }
  return newStrides
}

/** Common shape of operands under the broadcasting rule that trailing axes align and an axis of length one stretches. */
export function broadcastShape(left: Shape, right: Shape): number[] | undefined {
  const rank = Math.max(left.length, right.length)
  const result = new Array<number>(rank)
  for (let axis = 0; axis < rank; axis++) {
    const a = left[axis - rank + left.length] ?? 1
    const b = right[axis - rank + right.length] ?? 1
    if (a !== b && a !== 1 && b !== 1) return undefined
    result[axis] = a === 1 ? b : a
  }
  return result
}

export function sameShape(left: Shape, right: Shape): boolean {
  return left.length === right.length && left.every((length, axis) => length === right[axis])
}

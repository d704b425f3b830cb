import { sizeOf } from '../shape.js'
import { type CallKernel, type KernelFamily, normalAxes } from './family.js'

/** settings: outer, length of the gathered axis, inner, indices per outer, batches. */
const gather: CallKernel = (memory, [source, indices], [out], [outer, length, inner, indexCount]) => {
  for (let o = 0; o < outer; o++)
    for (let i = 0; i < indexCount; i++) {
      const index = memory[indices + i]
      const from = source + (o * length + index) * inner
      const to = out + (o * indexCount + i) * inner
      const isInside = index >= 0 && index < length
      for (let k = 0; k < inner; k++) memory[to + k] = isInside ? memory[from + k] : Number.NaN
    }
}

/** settings: segment count, inner, number of ids. */
const segmentSum: CallKernel = (memory, [source, ids], [out], [segmentCount, inner, idCount]) => {
  memory.fill(0, out, out + segmentCount * inner)
  for (let i = 0; i < idCount; i++) {
    const segment = memory[ids + i]
    if (segment < 0 || segment >= segmentCount) continue
    for (let k = 0; k < inner; k++) memory[out + segment * inner + k] += memory[source + i * inner + k]
  }
}

const cumulate =
  (identity: number, combine: (total: number, next: number) => number): CallKernel =>
  (memory, [source], [out], [outer, length, inner, isExclusive, isReversed]) => {
    for (let o = 0; o < outer; o++)
      for (let k = 0; k < inner; k++) {
        let total = identity
        for (let step = 0; step < length; step++) {
          const index = (o * length + (isReversed ? length - 1 - step : step)) * inner + k
          const next = combine(total, memory[source + index])
          memory[out + index] = isExclusive ? total : next
          total = next
        }
      }
  }

const cumulativeRule =
  (kernel: string): KernelFamily['rules'][string] =>
  ({ builder, inputs: { x }, attributes }) => {
    const shape = x.node.shape
    const axis = normalAxes(attributes.axis ?? 0, shape.length)[0]
    const settings = [
      sizeOf(shape.slice(0, axis)),
      shape[axis],
      sizeOf(shape.slice(axis + 1)),
      attributes.exclusive ? 1 : 0,
      attributes.reverse ? 1 : 0,
    ]
    return { node: builder.call(kernel, [x.node], settings, [shape])[0], type: x.type }
  }

/** Lookups by index, segment sums and running totals. */
export const indexing: KernelFamily = {
  rules: {
    GatherV2: ({ builder, inputs: { x, indices }, attributes }) => {
      if (((attributes.batchDims as number) ?? 0) !== 0) throw new RangeError('gather with batch dimensions is not supported')
      const shape = x.node.shape
      const axis = normalAxes(attributes.axis ?? 0, shape.length)[0]
      const count = sizeOf(indices.node.shape)
      const settings = [sizeOf(shape.slice(0, axis)), shape[axis], sizeOf(shape.slice(axis + 1)), count]
      const out = [...shape.slice(0, axis), ...indices.node.shape, ...shape.slice(axis + 1)]
      return { node: builder.call('gather', [x.node, indices.node], settings, [out])[0], type: x.type }
    },
    UnsortedSegmentSum: ({ builder, inputs: { x, segmentIds }, attributes }) => {
      const idCount = sizeOf(segmentIds.node.shape)
      const rest = x.node.shape.slice(segmentIds.node.shape.length)
      const segmentCount = attributes.numSegments as number
      return {
        node: builder.call(
          'segmentSum',
          [x.node, segmentIds.node],
          [segmentCount, sizeOf(rest), idCount],
          [[segmentCount, ...rest]],
        )[0],
        type: x.type,
      }
    },
    Cumsum: cumulativeRule('cumulativeSum'),
    Cumprod: cumulativeRule('cumulativeProduct'),
  },
  calls: {
    gather,
    segmentSum,
    cumulativeSum: cumulate(0, (total, next) => total + next),
    cumulativeProduct: cumulate(1, (total, next) => total * next),
  },
}

import { sizeOf } from '../shape.js'
import { type KernelFamily, normalAxes } from './family.js'

const cumulativeRule =
  (kernel: string): KernelFamily['rules'][string] =>
  ({ builder, inputs, attributes }) => {
    const { node, type } = inputs.x
    const { shape } = node
    const axis = normalAxes(attributes.axis ?? 0, shape.length)[0]
    const settings = [
      sizeOf(shape.slice(0, axis)),
      shape[axis],
      sizeOf(shape.slice(axis + 1)),
      attributes.exclusive ? 1 : 0,
      attributes.reverse ? 1 : 0,
    ]
    const operands = Object.values(inputs).map((input) => input.node)
    return { node: builder.call(kernel, operands, settings, [shape])[0], type }
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
    PooliteCumulativeProductGradient: cumulativeRule('cumulativeProductGradient'),
  },
}

import { rowMajorStrides, sizeOf } from '../shape.js'
import { axesOf, type KernelFamily } from './family.js'

/**
 * Slices with steps, as TensorFlow defines them: begin, end and stride per axis, and masks whose bit k changes what entry k means. Bits of the begin and end
 * masks take the axis from its start or to its end; an ellipsis stands for as many whole axes as are left; a new axis has length one; a shrunk axis
 * is fixed at its begin and dropped.
 */
interface StridedSlice {
  /** Per axis of the source. */
  readonly begin: readonly number[]
  readonly strides: readonly number[]
  readonly lengths: readonly number[]
  /** With new axes, without shrunk ones. */
  readonly shape: readonly number[]
}

interface Attributes {
  readonly begin: readonly number[]
  readonly end: readonly number[]
  readonly strides?: readonly number[]
  readonly beginMask?: number
  readonly endMask?: number
  readonly ellipsisMask?: number
  readonly newAxisMask?: number
  readonly shrinkAxisMask?: number
}

interface Part {
  readonly begin: number
  readonly stride: number
  readonly length: number
  readonly isDropped?: boolean
}

function stridedSlice(source: readonly number[], attributes: Attributes): StridedSlice {
  const has = (mask: number | undefined, entry: number) => (((mask ?? 0) >> entry) & 1) === 1
  const entryCount = attributes.begin.length
  const entries = attributes.begin.map((_, entry) => entry)
  const isNew = (entry: number) => !has(attributes.ellipsisMask, entry) && has(attributes.newAxisMask, entry)
  const named = entries.filter((entry) => !isNew(entry) && !has(attributes.ellipsisMask, entry)).length
  const spare = source.length - named
  if (spare < 0) throw new RangeError(`${entryCount} entries for an array of shape [${source}] in "stridedSlice"`)
  const parts: Part[] = []
  const shape: number[] = []
  const whole = (count: number) => {
    for (let k = 0; k < count; k++) {
      const length = source[parts.length]
      parts.push({ begin: 0, stride: 1, length })
      shape.push(length)
    }
  }
  for (const entry of entries) {
    if (has(attributes.ellipsisMask, entry)) whole(spare)
    else if (isNew(entry)) shape.push(1)
    else {
      const part = partOf(source[parts.length], entry, attributes)
      parts.push(part)
      if (!part.isDropped) shape.push(part.length)
    }
  }
  whole(source.length - parts.length)
  return {
    begin: parts.map((part) => part.begin),
    strides: parts.map((part) => part.stride),
    lengths: parts.map((part) => part.length),
    shape,
  }

  function partOf(length: number, entry: number, { begin, end, strides, beginMask, endMask, shrinkAxisMask }: Attributes): Part {
    const stride = strides?.[entry] ?? 1
    if (stride === 0) throw new RangeError('a stride of 0 in "stridedSlice"')
    const fromEnd = (index: number) => (index < 0 ? index + length : index)
    if (has(shrinkAxisMask, entry)) {
      const at = fromEnd(begin[entry])
      if (at < 0 || at >= length) throw new RangeError(`index ${begin[entry]} of an axis of length ${length} in "stridedSlice"`)
      return { begin: at, stride: 1, length: 1, isDropped: true }
    }
    const [lowest, highest] = stride > 0 ? [0, length] : [-1, length - 1]
    const inside = (index: number) => Math.min(highest, Math.max(lowest, fromEnd(index)))
    const first = has(beginMask, entry) ? (stride > 0 ? lowest : highest) : inside(begin[entry])
    const last = has(endMask, entry) ? (stride > 0 ? highest : lowest) : inside(end[entry])
    const count = Math.max(0, Math.ceil((last - first) / stride))
    return { begin: count === 0 ? 0 : first, stride, length: count }
  }
}

/** Slices with steps and their adjoint, which lays what it is given into zeros. */
export const stridedSlices: KernelFamily = {
  rules: {
    StridedSlice: ({ builder, inputs: { x }, attributes }) => {
      const { begin, strides, lengths, shape } = stridedSlice(x.node.shape, attributes as unknown as Attributes)
      const view = builder.restride(x.node, begin, strides, axesOf(x.node.shape), lengths)
      return { node: builder.reshape(view, shape), type: x.type }
    },
    PooliteStridedSliceGradient: ({ builder, inputs: { dy }, attributes }) => {
      const source = attributes.sourceShape as number[]
      const { begin, strides, lengths } = stridedSlice(source, attributes as unknown as Attributes)
      const steps = rowMajorStrides(source)
      const node = builder.reshape(dy.node, lengths)
      const offset = begin.reduce((sum, index, axis) => sum + index * steps[axis], 0)
      if (sizeOf(lengths) === 0) return { node: builder.broadcast(builder.constant([0], []), source), type: dy.type }
      const piece = { node, offset, strides: strides.map((stride, axis) => stride * steps[axis]) }
      return { node: builder.assemble([piece], 0, source), type: dy.type }
    },
  },
}

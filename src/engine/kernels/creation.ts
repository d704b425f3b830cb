import type { ElementType, KernelFamily } from './family.js'

/** Tensors made from attributes alone. */
export const creation: KernelFamily = {
  rules: {
    Fill: ({ builder, attributes }) => ({
      node: builder.broadcast(builder.constant([attributes.value as number], []), attributes.shape as number[]),
      type: (attributes.dtype as ElementType) ?? 'float32',
    }),
    ZerosLike: ({ builder, inputs: { x } }) => ({
      node: builder.broadcast(builder.constant([0], []), x.node.shape),
      type: x.type,
    }),
    OnesLike: ({ builder, inputs: { x } }) => ({
      node: builder.broadcast(builder.constant([1], []), x.node.shape),
      type: x.type,
    }),
    Range: ({ builder, attributes }) => {
      const { start, stop, step } = attributes as { start: number; stop: number; step: number }
      const count = Math.max(0, Math.ceil((stop - start) / step))
      const values = Array.from({ length: count }, (_, index) => start + index * step)
      return { node: builder.constant(values, [count]), type: attributes.dtype as ElementType }
    },
    LinSpace: ({ builder, attributes }) => {
      const { start, stop, num } = attributes as { start: number; stop: number; num: number }
      const values = Array.from({ length: num }, (_, index) => (num === 1 ? start : start + (index * (stop - start)) / (num - 1)))
      return { node: builder.constant(values, [num]), type: 'float32' }
    },
    OneHot: ({ builder, inputs: { indices }, attributes }) => {
      const { depth, onValue, offValue } = attributes as { depth: number; onValue: number; offValue: number }
      const shape = [...indices.node.shape, depth]
      const spread = builder.broadcast(builder.reshape(indices.node, [...indices.node.shape, 1]), shape)
      const levels = builder.broadcast(
        builder.constant(
          Array.from({ length: depth }, (_, level) => level),
          [depth],
        ),
        shape,
      )
      const isLevel = builder.map('equal', [spread, levels], shape)
      const [on, off] = [onValue ?? 1, offValue ?? 0].map((value) => builder.broadcast(builder.constant([value], []), shape))
      return { node: builder.map('select', [isLevel, on, off], shape), type: (attributes.dtype as ElementType) ?? 'float32' }
    },
  },
}

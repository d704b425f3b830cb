import { describe, expect, it } from 'vitest'
import { copyPlaced, forEachRow, type Placement } from '../../../src/engine/strided-rows.js'
import { stream } from '../../../src/random/stream.js'

/** All places of a shape's indices in row-major order, one index after the other. */
function places(shape: readonly number[], { offset, strides }: Placement): number[] {
  return shape.reduceRight<number[]>(
    (inner, length, axis) => Array.from({ length }, (_, index) => inner.map((place) => place + index * strides[axis])).flat(),
    [offset],
  )
}
const cases = Array.from({ length: 300 }, (_, key) => {
  const source = stream(1, 'strided rows', key)
  const integer = (below: number) => Math.floor(source.uniform() * below)
  const shape = Array.from({ length: integer(5) }, () => [1, 2, 3, 5, 70][integer(5)])
  let size = 1
  const order = shape.map((_, axis) => ({ axis, key: source.uniform() })).sort((left, right) => left.key - right.key)
  const dense = new Array<number>(shape.length).fill(0)
  for (const { axis } of order) {
    dense[axis] = size
    size *= shape[axis]
  }
  const from = { offset: integer(4), strides: shape.map((length) => (integer(3) === 0 ? 0 : integer(2 * length))) }
  return { shape, size, to: { offset: 0, strides: dense }, from }
}).filter(({ size }) => size < 20_000)

describe('rows of two placements', () => {
  it('visit every index once, in row-major order', () => {
    for (const { shape, to, from } of cases) {
      const seen: [number, number][] = []
      forEachRow(shape, to, from, (length, first, step, origin, stride) => {
        for (let k = 0; k < length; k++) seen.push([first + k * step, origin + k * stride])
      })
      expect(seen.map(([target]) => target)).toEqual(places(shape, to))
      expect(seen.map(([, origin]) => origin)).toEqual(places(shape, from))
    }
  })
  it('copy every element to its place', () => {
    for (const { shape, size, to, from } of cases) {
      const origins = places(shape, from)
      const source = Float64Array.from({ length: Math.max(...origins) + 1 }, (_, index) => index)
      const out = new Float64Array(size).fill(-1)
      copyPlaced(out, source, shape, to, from)
      const expected = new Float64Array(size)
      places(shape, to).forEach((target, index) => {
        expected[target] = origins[index]
      })
      expect(out).toEqual(expected)
    }
  })
  it('of nothing are none', () => {
    const nowhere = { offset: 0, strides: [1, 1] }
    forEachRow([3, 0], nowhere, nowhere, () => expect.unreachable())
    expect(() => copyPlaced(new Float64Array(0), new Float64Array(0), [0, 2], nowhere, nowhere)).not.toThrow()
  })
})

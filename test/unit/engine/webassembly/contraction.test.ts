import { describe, expect, it } from 'vitest'
import type { Graph } from '../../../../src/engine/graph.js'
import { GraphBuilder } from '../../../../src/engine/graph-builder.js'
import { optimise } from '../../../../src/engine/optimise.js'
import { schedule } from '../../../../src/engine/schedule.js'
import type { Reduce } from '../../../../src/engine/webassembly/loop-parts.js'
import { chooseTiling, stretches } from '../../../../src/engine/webassembly/tile.js'
import { stream } from '../../../../src/random/stream.js'
import { compileGraph, runProgram } from '../support.js'

const source = stream(1, 'contraction')
const uniform = (length: number) => Float64Array.from({ length }, () => 2 * source.uniform() - 1)

type Layout = 'as it is' | 'transposed' | 'constant' | 'constant transposed'
const layouts: readonly Layout[] = ['as it is', 'transposed', 'constant', 'constant transposed']

/** left [batch, rows, inner] times right [batch, inner, columns]; each operand laid out as named. */
function product(batch: number, rows: number, inner: number, columns: number, left: Layout, right: Layout) {
  const builder = new GraphBuilder()
  const values = [uniform(batch * rows * inner), uniform(batch * inner * columns)]
  const operand = (index: number, [height, width]: readonly [number, number], layout: Layout) => {
    const isTransposed = layout.endsWith('transposed')
    const stored = isTransposed ? [batch, width, height] : [batch, height, width]
    const node = layout.startsWith('constant') ? builder.constant(values[index], stored) : builder.input(index, stored)
    return isTransposed ? builder.restride(node, [0, 0, 0], [1, 1, 1], [0, 2, 1], [batch, height, width]) : node
  }
  const graph: Graph = {
    inputShapes: [
      [batch, ...(left.endsWith('transposed') ? [inner, rows] : [rows, inner])],
      [batch, ...(right.endsWith('transposed') ? [columns, inner] : [inner, columns])],
    ],
    outputs: [builder.contract(operand(0, [rows, inner], left), operand(1, [inner, columns], right))],
  }
  const at = (layout: Layout, [height, width]: readonly [number, number], item: number, row: number, column: number) =>
    item * height * width + (layout.endsWith('transposed') ? column * height + row : row * width + column)
  const expected: number[] = []
  for (let item = 0; item < batch; item++)
    for (let row = 0; row < rows; row++)
      for (let column = 0; column < columns; column++) {
        let sum = 0
        for (let index = 0; index < inner; index++)
          sum +=
            values[0][at(left, [rows, inner], item, row, index)] * values[1][at(right, [inner, columns], item, index, column)]
        expected.push(sum)
      }
  return { graph, values, expected }
}

/** Each of two orders of summation errs by at most inner * eps times the sum of magnitudes, which is at most inner here. */
const roundingOf = (inner: number) => 2 * inner * inner * Number.EPSILON

describe('a matrix product', () => {
  const shapes = [
    [1, 1, 1, 1],
    [1, 1, 7, 1],
    [1, 5, 1, 3],
    [1, 500, 20, 1],
    [1, 20, 501, 1],
    [1, 67, 11, 32],
    [1, 32, 67, 11],
    [1, 9, 2, 9],
    [3, 5, 4, 3],
    [2, 35, 3, 4],
    [1, 2, 3, 40],
    [1, 3, 64, 64],
  ] as const
  for (const [batch, rows, inner, columns] of shapes)
    it(`of [${batch}, ${rows}, ${inner}] and [${batch}, ${inner}, ${columns}] is right for every layout of its operands`, () => {
      for (const left of layouts)
        for (const right of layouts) {
          const { graph, values, expected } = product(batch, rows, inner, columns, left, right)
          const [found] = runProgram(compileGraph(graph), values)
          const worst = Math.max(...expected.map((value, index) => Math.abs(value - found[index])))
          expect(worst, `${left} times ${right}`).toBeLessThanOrEqual(roundingOf(inner))
        }
    })

  it('keeps a matrix of data once for the product and its transposed product', () => {
    const builder = new GraphBuilder()
    const [rows, columns] = [300, 20]
    const data = builder.constant(uniform(rows * columns), [rows, columns])
    const transposed = builder.restride(data, [0, 0], [1, 1], [1, 0], [columns, rows])
    const graph: Graph = {
      inputShapes: [
        [columns, 1],
        [rows, 1],
      ],
      outputs: [
        builder.contract(data, builder.input(0, [columns, 1])),
        builder.contract(transposed, builder.input(1, [rows, 1])),
      ],
    }
    const { constants } = schedule(optimise(graph))
    expect(constants.map(({ values }) => values.length)).toEqual([rows * columns])
  })
})

describe('a tiling', () => {
  const reduce = (factors: readonly (readonly number[])[], axes: readonly number[], strides: readonly number[]): Reduce => ({
    kind: 'reduce',
    id: 0,
    reduction: 'sum',
    factors: factors.map((one) => ({ kind: 'memory', offset: 0, strides: one })),
    axes,
    store: 0,
    strides,
    size: 1,
  })

  it('vectorises along results that lie side by side, else along what is summed', () => {
    const byColumns = reduce(
      [
        [1, 0, 500],
        [0, 1, 32],
      ],
      [2],
      [32, 1, 0],
    )
    expect(chooseTiling(byColumns, [500, 32, 11]).vectorAxis).toBe(1)
    expect(
      chooseTiling(
        reduce(
          [
            [500, 1],
            [0, 1],
          ],
          [1],
          [1, 0],
        ),
        [20, 500],
      ).vectorAxis,
    ).toBe(1)
    expect(
      chooseTiling(
        reduce(
          [
            [1, 500],
            [0, 1],
          ],
          [1],
          [1, 0],
        ),
        [500, 20],
      ).vectorAxis,
    ).toBe(0)
  })

  it('is made of stretches that cover its axis exactly once, vectors first', () => {
    for (let length = 1; length <= 40; length++)
      for (let tile = 1; tile <= 7; tile++)
        for (const vectorAxis of [0, undefined]) {
          const found = stretches({ axis: 0, length: tile }, [length], vectorAxis)
          let next = 0
          for (const { start, end, length: totals, isVector } of found) {
            expect(start).toBe(next)
            expect((end - start) % (totals * (isVector ? 2 : 1))).toBe(0)
            next = end
          }
          expect(next).toBe(length)
        }
  })

  it('never asks for more totals and loads at once than there are registers', () => {
    for (const lengths of [
      [500, 32, 11],
      [7, 3, 9],
      [140, 11, 500],
      [2, 2, 2],
    ]) {
      const { tiles } = chooseTiling(
        reduce(
          [
            [1, 0, 500],
            [0, 1, 32],
          ],
          [2],
          [32, 1, 0],
        ),
        lengths,
      )
      const [rows, columns] = [0, 1].map((axis) => tiles.find((tile) => tile.axis === axis)?.length ?? 1)
      expect(rows * columns + rows + columns).toBeLessThanOrEqual(15)
    }
  })
})

import { parquetMetadata } from 'hyparquet'
import { parquetWriteBuffer } from 'hyparquet-writer'
import { describe, expect, it } from 'vitest'
import type { Draws } from '../../../src/draws/draws.js'
import { fromParquet } from '../../../src/draws/from-parquet.js'
import { toParquet } from '../../../src/draws/to-parquet.js'
import { DataError } from '../../../src/errors/data-error.js'
import { draws } from './made-draws.js'

const written = (columns: Readonly<Record<string, ArrayLike<unknown>>>) =>
  new Uint8Array(
    parquetWriteBuffer({ columnData: Object.entries(columns).map(([name, data]) => ({ name, data: Array.from(data) })) }),
  )

describe('toParquet', () => {
  it('writes the wide table of posterior', () => {
    const { schema, num_rows } = parquetMetadata(toParquet(draws).slice().buffer)
    const names = schema.slice(1).map(({ name }) => name)
    expect(names.slice(0, 5)).toEqual(['.chain', '.iteration', '.draw', 'sigma', 'gamma[age]'])
    expect(names).toHaveLength(3 + 1 + 3 + 4)
    expect(Number(num_rows)).toBe(4)
  })
})

describe('fromParquet', () => {
  it('undoes toParquet: values, names, dimensions, labels and weights', async () => {
    expect(await fromParquet(toParquet(draws), 'a.parquet')).toEqual(draws)
    const weighted = { ...draws, logWeights: Float64Array.of(0, -1, -Infinity, -3) }
    expect(await fromParquet(toParquet(weighted), 'a.parquet')).toEqual(weighted)
  })
  it('gives back every bit, and draws that are not finite', async () => {
    const values = Float64Array.of(0.1 + 0.2, -0, 5e-324, Number.MAX_VALUE, Number.NaN, Infinity, -Infinity)
    const odd: Draws = { chainCount: 1, drawCount: values.length, variables: [{ name: 'x', dimensions: [], values }] }
    const [x] = (await fromParquet(toParquet(odd), 'a.parquet')).variables
    expect(x.values.every((value, index) => Object.is(value, values[index]))).toBe(true)
  })
  it('tells labels with commas apart, which a table of text cannot', async () => {
    const dimensions = [
      { name: 'study', labels: ['Smith, 2004', 'B'] },
      { name: 'coefficient', labels: ['treatment', 'treatment:age'] },
    ]
    const made = { chainCount: 1, drawCount: 1, variables: [{ name: 'theta', dimensions, values: Float64Array.of(1, 2, 3, 4) }] }
    expect(await fromParquet(toParquet(made), 'a.parquet')).toEqual(made)
  })
  it('reads the table of another program by the names of its columns', async () => {
    const bytes = written({
      '.chain': [1, 1],
      '.iteration': [2, 1],
      '.draw': [2, 1],
      'beta[1]': [12.5, 11.5],
      'beta[2]': [22.5, 21.5],
    })
    const { variables } = await fromParquet(bytes, 'a.parquet')
    expect(variables).toHaveLength(1)
    expect([...variables[0].values]).toEqual([11.5, 21.5, 12.5, 22.5])
  })
  it.each([
    ['text', new TextEncoder().encode('.chain,.iteration\n'), {}, /cannot be read as Parquet/],
    ['a file that is cut off', toParquet(draws).slice(0, 300), {}, /cannot be read as Parquet/],
    ['a table without chains', written({ x: [1.5] }), { column: '.chain' }, /no such column/],
    ['text for numbers', written({ '.chain': [1], '.iteration': [1], x: ['high'] }), { row: 1, column: 'x' }, /no numbers/],
    ['an empty cell', written({ '.chain': [1, 1], '.iteration': [1, 2], x: [1.5, undefined] }), { row: 2, column: 'x' }, /empty/],
    [
      'chains of unequal length',
      written({ '.chain': [1, 1, 2], '.iteration': [1, 2, 1], x: [1, 2, 3] }),
      { column: '.chain' },
      /chain 2 has 1 draws/,
    ],
  ])('refuses %s, with the place', async (_case, bytes, place, message) => {
    const failure = await fromParquet(bytes, 'site.parquet').catch((error: unknown) => error)
    expect(failure).toBeInstanceOf(DataError)
    expect((failure as DataError).details).toMatchObject({ file: 'site.parquet', ...place })
    expect((failure as DataError).message).toMatch(message)
  })
})

import { describe, expect, it } from 'vitest'
import { diagnose } from '../../../diagnostics/convergence/diagnose.js'
import { type Draws, elementCount, type Variable } from '../../../src/draws/draws.js'
import { drawsBuilder } from '../../../src/draws/draws-builder.js'
import { eachBlock } from '../../../src/draws/each-block.js'
import { fromParquet } from '../../../src/draws/from-parquet.js'
import { scalars } from '../../../src/draws/scalars.js'
import { crc32 } from '../../../src/draws/stored/crc32.js'
import { readColumns } from '../../../src/draws/stored/read-columns.js'
import { writeColumns } from '../../../src/draws/stored/write-columns.js'
import { toArviz } from '../../../src/draws/to-arviz.js'
import { toCmdStan } from '../../../src/draws/to-cmdstan.js'
import { toParquet } from '../../../src/draws/to-parquet.js'
import { toTable } from '../../../src/draws/to-table.js'
import { DataError } from '../../../src/errors/data-error.js'
import { stream } from '../../../src/random/stream.js'
import { growingMemory } from './growing-memory.js'

const chainCount = 3
const drawCount = 47
const shapes: Pick<Variable, 'name' | 'dimensions'>[] = [
  { name: 'sigma', dimensions: [] },
  { name: 'gamma', dimensions: [{ name: 'covariate', labels: ['age', 'köln, "x"'] }] },
  {
    name: 'Omega',
    dimensions: [
      { name: 'row', labels: ['a', 'b', 'c'] },
      { name: 'column', labels: ['p', 'q'] },
    ],
  },
  { name: 'none', dimensions: [{ name: 'empty', labels: [] }] },
]
const source = stream(1, 'stored')
const draws: Draws = {
  chainCount,
  drawCount,
  variables: shapes.map((shape) => ({
    ...shape,
    values: Float64Array.from({ length: chainCount * drawCount * elementCount(shape) }, () => source.uniform() - 0.5),
  })),
}
draws.variables[1].values.set([Number.NaN, -0, Number.POSITIVE_INFINITY, 5e-324])

/** The draws written in pieces of at most so many bytes, 72 a draw. */
function written(pieceBytes: number) {
  const bytes = growingMemory('draws.columns')
  const builder = writeColumns(bytes, draws, pieceBytes)
  const sizes = draws.variables.map(elementCount)
  for (let row = 0; row < chainCount * drawCount; row++)
    builder.set(draws.variables.map(({ values }, index) => values.subarray(row * sizes[index], (row + 1) * sizes[index])))
  return { bytes, stored: builder.finish() }
}

describe.each([
  ['a draw', 1],
  ['5 draws', 5 * 72],
  ['a chain', 1e6],
])('draws on disk in pieces of %s', (_, pieceBytes) => {
  const { stored } = written(pieceBytes)

  it('have the values of those in memory, to the bit', () => {
    expect(stored.variables.map(({ name, dimensions }) => ({ name, dimensions }))).toEqual(shapes)
    for (const [index, { values }] of stored.variables.entries()) {
      const expected = draws.variables[index].values
      expect(new BigInt64Array(values.buffer)).toEqual(new BigInt64Array(expected.buffer))
    }
    expect(scalars(stored)).toEqual(scalars(draws))
  })

  it('come in blocks, chain after chain', () => {
    const seen = [...eachBlock(stored)]
    expect(seen.reduce((sum, block) => sum + block.drawCount, 0)).toBe(chainCount * drawCount)
    const joined = seen.flatMap(({ values }) => [...values[2]])
    expect(joined).toEqual([...draws.variables[2].values])
    expect([...eachBlock(stored, 1)].every(({ chain }) => chain === 1)).toBe(true)
  })

  it('are judged and exported as those in memory', async () => {
    const sampler = { chainCount, drawCount, variables: [] }
    expect(diagnose(stored, sampler)).toEqual(diagnose(draws, sampler))
    expect(toTable(stored)).toBe(toTable(draws))
    expect(toCmdStan({ draws: stored })).toEqual(toCmdStan({ draws }))
    expect(toArviz({ draws: stored })).toBe(toArviz({ draws }))
    expect(toParquet(stored)).toEqual(toParquet(draws))
    expect(toTable(await fromParquet(toParquet(stored), 'draws.parquet'))).toBe(toTable(draws))
  })
})

describe('readColumns', () => {
  const { bytes } = written(5 * 72)
  const copy = (content: Uint8Array) => Object.assign(growingMemory('draws.columns'), { content })
  const changed = (at: number) => {
    const content = bytes.content.slice()
    content[at] ^= 1
    return copy(content)
  }

  it('finds every changed bit of what it reads, and names it', () => {
    const everything = (from: ReturnType<typeof growingMemory>) => {
      for (const { values } of readColumns(from).variables) values.at(0)
    }
    everything(copy(bytes.content))
    const missed: number[] = []
    const positions = Array.from({ length: Math.floor(bytes.content.length / 7) }, (_, index) => 7 * index)
    for (const at of positions)
      try {
        everything(changed(at))
        missed.push(at)
      } catch (error) {
        expect(error).toBeInstanceOf(DataError)
      }
    // The zeros beside each checksum are not read: 9 in each of 10 pieces of 3 chains, and that of the header, in every 7 bytes.
    expect(missed.every((at) => bytes.content[at] === 0)).toBe(true)
    expect(missed.length).toBeLessThan((4 * (9 * 10 * 3 + 1)) / 7 + 30)
  })

  it('reads what is whole where something else is damaged', () => {
    const last = bytes.content.length - 16
    const stored = readColumns(changed(last))
    expect(stored.variables[0].values).toEqual(draws.variables[0].values)
    expect(() => stored.variables[2].values).toThrow(
      /draws\.columns: these draws cannot be read \(draws 46 to 47 of Omega\[c,q\] in chain 3 do not have the checksum/,
    )
  })

  it('refuses what is cut short, what is of another format and what is something else', () => {
    expect(() => readColumns(copy(bytes.content.subarray(0, -8)))).toThrow(/it has \d+ bytes and should have \d+/)
    expect(() => readColumns(copy(bytes.content.subarray(0, 100)))).toThrow(/its header was cut short or changed/)
    expect(() => readColumns(copy(new TextEncoder().encode('.chain,.iteration,.draw\n')))).toThrow(/does not begin like columns/)
    const other = bytes.content.slice()
    other[16] = '2'.charCodeAt(0)
    expect(() => readColumns(copy(other))).toThrow(
      /have format 2, and this version reads format 1.*version of poolite that wrote/s,
    )
  })

  it('uses the checksum of zlib', () => {
    expect(crc32(new TextEncoder().encode('123456789'))).toBe(0xcbf43926)
  })
})

describe('drawsBuilder', () => {
  it('keeps small draws in memory and puts large ones where they go', () => {
    const opened: string[] = []
    const open = (key: string) => {
      opened.push(key)
      return growingMemory(key)
    }
    const bytes = 8 * chainCount * drawCount * 9
    drawsBuilder(draws, { open, fromBytes: bytes + 1 }, 'small')
    drawsBuilder(draws, { open, fromBytes: bytes }, 'large')
    expect(opened).toEqual(['large'])
  })
})

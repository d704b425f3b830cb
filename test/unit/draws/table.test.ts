import seedrandom from 'seedrandom'
import { describe, expect, it } from 'vitest'
import { type Draws, scalarNames } from '../../../src/draws/draws.js'
import { fromTable } from '../../../src/draws/from-table.js'
import { scalars } from '../../../src/draws/scalars.js'
import { toTable } from '../../../src/draws/to-table.js'
import { DataError } from '../../../src/errors/data-error.js'
import { draws } from './made-draws.js'

const values = (table: Draws) => table.variables.map((variable) => [...variable.values])

describe('toTable', () => {
  it('writes the wide format of posterior: chain after chain, names with commas or quotes quoted', () => {
    expect(toTable(draws)).toBe(
      [
        '.chain,.iteration,.draw,sigma,gamma[age],"gamma[clinic=""B""]",gamma[treatment:x],"Omega[a,a]","Omega[a,b]","Omega[b,a]","Omega[b,b]"',
        '1,1,1,11,111,112,113,1,0.1,0.2,2',
        '1,2,2,12,121,122,123,3,0.3,0.4,4',
        '2,1,3,21,211,212,213,5,0.5,0.6,6',
        '2,2,4,22,221,222,223,7,0.7,0.8,8',
        '',
      ].join('\n'),
    )
  })
  it('of the first chain is a prefix of that of all chains', () => {
    const first: Draws = {
      ...draws,
      chainCount: 1,
      variables: draws.variables.map((variable) => ({
        ...variable,
        values: variable.values.slice(0, variable.values.length / 2),
      })),
    }
    expect(toTable(draws).startsWith(toTable(first))).toBe(true)
  })
})

describe('fromTable', () => {
  it('undoes toTable: names, values, shapes and labels', () => {
    const read = fromTable(toTable(draws), 'draws.csv')
    expect({ chainCount: read.chainCount, drawCount: read.drawCount }).toEqual({ chainCount: 2, drawCount: 2 })
    expect(read.variables.map(scalarNames)).toEqual(draws.variables.map(scalarNames))
    expect(values(read)).toEqual(values(draws))
    expect(read.variables[2].dimensions.map(({ labels }) => labels)).toEqual([
      ['a', 'b'],
      ['a', 'b'],
    ])
    expect(toTable(read)).toBe(toTable(draws))
  })

  it('gives back every float64 bit, over all exponents', () => {
    const random = seedrandom('bits')
    const bits = new Uint32Array(4000).map(() => random.int32())
    const numbers = new Float64Array(bits.buffer).map((value) => (Number.isNaN(value) ? 1 : value))
    const special = Float64Array.of(0, -0, Number.NaN, Infinity, -Infinity, 5e-324, Number.MAX_VALUE, 0.1 + 0.2)
    for (const column of [numbers, special]) {
      const table: Draws = { chainCount: 1, drawCount: column.length, variables: [{ name: 'x', dimensions: [], values: column }] }
      const [{ values: back }] = fromTable(toTable(table), 'draws.csv').variables
      expect(back.every((value, index) => Object.is(value, column[index]))).toBe(true)
    }
  })

  it('keeps log weights in the column that posterior reserves for them', () => {
    const weighted = { ...draws, logWeights: Float64Array.of(-1, -2.5, 0, -Infinity) }
    expect(toTable(weighted)).toMatch(/^\.chain,\.iteration,\.draw,\.log_weight,sigma/)
    expect(fromTable(toTable(weighted), 'draws.csv').logWeights).toEqual(weighted.logWeights)
  })

  it('takes rows and columns in any order', () => {
    const [header, ...rows] = 'm[2,1],.draw,m[1,1],.iteration,m[1,2],.chain,m[2,2]\n21,2,11,2,12,1,22\n3,1,1,1,2,1,4'
      .split('\n')
      .map((line) => line.replaceAll(/m\[\d,\d\]/g, '"$&"'))
    const read = fromTable([header, ...rows].join('\n'), 'draws.csv')
    expect(scalars(read).map(({ name, chains }) => [name, [...chains[0]]])).toEqual([
      ['m[2,1]', [3, 21]],
      ['m[2,2]', [4, 22]],
      ['m[1,1]', [1, 11]],
      ['m[1,2]', [2, 12]],
    ])
  })

  it('reads an incomplete matrix as a vector with the indices as labels', () => {
    const read = fromTable('.chain,.iteration,.draw,"L[1,1]","L[2,1]","L[2,2]"\n1,1,1,5,6,7', 'draws.csv')
    expect(read.variables[0]).toMatchObject({ name: 'L', dimensions: [{ labels: ['1,1', '2,1', '2,2'] }] })
    expect(read.variables.flatMap(scalarNames)).toEqual(['L[1,1]', 'L[2,1]', 'L[2,2]'])
  })

  it('reads what R writes: byte order mark, carriage returns, quoted names, Inf', () => {
    const read = fromTable('\uFEFF".chain",".iteration",".draw","x"\r\n1,1,1,-Inf\r\n1,2,2,1e-05\r\n', 'draws.csv')
    expect([...read.variables[0].values]).toEqual([-Infinity, 1e-5])
  })
})

describe('fromTable refuses, with the place', () => {
  const head = '.chain,.iteration,.draw,x,y\n'
  it.each([
    ['an empty file', '', { row: 1 }, /no column "\.chain"/],
    ['a missing reserved column', '.chain,.draw,x\n1,1,2\n', { row: 1 }, /no column "\.iteration"/],
    ['a repeated column', '.chain,.iteration,.draw,x,x\n', { row: 1, column: 'x' }, /twice/],
    ['a table without rows', head, {}, /no draws/],
    ['a row that is cut short', `${head}1,1,1,2,3\n1,2,2,4`, { row: 3 }, /4 cells and the header has 5/],
    ['text for a number', `${head}1,1,1,2,3\n1,2,2,4,high\n`, { row: 3, column: 'y' }, /"high" is not a number/],
    ['an empty cell', `${head}1,1,1,,3\n`, { row: 2, column: 'x' }, /empty/],
    ['a missing value', `${head}1,1,1,NA,3\n`, { row: 2, column: 'x' }, /"NA"/],
    ['a hexadecimal number', `${head}1,1,1,0x10,3\n`, { row: 2, column: 'x' }, /"0x10"/],
    ['a chain that is not a count', `${head}0,1,1,2,3\n`, { row: 2, column: '.chain' }, /"0" is not a count/],
    [
      'chains of unequal length',
      `${head}1,1,1,2,3\n1,2,2,2,3\n2,1,3,2,3\n`,
      { column: '.chain' },
      /chain 2 has 1 draws and chain 1 has 2/,
    ],
    ['a gap in the chains', `${head}1,1,1,2,3\n3,1,2,2,3\n`, { column: '.chain' }, /chain 2 has 0 draws/],
    ['an iteration that occurs twice', `${head}1,1,1,2,3\n1,1,2,2,3\n`, { row: 3, column: '.iteration' }, /occurs twice/],
    ['a gap in the iterations', `${head}1,1,1,2,3\n1,3,2,2,3\n`, { row: 3, column: '.iteration' }, /iteration 3 of a chain of 2/],
  ])('%s', (_case, csv, place, message) => {
    let caught: unknown
    try {
      fromTable(csv, 'site-a.csv')
    } catch (error) {
      caught = error
    }
    expect(caught).toBeInstanceOf(DataError)
    expect((caught as DataError).details).toMatchObject({ file: 'site-a.csv', ...place })
    expect((caught as DataError).message).toMatch(message)
  })
})

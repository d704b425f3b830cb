import { describe, expect, it } from 'vitest'
import type { Draws } from '../../../src/draws/draws.js'
import { fromArviz } from '../../../src/draws/from-arviz.js'
import { toArviz } from '../../../src/draws/to-arviz.js'
import { DataError } from '../../../src/errors/data-error.js'
import { draws } from './made-draws.js'

const sampler: Draws = {
  chainCount: 2,
  drawCount: 2,
  variables: [
    { name: 'divergent', dimensions: [], values: Float64Array.of(0, 1, 0, 0) },
    { name: 'energy', dimensions: [], values: Float64Array.of(4, 5, 6, 7) },
  ],
}

describe('toArviz', () => {
  it('nests draws [chain][draw], with the names and labels of dimensions beside them', () => {
    const json = JSON.parse(toArviz({ draws, sampler }, { attributes: { seed: 1 } }))
    expect(json.posterior.sigma).toEqual([
      [11, 12],
      [21, 22],
    ])
    expect(json.posterior.Omega[1][0]).toEqual([
      [5, 0.5],
      [0.6, 6],
    ])
    expect(json.sample_stats.diverging).toEqual([
      [false, true],
      [false, false],
    ])
    expect(json.dims).toEqual({ gamma: ['modifier'], Omega: ['row', 'column'] })
    expect(json.coords.modifier).toEqual(['age', 'clinic="B"', 'treatment:x'])
    expect(json.attrs).toEqual({ seed: 1 })
  })
  it('gives a dimension another name where ArviZ could not take it', () => {
    const dimension = (name: string, ...labels: string[]) => ({ name, labels })
    const made = (name: string, ...dimensions: ReturnType<typeof dimension>[]) => ({
      name,
      dimensions,
      values: new Float64Array(4),
    })
    const variables = [
      made('a', dimension('index', 'p')),
      made('b', dimension('index', 'q')),
      made('c', dimension('index', 'p'), dimension('index', 'p')),
      made('d', dimension('chain', 'p')),
      made('index_2', dimension('a', 'p')),
    ]
    const { dims, coords } = JSON.parse(toArviz({ draws: { ...draws, variables } }))
    expect(dims).toEqual({ a: ['index'], b: ['index_3'], c: ['index', 'index_4'], d: ['chain_2'], index_2: ['a_2'] })
    expect(coords.index_3).toEqual(['q'])
  })
  it('refuses weighted draws', () => {
    expect(() => toArviz({ draws: { ...draws, logWeights: new Float64Array(4) } })).toThrow(/weights/)
  })
})

describe('fromArviz', () => {
  it('undoes toArviz', () => {
    expect(fromArviz(toArviz({ draws, sampler }, { prior: draws }), 'a.json')).toEqual({ draws, sampler, prior: draws })
  })
  it('gives back draws that are not finite, as Python writes them, and leaves such words in labels alone', () => {
    const values = Float64Array.of(Number.NaN, Infinity, -Infinity, -0)
    const variables = [
      { name: 'x', dimensions: [], values },
      { name: 'NaN', dimensions: [{ name: 'd', labels: ['-Infinity "NaN"'] }], values },
    ]
    expect(fromArviz(toArviz({ draws: { ...draws, variables } }), 'a.json').draws.variables).toEqual(variables)
  })
  it("without dims and coords uses ArviZ's own names", () => {
    const { draws: read } = fromArviz('{"posterior":{"beta":[[[1,2],[3,4]]]}}', 'a.json')
    expect(read).toEqual({
      chainCount: 1,
      drawCount: 2,
      variables: [
        { name: 'beta', dimensions: [{ name: 'beta_dim_0', labels: ['0', '1'] }], values: Float64Array.of(1, 2, 3, 4) },
      ],
    })
  })
  it('leaves out chain and draw among dims, coords that do not fit, and statistics it does not know', () => {
    const json = {
      posterior: { b: [[[1, 2]]] },
      dims: { b: ['chain', 'draw', 'k'] },
      coords: { k: ['x'] },
      sample_stats: { reached_max: [[true]] },
    }
    const read = fromArviz(JSON.stringify(json), 'a.json')
    expect(read.draws.variables[0].dimensions).toEqual([{ name: 'k', labels: ['0', '1'] }])
    expect(read.sampler).toBeUndefined()
  })
  it.each([
    ['text that is cut off', '{"posterior":{"a":[[1,', {}, /not valid JSON/],
    ['a list', '[1]', {}, /no object/],
    ['JSON without draws', '{"prior":{}}', {}, /no group "posterior"/],
    ['an empty group', '{"posterior":{}}', {}, /is empty/],
    [
      'chains of unequal length',
      '{"posterior":{"a":[[1,2],[3]]}}',
      { column: 'a' },
      /at \[1\].*1 entries where the first list has 2/,
    ],
    ['a ragged vector', '{"posterior":{"a":[[[1,2],[3]]]}}', { column: 'a' }, /at \[0\]\[1\]/],
    ['a missing draw', '{"posterior":{"a":[[1,null]]}}', { column: 'a' }, /at \[0\]\[1\].*null/],
    ['text for a number', '{"posterior":{"a":[[1,"2"]]}}', { column: 'a' }, /"2"/],
    ['no draws', '{"posterior":{"a":[1,2]}}', { column: 'a' }, /no chains and draws/],
    [
      'variables of different length',
      '{"posterior":{"a":[[1,2]],"b":[[1]]}}',
      { column: 'b' },
      /1 x 1 draws where other variables have 1 x 2/,
    ],
    [
      'statistics of different length',
      '{"posterior":{"a":[[1,2]]},"sample_stats":{"energy":[[1]]}}',
      { column: 'energy' },
      /1 x 1/,
    ],
  ])('refuses %s, with the place', (_case, text, place, message) => {
    let caught: unknown
    try {
      fromArviz(text, 'site.json')
    } catch (error) {
      caught = error
    }
    expect(caught).toBeInstanceOf(DataError)
    expect((caught as DataError).details).toMatchObject({ file: 'site.json', ...place })
    expect((caught as DataError).message).toMatch(message)
  })
})

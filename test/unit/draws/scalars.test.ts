import { describe, expect, it } from 'vitest'
import { elementCount, scalarNames } from '../../../src/draws/draws.js'
import { scalars } from '../../../src/draws/scalars.js'
import { variable } from '../../../src/draws/variable.js'
import { UsageError } from '../../../src/errors/usage-error.js'
import { draws } from './made-draws.js'

describe('scalarNames', () => {
  it('names the elements in storage order, last index fastest', () => {
    expect(draws.variables.map(scalarNames)).toEqual([
      ['sigma'],
      ['gamma[age]', 'gamma[clinic="B"]', 'gamma[treatment:x]'],
      ['Omega[a,a]', 'Omega[a,b]', 'Omega[b,a]', 'Omega[b,b]'],
    ])
  })
})

describe('elementCount', () => {
  it('is the product of the lengths of the dimensions, 1 for a scalar', () => {
    expect(draws.variables.map(elementCount)).toEqual([1, 3, 4])
    expect(elementCount({ dimensions: [{ name: 'none', labels: [] }] })).toBe(0)
  })
})

describe('scalars', () => {
  it('gives each element its draws by chain', () => {
    const byName = new Map(scalars(draws).map(({ name, chains }) => [name, chains.map((chain) => [...chain])]))
    expect([...byName.keys()]).toEqual(draws.variables.flatMap(scalarNames))
    expect(byName.get('sigma')).toEqual([
      [11, 12],
      [21, 22],
    ])
    expect(byName.get('gamma[treatment:x]')).toEqual([
      [113, 123],
      [213, 223],
    ])
    expect(byName.get('Omega[b,a]')).toEqual([
      [0.2, 0.4],
      [0.6, 0.8],
    ])
  })
  it('copies', () => {
    scalars(draws)[0].chains[0][0] = -1
    expect(draws.variables[0].values[0]).toBe(11)
  })
})

describe('variable', () => {
  it('finds a variable by name', () => {
    expect(variable(draws, 'gamma')).toBe(draws.variables[1])
  })
  it('lists the names there are when it is not among them', () => {
    expect(() => variable(draws, 'tau')).toThrow(UsageError)
    expect(() => variable(draws, 'tau')).toThrow(/"tau".*sigma, gamma, Omega/)
  })
})

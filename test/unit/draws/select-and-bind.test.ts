import { describe, expect, it } from 'vitest'
import { bindVariables } from '../../../src/draws/bind-variables.js'
import { selectVariables } from '../../../src/draws/select-variables.js'
import { UsageError } from '../../../src/errors/usage-error.js'
import { draws } from './made-draws.js'

const weighted = { ...draws, logWeights: Float64Array.of(0, -1, -2, -Infinity) }

describe('selectVariables', () => {
  it('keeps the variables asked for, in that order, and the weights', () => {
    const selected = selectVariables(weighted, ['Omega', 'sigma'])
    expect(selected.variables).toEqual([draws.variables[2], draws.variables[0]])
    expect(selected.logWeights).toBe(weighted.logWeights)
  })
  it('refuses a name that is not there', () => {
    expect(() => selectVariables(draws, ['sigma', 'tau'])).toThrow(UsageError)
  })
})

describe('bindVariables', () => {
  it('undoes a selection', () => {
    const parts = draws.variables.map(({ name }) => selectVariables(weighted, [name]))
    expect(bindVariables(parts[0], ...parts.slice(1))).toEqual(weighted)
  })
  it('refuses other numbers of chains or draws', () => {
    expect(() => bindVariables(draws, { chainCount: 1, drawCount: 4, variables: [] })).toThrow(/2 x 2 draws to 1 x 4 draws/)
  })
  it('refuses a name that occurs twice', () => {
    expect(() => bindVariables(draws, selectVariables(draws, ['gamma']))).toThrow(/"gamma"/)
  })
  it('refuses different weights, and weights on one side only', () => {
    const rest = { ...draws, variables: [] }
    expect(() => bindVariables(weighted, rest)).toThrow(/weights/)
    expect(() => bindVariables(weighted, { ...rest, logWeights: Float64Array.of(0, -1, -2, -3) })).toThrow(UsageError)
  })
})

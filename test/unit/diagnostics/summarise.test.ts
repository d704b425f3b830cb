import { describe, expect, it } from 'vitest'
import { essBulk } from '../../../diagnostics/convergence/ess-bulk.js'
import { essTail } from '../../../diagnostics/convergence/ess-tail.js'
import { mcseMean } from '../../../diagnostics/convergence/mcse-mean.js'
import { rhat } from '../../../diagnostics/convergence/rhat.js'
import { summarise } from '../../../diagnostics/convergence/summarise.js'
import type { Draws } from '../../../src/draws/draws.js'
import { UsageError } from '../../../src/errors/usage-error.js'
import { scalarDraws } from './made-draws.js'
import { simulatedChains } from './simulated-chains.js'

describe('summarise', () => {
  it('gives one row per scalar in storage order, under its full name', () => {
    const draws: Draws = {
      chainCount: 1,
      drawCount: 2,
      variables: [
        { name: 'sigma', dimensions: [], values: Float64Array.of(1, 3) },
        { name: 'gamma', dimensions: [{ name: 'modifier', labels: ['age', 'sex'] }], values: Float64Array.of(1, 10, 3, 30) },
      ],
    }
    expect(summarise(draws).map(({ name, mean }) => [name, mean])).toEqual([
      ['sigma', 2],
      ['gamma[age]', 2],
      ['gamma[sex]', 20],
    ])
  })
  it('computes location and spread over all chains, by hand', () => {
    const [row] = summarise(scalarDraws({ x: [Float64Array.of(1, 2), Float64Array.of(4, 9)] }))
    expect(row).toMatchObject({ mean: 4, median: 3, mad: 1.4826 * 1.5, q2_5: 1.075, q97_5: 8.625 })
    expect(row.sd).toBeCloseTo(Math.sqrt(38 / 3), 14)
    expect(row.q5).toBeCloseTo(1.15, 14)
    expect(row.q95).toBeCloseTo(8.25, 14)
  })
  it('takes its diagnostics from the functions of that name', () => {
    const chains = simulatedChains('summary', 3, 201, 0.5)
    const [row] = summarise(scalarDraws({ x: chains }))
    expect(row).toMatchObject({
      rhat: rhat(chains),
      essBulk: essBulk(chains),
      essTail: essTail(chains),
      mcseMean: mcseMean(chains),
    })
  })
  it('keeps the value of a constant and gives NaN for its diagnostics', () => {
    const [row] = summarise(scalarDraws({ x: [new Float64Array(20).fill(0.1)] }))
    expect(row).toEqual({
      ...{ name: 'x', mean: 0.1, median: 0.1, sd: 0, mad: 0, q2_5: 0.1, q5: 0.1, q95: 0.1, q97_5: 0.1 },
      ...{ rhat: Number.NaN, essBulk: Number.NaN, essTail: Number.NaN, mcseMean: Number.NaN },
    })
  })
  it('gives NaN throughout when a draw is NaN', () => {
    const [{ name, ...numbers }] = summarise(scalarDraws({ x: [Float64Array.of(1, 2, Number.NaN, 4)] }))
    expect(name).toBe('x')
    expect(Object.values(numbers).every(Number.isNaN)).toBe(true)
  })
  it('refuses weighted draws', () => {
    const draws = scalarDraws({ x: [Float64Array.of(1, 2)] })
    expect(() => summarise({ ...draws, logWeights: Float64Array.of(0, 0) })).toThrow(UsageError)
  })
})

import { describe, expect, it } from 'vitest'
import { givenProposal, uniformProposal, zeroProposal } from '../../../src/inference/initial-proposals.js'
import { type ChainSettings, runChains } from '../../../src/inference/run-chains.js'
import { stream } from '../../../src/random/stream.js'
import { altered, standardNormal } from './targets.js'

describe('initial proposals', () => {
  it('are uniform on (-2, 2), or within another radius', () => {
    const source = stream(1)
    const values = Array.from({ length: 200 }, () => [...uniformProposal(5)(source, 0)]).flat()
    expect(Math.max(...values.map(Math.abs))).toBeLessThan(2)
    // All of 1000 within 1.9: probability 0.95^1000.
    expect(Math.max(...values.map(Math.abs))).toBeGreaterThan(1.9)
    expect(Math.max(...uniformProposal(1000, 0.1)(source, 0).map(Math.abs))).toBeLessThan(0.1)
  })
  it('are the origin, or what is given, by chain', () => {
    expect([...zeroProposal(3)(stream(1), 2)]).toEqual([0, 0, 0])
    const given = [Float64Array.of(1), Float64Array.of(2)]
    expect([0, 1, 2].map((chain) => givenProposal(given)(stream(1), chain)[0])).toEqual([1, 2, 1])
  })
  it('start the chains where they say', async () => {
    const starts: number[] = []
    const target = altered(standardNormal(1), (value, [x]) => {
      if (Number.isInteger(x)) starts.push(x)
      return value
    })
    const settings: ChainSettings = { chainCount: 2, warmupCount: 0, drawCount: 1, targetAcceptance: 0.8, maximumTreeDepth: 5 }
    const streamFor = (purpose: string, chain: number) => stream(1, purpose, chain)
    await runChains({
      logDensity: target,
      propose: givenProposal([Float64Array.of(1), Float64Array.of(-3)]),
      streamFor,
      settings,
    })
    expect(starts).toEqual([1, -3])
  })
})

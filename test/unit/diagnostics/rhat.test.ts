import { describe, expect, it } from 'vitest'
import { cutOffs } from '../../../diagnostics/convergence/cut-offs.js'
import { potentialScaleReduction } from '../../../diagnostics/convergence/primitives/potential-scale-reduction.js'
import { rankNormalise } from '../../../diagnostics/convergence/primitives/rank-normalise.js'
import { splitChains } from '../../../diagnostics/convergence/primitives/split-chains.js'
import { rhat } from '../../../diagnostics/convergence/rhat.js'
import { rhatBasic } from '../../../diagnostics/convergence/rhat-basic.js'
import { rhatNested } from '../../../diagnostics/convergence/rhat-nested.js'
import { UsageError } from '../../../src/errors/usage-error.js'
import { mapDraws, simulatedChains, withChain } from './simulated-chains.js'

const good = simulatedChains('rhat', 4, 1000)
const bulkRhat = (chains: readonly Float64Array[]) => potentialScaleReduction(rankNormalise(splitChains(chains)))

describe('rhatBasic', () => {
  it('is sqrt((B / W + N - 1) / N) of the halves, by hand', () => {
    const chains = [Float64Array.of(1, 2, 3, 4, 5, 6)]
    expect(rhatBasic(chains)).toBeCloseTo(Math.sqrt((3 * 4.5 + 2) / 3), 14)
  })
  it('is infinite when every chain stands still at a place of its own', () => {
    expect(rhatBasic([new Float64Array(10).fill(1), new Float64Array(10).fill(2)])).toBe(Infinity)
  })
})

describe('rhat', () => {
  it('passes independent draws', () => {
    expect(rhat(good)).toBeLessThan(cutOffs.rhat)
  })
  it('fails a chain that is shifted by half a standard deviation', () => {
    expect(rhat(withChain(good, 2, (value) => value + 0.5))).toBeGreaterThan(cutOffs.rhat)
  })
  it('fails a chain of another scale through the folded draws, which the basic form does not see', () => {
    const scaled = withChain(good, 1, (value) => 3 * value)
    expect(rhat(scaled)).toBeGreaterThan(1.05)
    expect(rhatBasic(scaled)).toBeLessThan(cutOffs.rhat)
    expect(bulkRhat(scaled)).toBeLessThan(cutOffs.rhat)
  })
  it('fails one chain with a trend, by comparing its halves', () => {
    const [single] = simulatedChains('trend', 1, 1000)
    expect(rhat([single])).toBeLessThan(cutOffs.rhat)
    expect(rhat([single.map((value, draw) => value + draw / 500)])).toBeGreaterThan(1.05)
  })
  it('has a bulk part that a strictly increasing map leaves as it is, to the last bit', () => {
    expect(bulkRhat(mapDraws(good, (value) => Math.exp(3 * value)))).toBe(bulkRhat(good))
    expect(rhatBasic(mapDraws(good, (value) => Math.exp(3 * value)))).not.toBeCloseTo(rhatBasic(good), 6)
  })
  it('does not depend on location, scale, sign or the order of the chains', () => {
    const reference = rhat(good)
    expect(rhat(mapDraws(good, (value) => 8 * value))).toBe(reference)
    expect(rhat(mapDraws(good, (value) => -value))).toBeCloseTo(reference, 12)
    expect(rhat([good[3], good[1], good[0], good[2]])).toBeCloseTo(reference, 12)
  })
  it('is NaN for constant draws, a NaN among them, and fewer than four draws a chain', () => {
    for (const diagnostic of [rhat, rhatBasic]) {
      expect(diagnostic([new Float64Array(50).fill(0.1), new Float64Array(50).fill(0.1)])).toBeNaN()
      expect(diagnostic(withChain(good, 0, (value, draw) => (draw === 7 ? Number.NaN : value)))).toBeNaN()
      expect(diagnostic(good.map((chain) => chain.subarray(0, 3)))).toBeNaN()
      expect(diagnostic(good.map((chain) => chain.subarray(0, 4)))).not.toBeNaN()
      expect(diagnostic([])).toBeNaN()
    }
  })
  it('ranks infinite draws, which the basic form cannot use', () => {
    const infinite = withChain(good, 0, (value, draw) => (draw === 7 ? Infinity : value))
    const huge = withChain(good, 0, (value, draw) => (draw === 7 ? 1e300 : value))
    expect(rhat(infinite)).toBe(rhat(huge))
    expect(rhatBasic(infinite)).toBeNaN()
  })
  it('refuses chains of unequal length', () => {
    expect(() => rhat([new Float64Array(10), new Float64Array(11)])).toThrow(UsageError)
  })
})

describe('rhatNested', () => {
  it('is sqrt(1 + B / W) by hand', () => {
    const chains = [Float64Array.of(0, 2), Float64Array.of(2, 4), Float64Array.of(10, 12), Float64Array.of(12, 14)]
    // Superchain means 2 and 12: B = 50. Within each: variance 2 of the two chain means and mean variance 2 of the chains.
    expect(rhatNested(chains, [1, 1, 2, 2])).toBeCloseTo(Math.sqrt(1 + 50 / 4), 14)
  })
  it('takes chains of one draw, where only the spread between chains is left', () => {
    const chains = [0, 2, 4, 6].map((value) => Float64Array.of(value))
    expect(rhatNested(chains, ['a', 'a', 'b', 'b'])).toBeCloseTo(Math.sqrt(1 + 8 / 2), 14)
  })
  it('is near 1 for independent draws and far from it for a shifted superchain', () => {
    expect(rhatNested(good, [1, 1, 2, 2])).toBeLessThan(cutOffs.rhat)
    expect(rhatNested([good[0], good[1], ...mapDraws(good.slice(2), (value) => value + 1)], [1, 1, 2, 2])).toBeGreaterThan(1.1)
  })
  it('is NaN for unequal superchains, labels that do not match, a single superchain or constant draws', () => {
    expect(rhatNested(good, [1, 1, 1, 2])).toBeNaN()
    expect(rhatNested(good, [1, 2])).toBeNaN()
    expect(rhatNested(good, [1, 1, 1, 1])).toBeNaN()
    expect(
      rhatNested(
        mapDraws(good, () => 1),
        [1, 1, 2, 2],
      ),
    ).toBeNaN()
  })
})

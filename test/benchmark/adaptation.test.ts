import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { adaptationTable, type MeasuredAdaptation } from './adaptation-table.js'
import { kitCaseNames, loadCase } from './cases.js'
import { randomPoints } from './measure-gradient.js'
import { convergence, type SamplingMeasure } from './measure-sampling.js'

const kit = fileURLToPath(new URL('../../../shared/acceptance', import.meta.url))
const isKitMissing = !existsSync(kit)

const measure = (minimumEss: number, wallSeconds: number, divergences: number): SamplingMeasure => ({
  minimumEss,
  maximumRhat: 1.001,
  wallSeconds,
  processorSeconds: 2 * wallSeconds,
  leapfrogCount: 4000,
  gradientCount: 10_000,
  divergences,
})
const ours = (sampling: SamplingMeasure) => ({
  dimension: 1,
  engine: { engine: 'webassembly', precision: 'float64' } as const,
  compileMilliseconds: 1000,
  compileWallMilliseconds: 600,
  sampling,
})
const theirs = (sampling: SamplingMeasure) => ({ version: 'rstan', dimension: 1, sampling })

describe('adaptationTable', () => {
  const measured: MeasuredAdaptation = {
    name: 'toy',
    title: 'toy',
    gradient: [ours(measure(800, 1, 0)), ours(measure(900, 1, 0)), ours(measure(100, 1, 4))],
    stan: [ours(measure(400, 2, 0))],
    peers: [theirs(measure(400, 4, 1))],
  }

  it('has medians over repeats with and without compilation, ratios to rstan and the mean of divergences', () => {
    const [, byDefault, stanLike, rstan] = adaptationTable([measured])
      .split('\n')
      .map((line) => line.split(/\s{2,}/))
    // 800 effective draws in 1 s and in 1 + 1 s; rstan has 100 a second; 10,000 gradients each.
    expect(byDefault).toEqual(['toy', 'default', '800', '8.00', '400', '80', '2.00', '800', '1.001', '1', '2', '10000', '1.33'])
    expect(stanLike.slice(1, 5)).toEqual(['Stan-like', '200', '2.00', '133'])
    expect(rstan.slice(1, 5)).toEqual(['rstan', '100', '1.00', '-'])
  })

  it('leaves out rstan, and ratios to it, when it was not run', () => {
    const lines = adaptationTable([{ ...measured, peers: [] }]).split('\n')
    expect(lines).toHaveLength(3)
    expect(lines[1].split(/\s{2,}/).slice(2, 4)).toEqual(['800', '-'])
  })
})

describe('convergence', () => {
  const chain = (shift: number) => Float64Array.from({ length: 200 }, (_, draw) => Math.sin(draw * draw) + shift)
  it('takes the worst quantity and leaves out constants', () => {
    const good = [chain(0), chain(0)]
    const shifted = [chain(0), chain(3)]
    const constant = [new Float64Array(200), new Float64Array(200)]
    expect(convergence([good, constant]).maximumRhat).toBeLessThan(1.05)
    const both = convergence([good, shifted, constant])
    expect(both).toEqual(convergence([shifted]))
    expect(both.maximumRhat).toBeGreaterThan(1.5)
  })
})

describe.skipIf(isKitMissing)(`cases of the acceptance kit${isKitMissing ? ' (skipped: no ../shared/acceptance)' : ''}`, () => {
  const names = isKitMissing ? [] : kitCaseNames(kit)

  it('include meta-analyses and posteriors', () => {
    expect(new Set(names.map((name) => name.split('/')[0]))).toEqual(new Set(['mvma', 'posteriordb']))
  })

  it.each(names)('%s compiles, is finite at the timing points and has a Stan program', async (name) => {
    const { condition, peer, sampling } = await loadCase(name, kit)
    expect(existsSync(fileURLToPath(new URL(`./peers/${peer.program}.stan`, import.meta.url)))).toBe(true)
    expect(sampling).toBeDefined()
    const { logDensity } = condition()
    for (const point of randomPoints(logDensity.dimension, 2)) {
      const gradient = new Float64Array(logDensity.dimension)
      expect(logDensity.valueAndGradient(point, gradient)).toSatisfy(Number.isFinite)
      expect(gradient.every(Number.isFinite)).toBe(true)
    }
  })
})

it('there are no kit cases without a kit', () => expect(kitCaseNames('/nowhere')).toEqual([]))

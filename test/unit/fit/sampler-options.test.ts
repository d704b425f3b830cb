import { describe, expect, it } from 'vitest'
import { normal, normalLogProbability } from '../../../src/distributions/normal.js'
import { variable } from '../../../src/draws/variable.js'
import { UsageError } from '../../../src/errors/usage-error.js'
import { type FitSettings, fit } from '../../../src/fitting/fit.js'
import { model } from '../../../src/language/model.js'

const twoMeans = model({
  name: 'two means',
  parameters: (_data: { y: number[] }) => ({ a: normal(0, 1), b: normal(0, 1) }),
  logLikelihood: ({ a, b }, { y }) => normalLogProbability(y, a.add(b), 0.3),
})
const run = (settings: Partial<FitSettings> = {}) =>
  fit(twoMeans, { y: [0.9, 1.1, 1.3] }, { seed: 2, chains: 2, warmup: 200, draws: 50, workers: 0, ...settings })

describe('the options of the sampler', () => {
  it('reach it: static trajectories have the length that was asked for, up to their jitter of a fifth', async () => {
    const { sampler, settings } = await run({ algorithm: 'hmc', trajectoryLength: { stepCount: 10 } })
    const counts = variable(sampler, 'leapfrog_count').values
    expect(Math.min(...counts)).toBeGreaterThanOrEqual(8)
    expect(Math.max(...counts)).toBeLessThanOrEqual(12)
    expect(settings).toMatchObject({ algorithm: 'hmc', trajectoryLength: { stepCount: 10 } })
  })

  it('reach it: metric and adaptation change the step size, jitter spreads it', async () => {
    const steps = async (options: Partial<FitSettings>) => new Set(variable((await run(options)).sampler, 'step_size').values)
    const [usual, stan, diagonal] = [await steps({}), await steps({ adaptation: 'stan' }), await steps({ metric: 'diagonal' })]
    expect([...usual]).not.toEqual([...stan])
    expect([...usual]).not.toEqual([...diagonal])
    expect(usual.size).toBe(2)
    expect((await steps({ stepSizeJitter: 0.1 })).size).toBe(100)
  })

  it('reach it: chains that climb first begin elsewhere', async () => {
    const start = [Float64Array.of(40, -70)]
    const first = async (climb: boolean) => variable((await run({ warmup: 0, draws: 1, start, climb })).draws, 'a').values[0]
    expect(Math.abs(await first(true))).toBeLessThan(5)
    expect(await first(false)).toBeGreaterThan(30)
  })

  it('are recorded with the fit only when they were given', async () => {
    expect(Object.keys((await run()).settings).sort()).toEqual(
      ['chains', 'draws', 'maximumTreeDepth', 'targetAcceptance', 'thin', 'warmup'].sort(),
    )
  })
})

describe('the starts of chains', () => {
  it('may be given, or 0', async () => {
    const unmoved = { warmup: 0, draws: 1, metric: 'diagonal' } as const
    const first = async (settings: Partial<FitSettings>) => (await run({ ...unmoved, ...settings })).gradientCount
    expect(await first({ start: [Float64Array.of(0.5, 0.5)] })).toBeGreaterThan(0)
    expect(await first({ start: 'zero' })).toBeGreaterThan(0)
  })

  it.each([[[]], [[Float64Array.of(1)]]])('are refused unless each has one coordinate per parameter', async (start) => {
    await expect(run({ start })).rejects.toThrow(UsageError)
  })
})

import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import type { FailedApproximation } from '../../../src/contract/analysis.js'
import { flat } from '../../../src/distributions/flat.js'
import { normal, normalLogProbability } from '../../../src/distributions/normal.js'
import { variable } from '../../../src/draws/variable.js'
import { RunError } from '../../../src/errors/run-error.js'
import type { ApproximationProgress } from '../../../src/fitting/approximate.js'
import { approximateConditioned } from '../../../src/fitting/approximate.js'
import { approximateOrSample } from '../../../src/fitting/approximate-or-sample.js'
import { fitConditioned } from '../../../src/fitting/fit.js'
import { condition } from '../../../src/language/condition.js'
import { model } from '../../../src/language/model.js'

/** A prior that bends like a funnel's neck, and one observation that says little: no normal distribution resembles the posterior. */
const bent = model({
  name: 'bent',
  parameters: (_: { y: number[] }) => ({ x: normal(0, 1), z: normal(({ x }) => tf.square(x), 0.2) }),
  logLikelihood: ({ x }, { y }) => normalLogProbability(y, x, 5),
})
const regular = model({
  name: 'regular',
  parameters: (_: { y: number[] }) => ({ x: normal(0, 1), z: normal(0, 1) }),
  logLikelihood: ({ x, z }, { y }) => normalLogProbability(y, tf.add(x, z), 5),
})
const data = { y: [0.5] }
const sampling = { seed: 1, chains: 2, warmup: 300, draws: 300, workers: 0 }

describe('approximateOrSample', () => {
  it('keeps an approximation that passes its checks', async () => {
    const fit = await approximateOrSample(
      condition(regular, data),
      { algorithm: 'laplace', draws: 500, fallback: 'nuts', seed: 1 },
      () => Promise.reject(new Error('must not sample')),
    )
    expect(fit).toMatchObject({ algorithm: 'laplace', diagnosis: { status: 'passed' } })
    expect(fit.approximation!.paretoK).toBeLessThan(0.7)
    expect(fit.fallbackFrom).toBeUndefined()
  })
  it('samples where k-hat fails: the draws and the diagnosis are those of NUTS, gradients and seconds of both, and the fit says why', async () => {
    const conditioned = condition(bent, data)
    const failures: FailedApproximation[] = []
    const settings = {
      algorithm: 'laplace',
      draws: 500,
      seed: 1,
      onFallback: (failed: FailedApproximation) => failures.push(failed),
    } as const
    const approximated = await approximateOrSample(conditioned, settings, () => Promise.reject(new Error('no fallback')))
    const sampled = await fitConditioned(conditioned, sampling)
    const fit = await approximateOrSample(conditioned, { ...settings, fallback: 'nuts' }, () =>
      fitConditioned(conditioned, sampling),
    )
    expect(approximated).toMatchObject({ algorithm: 'laplace', diagnosis: { status: 'failed' } })
    expect(fit.algorithm).toBeUndefined()
    expect(fit.draws).toEqual(sampled.draws)
    expect(fit.diagnosis).toEqual(sampled.diagnosis)
    expect(fit.gradientCount).toBe(sampled.gradientCount + approximated.gradientCount)
    expect(fit.fallbackFrom).toMatchObject({ algorithm: 'laplace', gradientCount: approximated.gradientCount })
    expect(fit.fallbackFrom!.paretoK).toBe(approximated.approximation!.paretoK)
    expect(fit.fallbackFrom!.paretoK).toBeGreaterThan(0.7)
    expect(fit.fallbackFrom!.reason).toMatch(/k-hat of the approximation: .*cut-off 0\.7/)
    expect(fit.seconds).toBeGreaterThan(fit.fallbackFrom!.seconds)
    expect(failures).toEqual([fit.fallbackFrom])
  })
  it('samples where no approximation is found, and counts what the search cost', async () => {
    const endless = model({
      name: 'endless',
      parameters: (_: object) => ({ x: flat() }),
      logLikelihood: ({ x }) => tf.reshape(tf.mul(x, 3), [1]),
    })
    const conditioned = condition(endless, {})
    const other = await fitConditioned(condition(regular, data), sampling)
    const wanted = { algorithm: 'laplace', draws: 500, seed: 1 } as const
    const fit = await approximateOrSample(conditioned, { ...wanted, fallback: 'nuts' }, async () => other)
    expect(fit.fallbackFrom!.reason).toMatch(/no mode was found/)
    expect(fit.fallbackFrom!.gradientCount).toBeGreaterThan(1)
    expect(fit.gradientCount).toBe(other.gradientCount + fit.fallbackFrom!.gradientCount)
    await expect(approximateOrSample(conditioned, wanted, async () => other)).rejects.toThrow(RunError)
  })
})

/** The same, so slow that weighing alone takes a quarter of a second: there are pauses every 50 ms. */
const regularly = condition(regular, data)
const { join: _, ...plain } = regularly.logDensity
const slow = {
  ...regularly,
  logDensity: {
    ...plain,
    valueAndGradient: (position: Float64Array, gradient: Float64Array) => {
      for (const end = performance.now() + 0.25; performance.now() < end; );
      return regularly.logDensity.valueAndGradient(position, gradient)
    },
  },
}
const long = { algorithm: 'pathfinder', seed: 1, draws: 500, proposals: 1000 } as const

describe.each(['laplace', 'mean-field', 'full-rank', 'pathfinder'] as const)('approximate by %s', (algorithm) => {
  it('tells how it stands, gives the event loop turns and ends with the same draws when watched', async () => {
    const reports: ApproximationProgress[] = []
    let turns = 0
    const timer = setInterval(() => turns++, 0)
    const watched = await approximateConditioned(slow, { ...long, algorithm, onProgress: (progress) => reports.push(progress) })
    clearInterval(timer)
    const unwatched = await approximateConditioned(slow, { ...long, algorithm })
    expect(variable(watched.draws, 'x').values).toEqual(variable(unwatched.draws, 'x').values)
    expect(turns).toBeGreaterThan(0)
    expect(reports.length).toBeGreaterThan(0)
    for (const report of reports) expect(report).toMatchObject({ phase: 'approximation', algorithm })
    const last = reports.at(-1)!
    expect(last).toMatchObject({ step: 'weighting', total: long.proposals })
    expect(last.gradientCount).toBeGreaterThan(last.iteration)
    expect(last.gradientCount).toBeLessThanOrEqual(watched.gradientCount)
  })
  it('rejects with the reason of the signal, before it begins and while it runs', async () => {
    const reason = new Error('enough')
    await expect(approximateConditioned(slow, { ...long, algorithm, signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
    const controller = new AbortController()
    const running = approximateConditioned(slow, {
      ...long,
      algorithm,
      signal: controller.signal,
      onProgress: () => controller.abort(reason),
    })
    await expect(running).rejects.toBe(reason)
  })
})

import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import type { Fit } from '../../../src/contract/analysis.js'
import type { Stream } from '../../../src/contract/stream.js'
import { parseProtocol } from '../../../src/data/parse-protocol.js'
import { readTable } from '../../../src/data/read-table.js'
import { halfNormal } from '../../../src/distributions/half-normal.js'
import { normal, normalLogProbability } from '../../../src/distributions/normal.js'
import { RunError } from '../../../src/errors/run-error.js'
import { UsageError } from '../../../src/errors/usage-error.js'
import { type FitSettings, fit, fitConditioned, fitOn } from '../../../src/fitting/fit.js'
import { openWorkerPool } from '../../../src/fitting/worker-pool.js'
import type { ChainProgress } from '../../../src/inference/run-chains.js'
import { condition } from '../../../src/language/condition.js'
import { model } from '../../../src/language/model.js'
import type { TwoStageProgress } from '../../../src/stages/stage-input.js'
import { twoStage } from '../../../src/two-stage.js'
import { csvText, protocolText, smallTrials } from '../../end-to-end/small-trials.js'
import * as tasks from './tasks.js'

const data = { y: Float64Array.of(1.2, 0.4, -0.3, 2.1, 0.9) }

const location = model({
  name: 'location',
  parameters: (_: typeof data) => ({ mu: normal(0, 5), sigma: halfNormal(2) }),
  logLikelihood: ({ mu, sigma }, { y }) => normalLogProbability(y, mu, sigma),
  generate: (stream: Stream, { mu }) => ({ noise: { value: mu[0] + stream.uniform() } }),
})
const hopeless = model({
  name: 'hopeless',
  parameters: (_: typeof data) => ({ slope: normal(0, 1) }),
  logLikelihood: ({ slope }, { y }) => tf.log(tf.mul(tf.neg(tf.square(y)), tf.exp(slope))),
})

const settings: FitSettings = { seed: 3, chains: 3, warmup: 150, draws: 60, study: 'ACT-1', workers: 0 }

/** All that does not depend on the time it took. */
const lasting = ({ seconds: _, chainSeconds: __, ...rest }: Fit) => rest

const failureOf = async (work: Promise<unknown>): Promise<RunError> =>
  work.then(
    () => expect.fail('it should have failed'),
    (error) => error,
  )

describe('fit', () => {
  it('gives the same fit in this thread and on any number of worker threads, and another for another seed', async () => {
    const here = await fit(location, data, settings)
    for (const workers of [1, 2, 5, 'auto'] as const)
      expect(lasting(await fit(location, data, { ...settings, workers }))).toEqual(lasting(here))
    const other = await fit(location, data, { ...settings, workers: 2, seed: 4 })
    expect(other.draws.variables[0].values).not.toEqual(here.draws.variables[0].values)
  })

  it('says the same of a model without a starting point: kind of error, counts, and the parameters of the last try', async () => {
    const here = await failureOf(fit(hopeless, data, settings))
    const there = await failureOf(fit(hopeless, data, { ...settings, workers: 2 }))
    expect(here).toBeInstanceOf(RunError)
    expect(here.message).toMatch(/No starting point found.*NaN at 100; the last one: slope = /)
    expect(there).toBeInstanceOf(RunError)
    expect(there.toJSON()).toEqual(here.toJSON())
  })

  it.each([
    ['ACT-1', 'trial "ACT-1"'],
    ['', 'model "location"'],
  ])('names the chain when its thread is killed, for the study "%s"', async (study, subject) => {
    const killed = { ...condition(location, data), portable: tasks.portable('process.exit(1)') }
    const failure = await failureOf(fitConditioned(killed, { ...settings, study, chains: 1, workers: 1 }))
    expect(failure).toBeInstanceOf(RunError)
    expect(failure.message).toContain(`chain 1 of ${subject} did not end: its worker thread died (exit status 1)`)
  })

  it('keeps a log density that only this thread can evaluate in this thread', async () => {
    const { portable: _, ...eager } = condition(location, data)
    const here = await fitConditioned(eager, settings)
    expect(lasting(await fitConditioned(eager, { ...settings, workers: 2 }))).toEqual(lasting(here))
  })

  it('stops in this thread too when the pool does', async () => {
    const { portable: _, ...eager } = condition(location, data)
    const pool = openWorkerPool(1)
    const failure = failureOf(fitOn(pool, eager, { ...settings, draws: 1_000_000 }))
    await pool.close()
    expect((await failure).message).toMatch(/the pool was closed/)
  })

  it('reports every chain, and stops with the reason of the signal', async () => {
    const reports: ChainProgress[] = []
    await fit(location, data, { ...settings, workers: 2, onProgress: (progress) => reports.push(progress) })
    const ends = reports.filter(({ iteration, total }) => iteration === total)
    expect(ends.map(({ chain, phase }) => `${chain} ${phase}`).sort()).toEqual(
      [0, 1, 2].flatMap((chain) => [`${chain} sampling`, `${chain} warmup`]),
    )
    const reason = new Error('enough')
    const controller = new AbortController()
    const stop = () => controller.abort(reason)
    const long = { ...settings, draws: 1_000_000, workers: 2, signal: controller.signal, onProgress: stop }
    expect(await failureOf(fit(location, data, long))).toBe(reason)
  })

  it('refuses a number of workers that is none', async () => {
    for (const workers of [-1, 1.5, Number.NaN])
      expect(await failureOf(fit(location, data, { ...settings, workers }))).toBeInstanceOf(UsageError)
  })
})

describe('twoStage', () => {
  const inference = '{ seed: 1, chains: 2, warmup: 100, draws: 50 }'
  const input = {
    protocol: parseProtocol(protocolText({ inference }), 'protocol.yaml'),
    table: readTable(csvText(smallTrials(5)), 'trials.csv'),
  }
  const numbers = async (workers: number | 'auto', onProgress: (progress: TwoStageProgress) => void = () => {}) => {
    const { trialFits, pooled, patientEffects } = await twoStage({ ...input, workers, onProgress })
    return { fits: [...trialFits.map((trialFit) => trialFit.fit), pooled].map(lasting), patientEffects, trialFits }
  }

  it('gives the same analysis in this thread and on 1 and 2 worker threads and where it pays, trials in their order', async () => {
    const here = await numbers(0)
    expect(here.trialFits.map(({ trial }) => trial.study)).toEqual([1, 2, 3, 4, 5].map((trial) => `trial-${trial}`))
    for (const workers of [1, 2, 'auto'] as const) {
      const ends: string[] = []
      const there = await numbers(workers, ({ stage, study = '', chain, phase, iteration, total }) => {
        if (phase === 'sampling' && iteration === total) ends.push(`${stage} ${study} ${chain}`)
      })
      expect(new Set(ends).size).toBe(2 * (5 + 1))
      expect(there.fits).toEqual(here.fits)
      expect(there.patientEffects).toEqual(here.patientEffects)
    }
  })

  it('ends with what a listener throws, in either stage', async () => {
    for (const stage of ['first', 'second']) {
      const complaint = new Error(`no ${stage}`)
      const complain = (progress: TwoStageProgress) => {
        if (progress.stage === stage) throw complaint
      }
      expect(await failureOf(twoStage({ ...input, workers: 2, onProgress: complain }))).toBe(complaint)
    }
  })
})

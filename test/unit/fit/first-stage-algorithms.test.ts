import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { firstStageModel as linear } from '../../../models/first-stage/linear.js'
import { catalog } from '../../../src/catalog.js'
import type { ApproximateFit, FirstStageModel } from '../../../src/contract/first-stage-model.js'
import { parseProtocol } from '../../../src/data/parse-protocol.js'
import { readTable } from '../../../src/data/read-table.js'
import { normal } from '../../../src/distributions/normal.js'
import { renderReport } from '../../../src/report/render-report.js'
import type { TwoStageEvent } from '../../../src/stages/stage-input.js'
import { type TwoStageInput, twoStage } from '../../../src/two-stage.js'
import { csvText, protocolText, smallTrials } from '../../end-to-end/small-trials.js'

const table = readTable(csvText(smallTrials()), 'trials.csv')
const protocolOf = (inference: string) => parseProtocol(protocolText({ inference }), 'protocol.yaml')
const analyse = (inference: string, input: Partial<TwoStageInput> = {}) =>
  twoStage({ protocol: protocolOf(`{ seed: 1, chains: 2, warmup: 100, draws: 200, ${inference} }`), table, workers: 0, ...input })
/** Effect of the reference patient in the average setting. */
const effectOf = ({ profileEffects }: Awaited<ReturnType<typeof analyse>>) => profileEffects[0].effects[0]

const sampled = await analyse('algorithm: nuts')

describe('inference.algorithm of a protocol', () => {
  it.each(['laplace', 'mean-field', 'full-rank', 'pathfinder'] as const)(
    '%s approximates every trial, and the report says so',
    async (algorithm) => {
      const analysis = await analyse(`algorithm: ${algorithm}`)
      for (const { fit } of analysis.trialFits) {
        expect(fit).toMatchObject({ algorithm, settings: { chains: 1, draws: 200 } })
        expect(fit.diagnosis.checks.map(({ name }) => name)).toContain('pareto-k')
      }
      const report = renderReport(analysis)
      expect(report).toMatch(/The posterior of each trial was approximated by/)
      expect(report).toContain('200 draws a trial')
      /** Mean-field is flagged by its own k-hat where it is poor. */
      if (analysis.trialFits.every(({ fit }) => fit.diagnosis.status === 'passed'))
        expect(Math.abs(effectOf(analysis).mean - effectOf(sampled).mean)).toBeLessThan(0.5 * effectOf(sampled).sd)
      else expect(report).toContain('do not rely on these results yet')
    },
  )
  it('nuts samples every trial, also where the model has an exact answer', () => {
    for (const { fit } of sampled.trialFits) expect(fit).toMatchObject({ settings: { chains: 2 } })
    expect(sampled.trialFits.map(({ fit }) => fit.algorithm)).toEqual([undefined, undefined, undefined])
  })
  it('hmc samples every trial with trajectories of a fixed length, and the report says so', async () => {
    const analysis = await analyse('algorithm: hmc')
    for (const { fit } of analysis.trialFits) expect(fit.settings.algorithm).toBe('hmc')
    expect(renderReport(analysis)).toContain('Hamiltonian Monte Carlo with trajectories of a fixed length')
  })
  it('gives the same draws on any number of workers', async () => {
    const run = async (workers: number) =>
      (await analyse('algorithm: pathfinder', { workers })).trialFits.map(({ fit }) => fit.draws)
    expect(await run(2)).toEqual(await run(0))
  })
  it('is told by events, and stopped by a signal', async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const events: TwoStageEvent[] = []
    const onEvent = (event: TwoStageEvent) => {
      events.push(event)
      if (event.event === 'approximation' || (event.event === 'trial-end' && event.trialIndex === 1)) controller.abort(reason)
    }
    await expect(analyse('algorithm: full-rank', { onEvent, signal: controller.signal })).rejects.toBe(reason)
    expect(events.filter(({ event }) => event === 'pooling-begin')).toEqual([])
  })
})

/** A linear model with two parameters more, whose joint prior bends, in trials that are called so. */
function bentIn(studies: readonly string[], suggestion: ApproximateFit): FirstStageModel {
  const { exact: _, ...sampled } = linear
  return {
    ...sampled,
    approximation: () => suggestion,
    condition(trial, options) {
      const { model, data } = linear.condition(trial, options as Parameters<typeof linear.condition>[1])
      const parameters = (given: typeof data) => ({
        ...model.parameters(given),
        x: normal(0, 1),
        ...(studies.includes(trial.study) ? { z: normal(({ x }) => tf.square(x), 0.2) } : {}),
      })
      return { model: { ...model, parameters }, data }
    },
  } as FirstStageModel
}
const withModel = (model: FirstStageModel) => ({ catalog: { ...catalog, firstStageModel: async () => model } })
const suggestion: ApproximateFit = { algorithm: 'laplace', draws: 500, fallback: 'nuts' }

describe('a model that suggests an approximation with a fallback', () => {
  it('is sampled by NUTS in the trials where it fails; events, fits and report say so', async () => {
    const events: TwoStageEvent[] = []
    const analysis = await analyse('', {
      ...withModel(bentIn(['trial-2'], suggestion)),
      onEvent: (event) => events.push(event),
    })
    const [first, second, third] = analysis.trialFits.map(({ fit }) => fit)
    for (const fit of [first, third]) expect(fit).toMatchObject({ algorithm: 'laplace', settings: { chains: 1 } })
    expect(second.algorithm).toBeUndefined()
    expect(second.draws).toMatchObject({ chainCount: 2, drawCount: 200 })
    expect(second.fallbackFrom!.paretoK).toBeGreaterThan(0.7)
    expect(events.filter(({ event }) => event === 'fallback')).toEqual([
      { event: 'fallback', study: 'trial-2', trialIndex: 1, ...second.fallbackFrom },
    ])
    const report = renderReport(analysis)
    expect(report).toContain('trial trial-2 was to be approximated (laplace), which failed: Pareto k-hat')
    expect(report).toContain('the trial was sampled by the No-U-Turn sampler instead')
    expect(effectOf(analysis).sd).toBeGreaterThan(0)
  })
  it('stays with the approximation when the protocol asks for it, and the fit fails', async () => {
    const { trialFits } = await analyse('algorithm: laplace', withModel(bentIn(['trial-2'], suggestion)))
    expect(trialFits.map(({ fit }) => fit.algorithm)).toEqual(['laplace', 'laplace', 'laplace'])
    expect(trialFits[1].fit.diagnosis.status).toBe('failed')
  })
})

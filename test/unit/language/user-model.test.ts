import * as tf from '@tensorflow/tfjs'
import { describe, expect, it } from 'vitest'
import { summarise } from '../../../diagnostics/convergence/summarise.js'
import { exponential } from '../../../src/distributions/exponential.js'
import { normal, normalLogProbability } from '../../../src/distributions/normal.js'
import { fit } from '../../../src/fitting/fit.js'
import { condition } from '../../../src/language/condition.js'
import { dimension, model } from '../../../src/language/model.js'

/** What a user writes in a notebook: growth of four clinics with a common curve, in about twenty lines. */
const clinic = dimension('clinic', ['A', 'B', 'C', 'D'])
const growth = model({
  name: 'growth',
  parameters: (data: { y: number[]; time: number[]; clinicIndex: number[]; clinic: typeof clinic }) => ({
    rate: normal(0, 1),
    spread: exponential(1),
    level: normal(0, 'spread', { shape: [data.clinic], nonCentered: true }),
    noise: exponential(1),
  }),
  logLikelihood: ({ rate, level, noise }, { y, time, clinicIndex }) => {
    const mean = tf.add(tf.gather(level, tf.cast(clinicIndex, 'int32')), tf.mul(rate, tf.log1p(time)))
    return normalLogProbability(y, mean, noise)
  },
  derived: ({ rate, level }, given) => ({
    final: { value: tf.add(level, tf.mul(rate, Math.log(11))), dimensions: [given.clinic] },
  }),
  generate: (stream, { rate }) => ({ next: { value: rate[0] + stream.uniform() } }),
})
const time = Array.from({ length: 24 }, (_, index) => index % 6)
const clinicIndex = Array.from({ length: 24 }, (_, index) => Math.floor(index / 6))
const levels = [-0.5, 0.2, 0.4, 1]
const y = time.map((at, index) => levels[clinicIndex[index]] + 0.8 * Math.log1p(at) + 0.15 * Math.sin(7 * index))
const data = { y, time, clinicIndex, clinic }
const settings = { seed: 1, chains: 2, warmup: 250, draws: 250 }

describe("a user's model of twenty lines", () => {
  it('is compiled to float64 and sampled, with names, derived and generated quantities and diagnostics', async () => {
    const result = await fit(growth, data, { ...settings, strict: true })
    expect(result.engine).toMatchObject({ precision: 'float64' })
    expect(result.engine.fallbackReason).toBeUndefined()
    expect(result.draws).toMatchObject({ chainCount: 2, drawCount: 250 })
    expect(summarise(result.draws).map(({ name }) => name)).toEqual([
      'rate',
      'spread',
      ...clinic.labels.map((label) => `level[${label}]`),
      'noise',
      ...clinic.labels.map((label) => `final[${label}]`),
      'next',
    ])
    const rate = summarise(result.draws)[0]
    expect(Math.abs(rate.mean - 0.8)).toBeLessThan(4 * rate.sd)
    expect(rate.sd).toBeLessThan(0.15)
    expect(result.diagnosis.checks.length).toBeGreaterThan(0)
  })
  it('gives the same draws again for the same seed, and others for another', async () => {
    const first = await fit(growth, data, settings)
    expect((await fit(growth, data, settings)).draws).toEqual(first.draws)
    expect((await fit(growth, data, { ...settings, seed: 2 })).draws).not.toEqual(first.draws)
  })
  it('gives pointwise log likelihoods for leave-one-out', () => {
    const conditioned = condition(growth, data)
    const { values, observationCount } = conditioned.pointwiseLogLikelihood(
      new Float64Array(2 * conditioned.logDensity.dimension),
    )
    expect(observationCount).toBe(24)
    expect(values).toHaveLength(48)
    expect(values[0]).toBeCloseTo(-(y[0] ** 2) / 2 - Math.log(2 * Math.PI) / 2, 12)
  })
})

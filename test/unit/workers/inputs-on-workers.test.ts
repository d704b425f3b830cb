import * as tf from '@tensorflow/tfjs'
import { expect, it } from 'vitest'
import { halfNormal } from '../../../src/distributions/half-normal.js'
import { normal, normalLogProbability } from '../../../src/distributions/normal.js'
import { programCache } from '../../../src/engine/program-cache.js'
import { fitConditioned } from '../../../src/fitting/fit.js'
import { condition } from '../../../src/language/condition.js'
import { model } from '../../../src/language/model.js'

const line = model({
  name: 'line',
  parameters: (_data: { y: Float64Array; x: Float64Array }) => ({ slope: normal(0, 1), sigma: halfNormal(1) }),
  logLikelihood: ({ slope, sigma }, { y, x }) => normalLogProbability(y, tf.mul(slope, x), sigma),
})
const x = Float64Array.from({ length: 20 }, (_, index) => Math.sin(3 * index))
const y = x.map((value, index) => 0.7 * value + 0.2 * Math.cos(5 * index))
const settings = { seed: 4, chains: 2, warmup: 100, draws: 50 }

it('a model with inputs gives the same draws on a worker thread, with the data and case weights that it has by then', async () => {
  const cache = programCache()
  condition(line, { y: x, x: y }, { cache, caseWeights: new Float64Array(20).fill(1) })
  const conditioned = condition(line, { y, x }, { cache, caseWeights: new Float64Array(20).fill(1) })
  const weighted = conditioned.withCaseWeights(x.map((_, index) => index % 3))
  const here = await fitConditioned(weighted, settings)
  expect((await fitConditioned(weighted, { ...settings, workers: 1 })).draws).toEqual(here.draws)
  expect((await fitConditioned(conditioned, { ...settings, workers: 1 })).draws).not.toEqual(here.draws)
})

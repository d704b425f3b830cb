/** The same work in a page and in Node. */
import * as tf from '@tensorflow/tfjs'
import {
  type Draws,
  fit,
  halfCauchy,
  model,
  normal,
  normalLogProbability,
  parseProtocol,
  readTable,
  renderReport,
  scalars,
  twoStage,
  version,
} from 'poolite'

const eightSchools = model({
  name: 'eight schools',
  parameters: ({ effect }: { effect: number[]; error: number[] }) => ({
    mu: normal(0, 5),
    tau: halfCauchy(0, 5),
    theta: normal('mu', 'tau', { shape: [effect.length], nonCentered: true }),
  }),
  logLikelihood: ({ theta }, { effect, error }) => normalLogProbability(effect, theta, error),
  derived: ({ theta }) => ({ best: tf.max(theta) }),
})

const schools = { effect: [28, 8, -3, 7, -1, 1, 18, 12], error: [15, 10, 16, 11, 9, 11, 10, 18] }

export interface Work {
  readonly version: string
  readonly engine: string
  /** `[scalar][chain x draw]` of the model that is sampled, and of the pooled coefficients of an analysis. */
  readonly sampled: number[][]
  readonly pooled: number[][]
  /** Mean effect of every profile in every setting. */
  readonly effects: number[]
  readonly report: string
}

const numbers = (draws: Draws) => scalars(draws).map(({ chains }) => chains.flatMap((chain) => Array.from(chain)))

export async function work(csv: string, yaml: string): Promise<Work> {
  const { draws, engine } = await fit(eightSchools, schools, { seed: 1, warmup: 300, draws: 200, workers: 0 })
  const protocol = parseProtocol(yaml, 'protocol.yaml')
  const inference = { ...protocol.inference, warmup: 100, draws: 100 }
  const table = readTable(csv, 'trials.csv')
  const analysis = await twoStage({ protocol: { ...protocol, inference }, table, workers: 0 })
  return {
    version,
    engine: engine.engine,
    sampled: numbers(draws),
    pooled: numbers(analysis.pooled.draws),
    effects: analysis.profileEffects.flatMap(({ effects }) => effects.map(({ mean }) => mean)),
    report: renderReport(analysis),
  }
}

/** A program of somebody who installed the package: type-checked against its types with old and new compilers, then run. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as tf from '@tensorflow/tfjs'
import {
  type Analysis,
  fit,
  model,
  normal,
  normalLogProbability,
  parseProtocol,
  readTable,
  renderReport,
  summarise,
  twoStage,
} from 'poolite'
import { firstStageModel } from 'poolite/models/first-stage/linear'

const location = model({
  name: 'location',
  parameters: (_: { y: number[] }) => ({ mu: normal(0, 10) }),
  logLikelihood: ({ mu }, { y }) => normalLogProbability(y, mu, 1),
  derived: ({ mu }) => ({ doubled: tf.mul(mu, 2) }),
})

export async function main(example: string): Promise<void> {
  const { draws } = await fit(location, { y: [1, 2, 3] }, { seed: 1 })
  const means: number[] = summarise(draws).map(({ mean }) => mean)
  const names: string = firstStageModel.name
  // Were types silently `any`, nothing would be wrong with these two lines, and the compiler says that too.
  // @ts-expect-error a seed is a number
  const wrongSeed = () => fit(location, { y: [1] }, { seed: 'one' })
  // @ts-expect-error data of the wrong type
  const wrongData = () => fit(location, { y: 'text' }, { seed: 1 })

  const protocol = parseProtocol(readFileSync(join(example, 'example-protocol.yaml'), 'utf8'), 'example-protocol.yaml')
  const table = readTable(readFileSync(join(example, 'example-trials.csv'), 'utf8'), 'example-trials.csv')
  const inference = { ...protocol.inference, warmup: 100, draws: 100 }
  const analysis: Analysis = await twoStage({ protocol: { ...protocol, inference }, table })
  const page: string = renderReport(analysis)
  if (names !== 'linear' || !means.every(Number.isFinite) || !page.startsWith('<!doctype html>'))
    throw new Error('the library gave something else')
  console.log('the library runs', typeof wrongSeed, typeof wrongData)
}

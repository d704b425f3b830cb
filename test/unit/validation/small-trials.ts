import { parseProtocol } from '../../../src/data/parse-protocol.js'
import type { Protocol } from '../../../src/data/protocol.js'
import { readTable } from '../../../src/data/read-table.js'
import type { Table } from '../../../src/data/table.js'
import { drawNormal } from '../../../src/random/normal.js'
import { stream } from '../../../src/random/stream.js'

export interface SmallTrialsOptions {
  readonly trialCount?: number
  readonly patientCount?: number
  /** Of the effect on x1. */
  readonly slope?: number
  readonly sign?: 1 | -1
  readonly seed?: number
}

/** Trials with two covariates, of which the first modifies the effect: y = x1 + t (0.5 + deviation + slope x1) + error. */
export function smallTrialsCsv({
  trialCount = 6,
  patientCount = 60,
  slope = 1,
  sign = 1,
  seed = 1,
}: SmallTrialsOptions = {}): string {
  const source = stream(seed, 'small-trials')
  const rows = ['trial,arm,y,x1,x2']
  for (let trial = 0; trial < trialCount; trial++) {
    const deviation = drawNormal(source, 0, 0.2)
    for (let patient = 0; patient < patientCount; patient++) {
      const [x1, x2] = [drawNormal(source), drawNormal(source)]
      const arm = source.uniform() < 0.5 ? 1 : 0
      const y = x1 + arm * (0.5 + deviation + slope * x1) + drawNormal(source)
      rows.push([`T${trial + 1}`, arm, sign * y, x1, x2].join(','))
    }
  }
  return `${rows.join('\n')}\n`
}

export const smallTrials = (options: SmallTrialsOptions = {}): Table => readTable(smallTrialsCsv(options), 'small.csv')

const flat = '{ firstStage: { model: linear }, secondStage: { method: multivariate, structure: diagonal } }'
const averaged =
  '{ name: averaged, firstStage: { model: linear }, secondStage: { method: weighted-average, weights: size, heterogeneity: dersimonian-laird } }'

/** Stages without chains, so that a validation takes a moment. */
export function smallProtocolText(
  candidates: readonly string[] = [flat, averaged],
  better: 'higher' | 'lower' = 'higher',
): string {
  return `poolite: 1
title: Small trials
data: { study: trial, treatment: { column: arm, control: 0, treated: 1 } }
outcome: { column: y, better: ${better}, centre: 0, scale: 2 }
covariates:
  - { name: x1, type: continuous, centre: 0, scale: 1 }
  - { name: x2, type: continuous, centre: 0, scale: 1 }
inference: { seed: 7, chains: 2, draws: 100 }
validation:
  candidates:
${candidates.map((candidate) => `    - ${candidate}`).join('\n')}
`
}

export const smallProtocol = (...given: Parameters<typeof smallProtocolText>): Protocol =>
  parseProtocol(smallProtocolText(...given), 'small.yaml')

import { describe, expect, it } from 'vitest'
import { validationProgress } from '../../../src/cli/validation-progress.js'

const chain = {
  stage: 'first',
  study: 'B',
  trialIndex: 1,
  trialCount: 3,
  chain: 0,
  chainCount: 4,
  phase: 'sampling',
  iteration: 60,
  total: 600,
  divergences: 0,
  gradientCount: 1,
  stepSize: 0.1,
  secondsElapsed: 9,
} as const
const fitted = { event: 'fitted', model: 'gaussian-process', study: 'A', done: 7 } as const

function written(kind: 'plain' | 'json' | 'none'): string[] {
  const lines: string[] = []
  let time = 0
  const terminal = { isInteractive: false, exitStatus: 0, data: () => {}, talk: (text: string) => lines.push(text) }
  const writer = validationProgress(kind, terminal, () => time)
  writer.event({ event: 'begin', fitCount: 9, poolingCount: 12 })
  time = 11_000
  writer.event(fitted)
  time = 12_000
  writer.chain(chain)
  time = 30_000
  writer.chain(chain)
  return lines
}

describe('validationProgress', () => {
  it('shows that a long fit goes on, a line every 10 s', () => {
    expect(written('plain')).toEqual([
      'fitting trials 7 of 9, gaussian-process, 0:11\n',
      'fitting trials 7 of 9, gaussian-process, 0:30; trial "B", chain 1 of 4, sampling 10%\n',
    ])
  })

  it('leaves chains out of JSON, and says nothing when it should not', () => {
    expect(written('json').map((line) => JSON.parse(line).event)).toEqual(['begin', 'fitted'])
    expect(written('none')).toEqual([])
  })
})

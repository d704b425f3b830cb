import { describe, expect, it } from 'vitest'
import { type Progress, progressLine, progressWriter } from '../../../src/cli/progress.js'
import { fakeTerminal } from './fake-terminal.js'

const progress: Progress = {
  stage: 'first',
  study: 'ACT-1',
  trialIndex: 1,
  trialCount: 10,
  chain: 2,
  chainCount: 4,
  phase: 'warmup',
  iteration: 450,
  total: 2000,
  divergences: 1,
  secondsElapsed: 12.4,
}

describe('progressLine', () => {
  it('says trial, chain, phase, iteration, divergences and seconds', () => {
    expect(progressLine(progress)).toBe('trial 2 of 10 (ACT-1), chain 3 of 4, warmup 450 of 2000, 1 divergence, 12 s')
  })
  it('says pooling in the second stage', () => {
    const { study, trialIndex, trialCount, ...second } = progress
    expect(progressLine({ ...second, stage: 'second', phase: 'sampling', divergences: 0 })).toBe(
      'pooling, chain 3 of 4, sampling 450 of 2000, 0 divergences, 12 s',
    )
  })
})

describe('progressWriter', () => {
  it('writes a line every 10 s where stderr is no terminal', () => {
    const terminal = fakeTerminal()
    let time = 0
    const writer = progressWriter('auto', terminal, () => time)
    for (time = 0; time < 25_000; time += 1000) writer.report(progress)
    writer.finish()
    expect(terminal.written.talk).toBe(`${progressLine(progress)}\n`.repeat(2))
  })
  it('rewrites one line on a terminal and clears it at the end', () => {
    const terminal = fakeTerminal(true)
    let time = 0
    const writer = progressWriter('auto', terminal, () => time)
    for (time = 0; time < 1000; time += 10) writer.report(progress)
    writer.finish()
    expect(terminal.written.talk).not.toContain('\n')
    expect(terminal.written.talk.split('\r')).toHaveLength(1 + 10 + 1)
    expect(terminal.written.talk.endsWith('\r\u001b[2K')).toBe(true)
  })
  it('plain never rewrites, not even on a terminal', () => {
    const terminal = fakeTerminal(true)
    let time = 0
    const writer = progressWriter('plain', terminal, () => time)
    time = 20_000
    writer.report(progress)
    expect(terminal.written.talk).toBe(`${progressLine(progress)}\n`)
  })
  it('json writes each report as a line', () => {
    const terminal = fakeTerminal()
    const writer = progressWriter('json', terminal)
    writer.report(progress)
    writer.report(progress)
    const lines = terminal.written.talk.trimEnd().split('\n')
    expect(lines.map((line) => JSON.parse(line))).toEqual([{ progress }, { progress }])
  })
  it('none is silent, and nobody writes to stdout', () => {
    const terminal = fakeTerminal(true)
    const writer = progressWriter('none', terminal)
    writer.report(progress)
    writer.finish()
    expect(terminal.written).toEqual({ data: '', talk: '' })
  })
})

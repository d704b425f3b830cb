import { describe, expect, it } from 'vitest'
import { type Progress, progressLine, progressWriter, stageLine } from '../../../src/cli/progress.js'
import { stageTracker } from '../../../src/cli/stage-progress.js'
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

describe('stageLine', () => {
  /** Reports in order of arrival, as `[trial index, chain, phase, iteration of 100, divergences]`. */
  const stageAfter = (...reports: (readonly [number, number, Progress['phase'], number, number?])[]) => {
    const track = stageTracker()
    const states = reports.map(([trialIndex, chain, phase, iteration, divergences = 0]) =>
      track({ ...progress, trialIndex, chain, phase, iteration, divergences, total: 100 }),
    )
    return states[states.length - 1]
  }
  const three = stageAfter(
    [0, 3, 'warmup', 100, 7],
    [0, 3, 'sampling', 100, 1],
    [1, 0, 'warmup', 40],
    [2, 1, 'warmup', 100],
    [1, 0, 'sampling', 60, 2],
  )
  it('says which trials are at work, how many chains run, the share of all work, and divergences after warmup', () => {
    // (1 + 0.5 + 0.3 + 0.5) of 40 chains
    expect(stageLine(three, 12.4)).toBe('trials 2 to 3 of 10, 2 chains running, 5%, 3 divergences, 12 s')
  })
  it('fits a terminal of 80 columns with 44 trials on 16 threads for an hour', () => {
    const running = Array.from({ length: 16 }, (_, chain) => ({ ...progress, trialIndex: 30 + (chain >> 2), trialCount: 44 }))
    const line = stageLine({ ...three, running, fraction: 0.68, divergences: 0 }, 3600)
    expect(line).toBe('trials 31 to 34 of 44, 16 chains running, 68%, 0 divergences, 3600 s')
    expect(line.length).toBeLessThan(80)
  })
  it('is whole when every chain of the stage is', () => {
    const chains = [0, 1, 2, 3].map((chain) => [0, chain, 'sampling', 100] as const)
    const track = stageTracker()
    const { study, trialIndex, trialCount, ...second } = progress
    const states = chains.map(([, chain, phase, iteration]) =>
      track({ ...second, stage: 'second', chain, phase, iteration, total: 100, divergences: 0 }),
    )
    expect(stageLine(states[2], 1)).toBe('pooling, 0 chains running, 75%, 0 divergences, 1 s')
    expect(states[3]).toMatchObject({ fraction: 1, running: [] })
  })
  it('starts anew with the second stage', () => {
    const track = stageTracker()
    track({ ...progress, divergences: 5 })
    expect(track({ ...progress, stage: 'second', phase: 'sampling', divergences: 0 })).toMatchObject({ divergences: 0 })
  })
})

describe('progressWriter', () => {
  it('writes the line of the stage once several chains run at a time, and stays with it', () => {
    const terminal = fakeTerminal(true)
    let time = 0
    const writer = progressWriter('auto', terminal, () => time)
    const lines = [progress, { ...progress, chain: 3 }, { ...progress, phase: 'sampling', iteration: 2000 } as const].map(
      (one) => {
        time += 1000
        writer.report(one)
        return terminal.written.talk.split('\u001b[2K').pop()
      },
    )
    expect(lines).toEqual([
      progressLine(progress),
      'trial 2 of 10, 2 chains running, 0%, 0 divergences, 2 s',
      'trial 2 of 10, 1 chain running, 2%, 1 divergence, 3 s',
    ])
  })
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

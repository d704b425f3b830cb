import { describe, expect, it } from 'vitest'
import { progressWriter } from '../../../src/cli/progress.js'
import { approximationLine, chainLine, duration, standingLine, standingLines } from '../../../src/cli/progress-text.js'
import { type ChainStanding, type RunStanding, runTracker } from '../../../src/cli/stage-progress.js'
import type { TwoStageProgress } from '../../../src/stages/stage-input.js'
import { fakeTerminal } from './fake-terminal.js'

const progress: TwoStageProgress = {
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
  gradientCount: 3000,
  stepSize: 0.4123,
  secondsElapsed: 12.4,
}
const begin = { event: 'begin', trialCount: 10, chainCount: 4, transitionCount: 3000 } as const
const approximation = {
  event: 'approximation',
  phase: 'approximation',
  study: 'ACT-2',
  trialIndex: 4,
  algorithm: 'pathfinder',
  step: 'climb',
  iteration: 12,
  evidenceBound: -123.45,
  gradientCount: 2310,
  secondsElapsed: 1.5,
} as const
const chainOf = (changes: Partial<ChainStanding> = {}): ChainStanding => ({ ...progress, speed: 1240.4, ...changes })
const standing: RunStanding = {
  stage: 'first',
  running: [chainOf(), chainOf({ trialIndex: 3, study: 'B', chain: 0 })],
  approximating: [],
  trialCount: 10,
  fraction: 0.249,
  divergences: 3,
  seconds: 12.4,
  secondsLeft: 160.2,
}

describe('the lines of progress', () => {
  it('say which trials are at work, the share of all work, divergences, and time gone and left', () => {
    expect(standingLine(standing)).toBe('trials 2 to 4 of 10, 24% of the run, 3 divergences, 0:12, about 2:40 left')
    const { secondsLeft: _, ...rest } = standing
    expect(standingLine({ ...rest, secondsLeft: undefined, running: [] })).toBe(
      'between trials, 24% of the run, 3 divergences, 0:12',
    )
    expect(standingLine({ ...standing, stage: 'second', divergences: 1 })).toMatch(/^pooling, .* 1 divergence,/)
  })
  it('say of each chain its trial, phase, iteration, iterations per second, step size and divergences, in columns', () => {
    expect(chainLine(chainOf())).toBe('  ACT-1 chain 3  warmup    450/2000   1240/s  step 0.41  1 divergent')
    expect(chainLine(chainOf({ phase: 'sampling', iteration: 2000, speed: 3.14, divergences: 0 }))).toBe(
      '  ACT-1 chain 3  sampling 2000/2000    3.1/s  step 0.41',
    )
    expect(chainLine(chainOf({ speed: undefined, divergences: 0 }))).toBe(
      '  ACT-1 chain 3  warmup    450/2000           step 0.41',
    )
  })
  it('say of each approximation its trial, algorithm, step, iteration, bound and gradients', () => {
    expect(approximationLine(approximation)).toBe('  ACT-2 pathfinder  climb         12  bound -123.5  2310 gradients')
    const { evidenceBound: _, ...weighting } = { ...approximation, step: 'weighting' as const, iteration: 70, total: 4000 }
    expect(approximationLine(weighting)).toBe('  ACT-2 pathfinder  weighting   70/4000  2310 gradients')
    expect(standingLines({ ...standing, approximating: [approximation], running: [] })).toEqual([
      expect.stringMatching(/^trial 5 of 10, 24% of the run/),
      approximationLine(approximation),
    ])
  })
  it('fit a terminal of 80 columns and 10 rows with long names and 16 threads for a day', () => {
    const running = Array.from({ length: 16 }, (_, chain) =>
      chainOf({ chain, study: 'A trial with a very long name', iteration: 100_000, total: 100_000, divergences: 100_000 }),
    )
    const lines = standingLines({ ...standing, running, seconds: 86_400, secondsLeft: 86_400 })
    expect(lines).toHaveLength(9)
    expect(lines.at(-1)).toBe('  and 9 more chains')
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(80)
  })
  it('write times as clocks do', () => {
    expect([0, 9.6, 75, 3723].map(duration)).toEqual(['0:00', '0:10', '1:15', '1:02:03'])
  })
})

describe('runTracker', () => {
  const trackerAt = () => {
    let time = 0
    const tracker = runTracker(() => time)
    tracker.event({ ...begin, transitionCount: 100 })
    const report = (at: number, changes: Partial<TwoStageProgress>) => {
      time = at
      return tracker.report({ ...progress, trialIndex: 0, total: 40, ...changes })
    }
    return { tracker, report }
  }
  it('counts transitions of the whole run, both stages: warmup, and sampling after it', () => {
    const { tracker, report } = trackerAt()
    report(1000, { chain: 0, phase: 'warmup', iteration: 20 })
    expect(tracker.standing().fraction).toBeCloseTo(20 / (11 * 4 * 100))
    report(2000, { chain: 0, phase: 'sampling', iteration: 30, total: 60 })
    expect(tracker.standing().fraction).toBeCloseTo(70 / (11 * 4 * 100))
    report(3000, { chain: 0, phase: 'sampling', iteration: 60, total: 60, divergences: 2 })
    expect(tracker.standing()).toMatchObject({ running: [], divergences: 2 })
    tracker.event({ event: 'pooling-begin' })
    expect(tracker.standing()).toMatchObject({ stage: 'second', divergences: 0, fraction: 100 / 4400 })
    const outcome = { diagnosis: 'passed', gradientCount: 1, seconds: 1 } as const
    tracker.event({ event: 'pooling-end', ...outcome })
    tracker.event({ event: 'trial-end', study: 'without chains', trialIndex: 3, ...outcome })
    expect(tracker.standing().fraction).toBeCloseTo(900 / 4400)
  })
  it('tells the speed of each chain of late', () => {
    const { report } = trackerAt()
    expect(report(0, { iteration: 10 }).speed).toBeUndefined()
    expect(report(1000, { iteration: 30 }).speed).toBe(20)
    expect(report(1100, { iteration: 31 }).speed).toBe(20)
    expect(report(3000, { iteration: 40 }).speed).toBe(5)
  })
  it('tells the time left from what has been done since the run was resumed', () => {
    const { tracker, report } = trackerAt()
    const place = { stage: 'first', trialIndex: 0, subject: '', name: '', bytes: 1, phase: 'sampling' } as const
    for (const chain of [0, 1, 2])
      tracker.event({ event: 'checkpoint-resumed', ...place, chain, iteration: 60, transitions: 100 })
    expect(tracker.standing().secondsLeft).toBeUndefined()
    report(10_000, { chain: 3, phase: 'sampling', iteration: 60, total: 60 })
    // 100 of 4400 transitions took 10 s; 4000 are left.
    expect(tracker.standing().secondsLeft).toBeCloseTo(400)
  })
})

describe('progressWriter', () => {
  /** A writer with a clock, on a terminal or not. */
  function open(kind: Parameters<typeof progressWriter>[0], isInteractive: boolean) {
    const terminal = fakeTerminal(isInteractive)
    const clock = { time: 0 }
    const writer = progressWriter(kind, terminal, () => clock.time)
    writer.event(begin)
    return { terminal, clock, writer }
  }
  const outcome = { diagnosis: 'passed', gradientCount: 1, seconds: 1 } as const
  const fallback = { event: 'fallback', study: 'ACT-2', trialIndex: 4, algorithm: 'pathfinder', reason: 'k-hat 0.9' } as const
  it('shows an approximation on a terminal until its trial ends, without a guess of the time left', () => {
    const { terminal, clock, writer } = open('auto', true)
    clock.time = 1000
    writer.event(approximation)
    expect(terminal.written.talk).toContain(approximationLine(approximation))
    expect(terminal.written.talk).not.toContain('left')
    writer.event({ event: 'trial-end', study: 'ACT-2', trialIndex: 4, ...outcome, gradientCount: 5, seconds: 2 })
    clock.time = 2000
    writer.report(progress)
    expect(terminal.written.talk.split('\u001b[J').at(-1)).not.toContain('pathfinder')
  })
  it('writes a line now and then about an approximation where there is no terminal, and a note when it gives way to NUTS', () => {
    const { terminal, clock, writer } = open('plain', false)
    clock.time = 5000
    writer.event(approximation)
    expect(terminal.written.talk).toBe('')
    clock.time = 11_000
    writer.event(approximation)
    writer.event({ ...fallback, gradientCount: 5, seconds: 2 })
    expect(terminal.written.talk).toBe(
      'trial 5 of 10, 0% of the run, 0 divergences, 0:11\npoolite: trial ACT-2: the approximation by pathfinder failed (k-hat 0.9); it is sampled by NUTS instead\n',
    )
  })
  it('writes JSON about an approximation once a second, and about its failure', () => {
    const { terminal, clock, writer } = open('json', false)
    clock.time = 2000
    writer.event(approximation)
    clock.time = 2500
    writer.event(approximation)
    writer.event({ ...fallback, paretoK: 0.9, gradientCount: 5, seconds: 2 })
    const lines = terminal.written.talk
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.slice(1)).toEqual([
      {
        schema: 1,
        event: 'approximation',
        study: 'ACT-2',
        trial: 5,
        phase: 'approximation',
        algorithm: 'pathfinder',
        step: 'climb',
        iteration: 12,
        total: null,
        evidenceBound: -123.45,
        gradientCount: 2310,
        fitSeconds: 1.5,
        fraction: 0,
        seconds: 2,
      },
      {
        schema: 1,
        event: 'fallback',
        study: 'ACT-2',
        trial: 5,
        algorithm: 'pathfinder',
        reason: 'k-hat 0.9',
        paretoK: 0.9,
        seconds: 2.5,
      },
    ])
  })
  it('rewrites a block of lines on a terminal and clears it at the end', () => {
    const { terminal, clock, writer } = open('auto', true)
    for (clock.time = 0; clock.time < 1000; clock.time += 10) {
      writer.report(progress)
      writer.report({ ...progress, chain: 3 })
    }
    writer.finish()
    const { talk } = terminal.written
    // Each rewriting begins with a return and a deletion to the end of the screen; the first needs none, the end does.
    expect(talk.split('\u001b[J')).toHaveLength(1 + 9 + 1)
    expect(talk).toContain('\r\u001b[2A\u001b[J')
    expect(talk.endsWith('\u001b[J')).toBe(true)
  })
  it('puts sentences on lines of their own', () => {
    const { terminal, clock, writer } = open('auto', true)
    clock.time = 1000
    writer.report(progress)
    writer.note('warning', 'the disk is slow')
    expect(terminal.written.talk.endsWith('\r\u001b[1A\u001b[Jpoolite: warning: the disk is slow\n')).toBe(true)
  })
  it.each([
    ['auto', false],
    ['plain', true],
  ] as const)('%s writes a line every 10 s and never rewrites, interactive: %s', (kind, isInteractive) => {
    const { terminal, clock, writer } = open(kind, isInteractive)
    for (clock.time = 0; clock.time < 25_000; clock.time += 1000) writer.report(progress)
    writer.finish()
    expect(terminal.written.talk.trimEnd().split('\n')).toHaveLength(2)
    expect(terminal.written.talk).not.toContain('\u001b')
  })
  it('json writes lines of schema 1: events, a line a second for each chain, and the end of each phase', () => {
    const { terminal, clock, writer } = open('json', true)
    for (clock.time = 0; clock.time < 2500; clock.time += 50) writer.report(progress)
    writer.report({ ...progress, iteration: 2000 })
    writer.event({ event: 'trial-end', study: 'ACT-1', trialIndex: 1, diagnosis: 'passed', gradientCount: 9, seconds: 1 })
    writer.note('warning', 'beware')
    const lines = terminal.written.talk
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(lines.map(({ schema, event }) => `${schema} ${event}`)).toEqual([
      '1 begin',
      ...new Array(4).fill('1 chain'),
      '1 trial-end',
      '1 warning',
    ])
    expect(lines[0]).toEqual({ schema: 1, event: 'begin', trials: 10, chains: 4, transitions: 3000, seconds: 0 })
    expect(lines[1]).toEqual({
      schema: 1,
      event: 'chain',
      stage: 'first',
      study: 'ACT-1',
      trial: 2,
      chain: 3,
      phase: 'warmup',
      iteration: 450,
      total: 2000,
      divergences: 1,
      stepSize: 0.4123,
      iterationsPerSecond: null,
      fraction: 450 / (11 * 4 * 3000),
      secondsLeft: null,
      seconds: 0,
    })
    expect(lines[5]).toMatchObject({ study: 'ACT-1', trial: 2, diagnosis: 'passed', gradientCount: 9, fitSeconds: 1 })
    expect(lines[6]).toMatchObject({ message: 'beware' })
  })
  it('none is silent but for what the reader must know, and nobody writes to stdout', () => {
    const { terminal, writer } = open('none', true)
    writer.report(progress)
    writer.finish()
    expect(terminal.written).toEqual({ data: '', talk: '' })
    writer.event({ event: 'checkpoint-damaged', stage: 'second', subject: 's', chain: 0, name: 'a', message: 'a: damaged' })
    expect(terminal.written).toEqual({ data: '', talk: 'poolite: warning: a: damaged\n' })
  })
})

import { type StageProgress, stageTracker } from './stage-progress.js'
import type { Terminal } from './terminal.js'

/** Where a two-stage analysis stands. */
export interface Progress {
  readonly stage: 'first' | 'second'
  readonly study?: string
  /** 0-based. */
  readonly trialIndex?: number
  readonly trialCount?: number
  /** 0-based. */
  readonly chain: number
  readonly chainCount: number
  readonly phase: 'warmup' | 'sampling'
  /** Of `total` in this phase. */
  readonly iteration: number
  readonly total: number
  readonly divergences: number
  readonly secondsElapsed: number
}

export type ProgressKind = 'auto' | 'plain' | 'json' | 'none'

export interface ProgressWriter {
  report(progress: Progress): void
  /** Ends the line that is being rewritten. */
  finish(): void
}

const secondsBetweenLines = 10
const millisecondsBetweenRewrites = 100

/**
 * Writes progress to stderr: one line rewritten in place on a terminal, otherwise a line every 10 s, or every report as one line of JSON.
 * @param now milliseconds of a clock.
 */
export function progressWriter(kind: ProgressKind, terminal: Terminal, now: () => number = Date.now): ProgressWriter {
  if (kind === 'none') return { report: () => {}, finish: () => {} }
  if (kind === 'json') return { report: (progress) => terminal.talk(`${JSON.stringify({ progress })}\n`), finish: () => {} }
  return kind === 'auto' && terminal.isInteractive ? rewrittenLine(terminal, now) : occasionalLines(terminal, now)
}

function rewrittenLine(terminal: Terminal, now: () => number): ProgressWriter {
  const lineFor = lineWriter(now)
  let last = Number.NEGATIVE_INFINITY
  return {
    report: (progress) => {
      const line = lineFor(progress)
      if (now() - last < millisecondsBetweenRewrites && progress.iteration < progress.total) return
      last = now()
      terminal.talk(`\r\u001b[2K${line}`)
    },
    finish: () => terminal.talk('\r\u001b[2K'),
  }
}

function occasionalLines(terminal: Terminal, now: () => number): ProgressWriter {
  const lineFor = lineWriter(now)
  let last = now()
  return {
    report: (progress) => {
      const line = lineFor(progress)
      if (now() - last < secondsBetweenLines * 1000) return
      last = now()
      terminal.talk(`${line}\n`)
    },
    finish: () => {},
  }
}

/** The line of the one chain that runs; from the first moment at which several do, the line of the stage. */
function lineWriter(now: () => number): (progress: Progress) => string {
  const track = stageTracker()
  const start = now()
  let hasSeveral = false
  return (progress) => {
    const stage = track(progress)
    hasSeveral ||= stage.running.length > 1
    return hasSeveral ? stageLine(stage, (now() - start) / 1000) : progressLine(progress)
  }
}

/** `trials 2 to 4 of 10, 2 chains running, 24%, 0 divergences, 12 s` */
export function stageLine({ stage, running, fraction, divergences }: StageProgress, seconds: number): string {
  const chains = `${running.length} ${running.length === 1 ? 'chain' : 'chains'} running`
  const what = stage === 'second' ? 'pooling' : trialsText(running)
  return `${what}, ${chains}, ${Math.floor(100 * fraction)}%, ${divergencesText(divergences)}, ${seconds.toFixed(0)} s`
}

function trialsText(running: readonly Progress[]): string {
  const numbers = running.map(({ trialIndex = 0 }) => trialIndex + 1)
  if (numbers.length === 0) return 'between trials'
  const [first, last] = [Math.min(...numbers), Math.max(...numbers)]
  return `${first === last ? `trial ${first}` : `trials ${first} to ${last}`} of ${running[0].trialCount}`
}

/** `trial 2 of 10 (ACT-1), chain 3 of 4, warmup 450 of 2000, 0 divergences, 12 s` */
export function progressLine(progress: Progress): string {
  const { stage, study, trialIndex, trialCount, chain, chainCount, phase, iteration, total, divergences, secondsElapsed } =
    progress
  const what =
    stage === 'second' ? 'pooling' : `trial ${(trialIndex ?? 0) + 1} of ${trialCount}${study === undefined ? '' : ` (${study})`}`
  const where = `chain ${chain + 1} of ${chainCount}, ${phase} ${iteration} of ${total}`
  return `${what}, ${where}, ${divergencesText(divergences)}, ${secondsElapsed.toFixed(0)} s`
}

function divergencesText(count: number): string {
  return `${count} ${count === 1 ? 'divergence' : 'divergences'}`
}

import type { TwoStageEvent, TwoStageProgress } from '../stages/stage-input.js'
import { chainFields, eventFields, progressSchema } from './progress-json.js'
import { standingLine, standingLines } from './progress-text.js'
import { type RunTracker, runTracker } from './stage-progress.js'
import type { Terminal } from './terminal.js'

export type ProgressKind = 'auto' | 'plain' | 'json' | 'none'

export interface ProgressWriter {
  report(progress: TwoStageProgress): void
  event(event: TwoStageEvent): void
  /** A sentence for the reader, on lines of its own. */
  note(kind: 'note' | 'warning', message: string): void
  /** Clears what is being rewritten. */
  finish(): void
}

const secondsBetweenLines = 10
const millisecondsBetweenRewrites = 100
const millisecondsBetweenJson = 1000

/**
 * Writes progress to stderr. On a terminal: a line of the run and one for each running chain, rewritten in place; otherwise a line of the run every
 * 10 s; or lines of JSON (see `progress-json.ts`).
 * @param now milliseconds of a clock.
 */
export function progressWriter(kind: ProgressKind, terminal: Terminal, now: () => number = Date.now): ProgressWriter {
  const tracker = runTracker(now)
  if (kind === 'json') return jsonLines(tracker, terminal, now)
  const writer = textWriter(kind, tracker, terminal, now)
  return {
    ...writer,
    event: (event) => {
      tracker.event(event)
      if (event.event === 'approximation') writer.refresh()
      if (event.event === 'fallback') writer.note('note', fallbackText(event))
      if (event.event === 'checkpoint-damaged') writer.note('warning', event.message)
    },
  }
}

function textWriter(kind: ProgressKind, tracker: RunTracker, terminal: Terminal, now: () => number): TextWriter {
  if (kind === 'none') return { report: () => {}, refresh: () => {}, note: plainNote(terminal), finish: () => {} }
  const isRewritten = kind === 'auto' && terminal.isInteractive
  return isRewritten ? rewrittenLines(tracker, terminal, now) : occasionalLines(tracker, terminal, now)
}

/** `refresh` shows how things stand, if it is time to. */
type TextWriter = Omit<ProgressWriter, 'event'> & { refresh(): void }

function fallbackText({ study, algorithm, reason }: Extract<TwoStageEvent, { event: 'fallback' }>): string {
  return `trial ${study}: the approximation by ${algorithm} failed (${reason}); it is sampled by NUTS instead`
}

const plainNote =
  ({ talk }: Terminal): ProgressWriter['note'] =>
  (kind, message) =>
    talk(kind === 'warning' ? `poolite: warning: ${message}\n` : `poolite: ${message}\n`)

function rewrittenLines(tracker: RunTracker, terminal: Terminal, now: () => number): TextWriter {
  let last = Number.NEGATIVE_INFINITY
  let lineCount = 0
  const finish = () => {
    if (lineCount > 0) terminal.talk(`\r${lineCount > 1 ? `\u001b[${lineCount - 1}A` : ''}\u001b[J`)
    lineCount = 0
  }
  const refresh = () => {
    if (now() - last < millisecondsBetweenRewrites) return
    last = now()
    const lines = standingLines(tracker.standing())
    finish()
    terminal.talk(lines.join('\n'))
    lineCount = lines.length
  }
  return {
    refresh,
    report: (progress) => {
      tracker.report(progress)
      refresh()
    },
    note: (kind, message) => {
      finish()
      plainNote(terminal)(kind, message)
    },
    finish,
  }
}

function occasionalLines(tracker: RunTracker, terminal: Terminal, now: () => number): TextWriter {
  let last = now()
  const refresh = () => {
    if (now() - last < secondsBetweenLines * 1000) return
    last = now()
    terminal.talk(`${standingLine(tracker.standing())}\n`)
  }
  return {
    refresh,
    report: (progress) => {
      tracker.report(progress)
      refresh()
    },
    note: plainNote(terminal),
    finish: () => {},
  }
}

function jsonLines(tracker: RunTracker, { talk }: Terminal, now: () => number): ProgressWriter {
  const start = now()
  const written = new Map<string, number>()
  const write = (fields: object) =>
    talk(`${JSON.stringify({ schema: progressSchema, ...fields, seconds: (now() - start) / 1000 })}\n`)
  return {
    report: (progress) => {
      const chain = tracker.report(progress)
      const key = `${progress.stage}/${progress.trialIndex}/${progress.chain}`
      const isDue = now() - (written.get(key) ?? Number.NEGATIVE_INFINITY) >= millisecondsBetweenJson
      if (!isDue && progress.iteration < progress.total) return
      written.set(key, now())
      write(chainFields(chain, tracker.standing()))
    },
    event: (event) => {
      tracker.event(event)
      if (event.event !== 'approximation') return write(eventFields(event))
      const key = `approximation/${event.trialIndex}`
      if (now() - (written.get(key) ?? Number.NEGATIVE_INFINITY) < millisecondsBetweenJson) return
      written.set(key, now())
      write({ ...eventFields(event), fraction: tracker.standing().fraction })
    },
    note: (kind, message) => write({ event: kind, message }),
    finish: () => {},
  }
}

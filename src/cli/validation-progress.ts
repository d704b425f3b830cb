import type { ValidationEvent } from '../cross-validation/validate.js'
import type { TwoStageProgress } from '../stages/stage-input.js'
import { duration } from './progress-text.js'
import type { Terminal } from './terminal.js'

const secondsBetweenLines = 10
const millisecondsBetweenRewrites = 100

export interface ValidationProgress {
  event(event: ValidationEvent): void
  /** Of a chain at work: shows that a fit that takes minutes goes on. */
  chain(progress: TwoStageProgress): void
  note(message: string): void
  finish(): void
}

/** Progress of a validation on stderr: on a terminal one line that is rewritten, otherwise one every 10 s, or every event (not the progress of chains) as a line of JSON. @param now milliseconds */
export function validationProgress(
  kind: 'auto' | 'plain' | 'json' | 'none',
  terminal: Terminal,
  now: () => number = Date.now,
): ValidationProgress {
  const start = now()
  let plan = { fitCount: 0, poolingCount: 0 }
  let last = start
  let current: ValidationEvent | undefined
  const isRewritten = kind === 'auto' && terminal.isInteractive
  const finish = () => {
    if (isRewritten) terminal.talk('\r\u001b[K')
  }
  const write = (text: () => string) => {
    if (kind === 'none' || now() - last < (isRewritten ? millisecondsBetweenRewrites : 1000 * secondsBetweenLines)) return
    last = now()
    terminal.talk(isRewritten ? `\r\u001b[K${text()}` : `${text()}\n`)
  }
  const elapsed = () => (now() - start) / 1000
  return {
    event(event) {
      if (event.event === 'begin') plan = event
      current = event
      if (kind === 'json') {
        terminal.talk(`${JSON.stringify({ schema: 1, ...event, seconds: elapsed() })}\n`)
        return
      }
      if ('reason' in event && event.reason !== undefined) {
        finish()
        const what = event.event === 'fitted' ? `trial ${event.study} by ${event.model}` : `pooling by ${event.candidate}`
        terminal.talk(`poolite: warning: ${what} failed: ${event.reason}\n`)
      }
      write(() => lineOf(event, plan, elapsed()))
    },
    chain(progress) {
      if (kind !== 'json' && current) write(() => `${lineOf(current!, plan, elapsed())}; ${chainText(progress)}`)
    },
    note(message) {
      finish()
      terminal.talk(`poolite: ${message}\n`)
    },
    finish,
  }
}

function lineOf(event: ValidationEvent, plan: { fitCount: number; poolingCount: number }, seconds: number): string {
  const time = duration(seconds)
  if (event.event === 'begin') return `${plan.fitCount} fits of trials, ${plan.poolingCount} poolings, ${time}`
  return event.event === 'fitted'
    ? `fitting trials ${event.done} of ${plan.fitCount}, ${event.model}, ${time}`
    : `pooling ${event.done} of ${plan.poolingCount}, ${event.candidate}, ${time}`
}

function chainText({ study, chain, chainCount, phase, iteration, total }: TwoStageProgress): string {
  const where = study === undefined ? 'pooling' : `trial "${study}"`
  return `${where}, chain ${chain + 1} of ${chainCount}, ${phase} ${Math.floor((100 * iteration) / total)}%`
}

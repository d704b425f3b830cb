import type { ValidationEvent } from '../cross-validation/validate.js'
import { duration } from './progress-text.js'
import type { Terminal } from './terminal.js'

const secondsBetweenLines = 10
const millisecondsBetweenRewrites = 100

export interface ValidationProgress {
  event(event: ValidationEvent): void
  note(message: string): void
  finish(): void
}

/** Progress of a validation on stderr: on a terminal one line that is rewritten, otherwise one every 10 s, or every event as a line of JSON. @param now milliseconds */
export function validationProgress(
  kind: 'auto' | 'plain' | 'json' | 'none',
  terminal: Terminal,
  now: () => number = Date.now,
): ValidationProgress {
  const start = now()
  let plan = { fitCount: 0, poolingCount: 0 }
  let last = start
  const isRewritten = kind === 'auto' && terminal.isInteractive
  const finish = () => {
    if (isRewritten) terminal.talk('\r\u001b[K')
  }
  return {
    event(event) {
      if (event.event === 'begin') plan = event
      if (kind === 'json') {
        terminal.talk(`${JSON.stringify({ schema: 1, ...event, seconds: (now() - start) / 1000 })}\n`)
        return
      }
      if ('reason' in event && event.reason !== undefined) {
        finish()
        const what = event.event === 'fitted' ? `trial ${event.study} by ${event.model}` : `pooling by ${event.candidate}`
        terminal.talk(`poolite: warning: ${what} failed: ${event.reason}\n`)
      }
      if (kind === 'none' || now() - last < (isRewritten ? millisecondsBetweenRewrites : 1000 * secondsBetweenLines)) return
      last = now()
      const line = lineOf(event, plan, (now() - start) / 1000)
      terminal.talk(isRewritten ? `\r\u001b[K${line}` : `${line}\n`)
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

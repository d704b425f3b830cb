import { afterEach, describe, expect, it, vi } from 'vitest'
import { reportFailure } from '../../../src/cli/failure.js'
import { Interruption, interruptible } from '../../../src/cli/interruption.js'
import { DataError } from '../../../src/errors/data-error.js'
import { fakeTerminal } from './fake-terminal.js'

afterEach(() => vi.unstubAllEnvs())

function report(error: unknown, isJson = false) {
  const terminal = fakeTerminal()
  reportFailure(error, terminal, isJson)
  return { status: terminal.exitStatus, ...terminal.written }
}

const stackLine = /\n\s+at /

describe('reportFailure', () => {
  const error = new DataError({ problem: 'not a number', remedy: 'Correct it.', file: 'trials.csv', row: 3, column: 'age' })

  it('gives the sentence of an error thrown on purpose, without a stack trace, and its exit status', () => {
    vi.stubEnv('POOLITE_DEBUG', '1')
    expect(report(error)).toEqual({
      status: 3,
      data: '',
      talk: 'poolite: trials.csv, row 3, column "age": not a number. Correct it.\n',
    })
  })
  it('adds one JSON object on stdout when asked for', () => {
    expect(JSON.parse(report(error, true).data)).toEqual({ error: { code: 'data', ...error.details } })
  })
  it('calls anything else a bug and shows where only with POOLITE_DEBUG=1', () => {
    vi.stubEnv('POOLITE_DEBUG', '')
    const quiet = report(new TypeError('x is undefined'))
    expect(quiet.status).toBe(1)
    expect(quiet.talk).toMatch(/TypeError: x is undefined.*bug in poolite \d+\.\d+\.\d+/)
    expect(quiet.talk).not.toMatch(stackLine)
    vi.stubEnv('POOLITE_DEBUG', '1')
    expect(report(new TypeError('x is undefined')).talk).toMatch(stackLine)
  })
  it('ends an interruption with 130', () => {
    expect(report(new Interruption())).toEqual({ status: 130, data: '', talk: 'poolite: interrupted; nothing was written\n' })
  })
})

describe('interruptible', () => {
  const listeners = () => process.listenerCount('SIGINT')

  it('passes results and errors on and leaves no listener', async () => {
    const before = listeners()
    expect(await interruptible(async () => 1)).toBe(1)
    await expect(
      interruptible(async () => {
        throw new TypeError('x')
      }),
    ).rejects.toThrow(TypeError)
    expect(listeners()).toBe(before)
  })
  it('aborts the signal and rejects at once, even when the work does not heed it', async () => {
    let seen: AbortSignal | undefined
    const work = interruptible((signal) => {
      seen = signal
      return new Promise(() => {})
    })
    process.emit('SIGINT')
    await expect(work).rejects.toThrow(Interruption)
    expect(seen?.aborted).toBe(true)
  })
  it('turns what the aborted work throws into an interruption', async () => {
    const work = interruptible(
      (signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted')))),
    )
    process.emit('SIGTERM')
    await expect(work).rejects.toThrow(Interruption)
  })

  describe('when the work saves', () => {
    const saved = 'interrupted; all is saved'

    it('waits for it, says so, and gives the interruption as the reason of the signal', async () => {
      let [isSaved, saidCount] = [false, 0]
      const work = interruptible(
        (signal) =>
          new Promise((_, reject) => {
            signal.addEventListener('abort', () => {
              setTimeout(() => {
                isSaved = true
                reject(signal.reason)
              }, 20)
            })
          }),
        { saved, onSaving: () => saidCount++ },
      )
      process.emit('SIGINT')
      await expect(work).rejects.toThrow(new Interruption(saved))
      expect([isSaved, saidCount]).toEqual([true, 1])
    })
    it('passes on what went wrong while saving', async () => {
      const full = new DataError({ problem: 'the disk is full', remedy: 'Free some.' })
      const work = interruptible((signal) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(full))), {
        saved,
      })
      process.emit('SIGINT')
      await expect(work).rejects.toBe(full)
    })
    it('ends the process with 130 at the second signal, whatever the work does', async () => {
      const statuses: number[] = []
      let end = (_: unknown) => {}
      const never = new Promise<unknown>((resolve) => {
        end = resolve
      })
      const work = interruptible(() => never, { saved, exit: (status) => statuses.push(status) })
      process.emit('SIGINT')
      expect(statuses).toEqual([])
      process.emit('SIGTERM')
      expect(statuses).toEqual([130])
      end(1)
      expect(await work).toBe(1)
      expect(process.listenerCount('SIGTERM')).toBe(0)
    })
  })
})

import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { RunError } from '../errors/run-error.js'
import type { StudyOutcome } from '../study/replicate.js'
import type { StudyTask } from '../study/study-task.js'
import type { StudyReply } from './study-worker.js'

/** Processes that may die with one data set before its methods count as failed. */
const LIVES = 2

export interface StudyWork {
  readonly tasks: readonly StudyTask[]
  readonly workers: number
  readonly signal: AbortSignal
  onDone(task: StudyTask, outcomes: readonly StudyOutcome[]): void
  /** A process died with this data set; it is tried again, or its methods have failed. */
  onDeath(task: StudyTask, cause: string): readonly StudyOutcome[]
}

/**
 * Carries out data sets, each in one of so many child processes, which die with this one. Those under way are lost when the signal comes.
 * @throws RunError when a data set cannot be carried out at all; the signal's reason.
 */
export async function runInProcesses({ tasks, workers, signal, onDone, onDeath }: StudyWork): Promise<void> {
  const left = tasks.map((task) => ({ task, lives: LIVES })).reverse()
  const children = new Set<ChildProcess>()
  const stop = () => {
    for (const child of children) child.kill('SIGKILL')
  }
  signal.addEventListener('abort', stop, { once: true })
  const work = async (): Promise<void> => {
    let child = startChild()
    children.add(child)
    try {
      for (let job = left.pop(); job && !signal.aborted; job = left.pop()) {
        const { task } = job
        const reply = await answerOf(child, task)
        signal.throwIfAborted()
        if ('outcomes' in reply) onDone(task, reply.outcomes)
        else if ('failure' in reply) throw unexpected(task, reply.failure)
        else {
          job.lives--
          if (job.lives > 0) left.push(job)
          else onDone(task, onDeath(task, reply.death))
          children.delete(child)
          child = startChild()
          children.add(child)
        }
      }
    } finally {
      children.delete(child)
      if (child.connected) child.disconnect()
      child.kill()
    }
  }
  try {
    await Promise.all(Array.from({ length: Math.min(workers, tasks.length) }, work))
  } catch (error) {
    stop()
    throw error
  } finally {
    signal.removeEventListener('abort', stop)
  }
  signal.throwIfAborted()
}

/** The entry beside this file, from source as well. */
function startChild(): ChildProcess {
  const isSource = import.meta.url.endsWith('.ts')
  const entry = fileURLToPath(new URL(isSource ? './study-worker.ts' : './study-worker.js', import.meta.url))
  return fork(entry, [], {
    execArgv: isSource ? ['--import', import.meta.resolve('tsx')] : [],
    serialization: 'advanced',
  })
}

function answerOf(child: ChildProcess, task: StudyTask): Promise<StudyReply | { readonly death: string }> {
  return new Promise((resolve) => {
    const settle = (reply: StudyReply | { readonly death: string }) => {
      child.off('message', onMessage)
      child.off('exit', onExit)
      child.off('error', onError)
      resolve(reply)
    }
    const onMessage = (reply: unknown) => settle(reply as StudyReply)
    const onExit = (status: number | null, signal: string | null) =>
      settle({ death: signal ? `it was ended by ${signal}` : `exit status ${status}` })
    const onError = (error: Error) => settle({ death: error.message })
    child.on('message', onMessage)
    child.on('exit', onExit)
    child.on('error', onError)
    if (child.exitCode !== null || child.signalCode !== null || !child.connected) onExit(child.exitCode, child.signalCode)
    else child.send(task)
  })
}

function unexpected({ scenario, replicate }: StudyTask, failure: string): RunError {
  return new RunError({
    problem: `data set ${replicate} of ${scenario} could not be carried out`,
    reason: failure,
    remedy: 'What was done is kept. This is a bug in poolite: please report it.',
  })
}

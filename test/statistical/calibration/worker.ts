/**
 * A process that carries out the replicates that its parent sends it, one at a time: compiling takes most of the time and has one
 * thread a process.
 */
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { CalibrationRecord } from '../../../diagnostics/predictive/calibration/calibration-test.js'
import { planCalibration, type RunReplicate } from '../../../src/criticism/calibration-replicate.js'
import { algorithms } from './algorithms.js'
import { findSubject } from './cases.js'

/** What a process calibrates. */
export interface WorkerTask {
  readonly model: string
  readonly algorithm: string
  readonly seed: number
  readonly rankedDraws: number
}

type Answer = { readonly record: CalibrationRecord } | { readonly error: string }

/** A function that carries out one replicate of what the names say. */
export async function replicateRunner({ model, algorithm, seed, rankedDraws }: WorkerTask): Promise<RunReplicate> {
  return planCalibration(await findSubject(model), { seed, rankedDraws, algorithm: algorithms[algorithm] })
}

/** Carries out the replicates of a queue on a process of its own until the queue is empty. */
export function driveWorker(task: WorkerTask, queue: number[], keep: (record: CalibrationRecord) => void): Promise<void> {
  const child = fork(fileURLToPath(import.meta.url), [JSON.stringify(task)])
  return new Promise((resolve, reject) => {
    const next = () => {
      const replicate = queue.shift()
      if (replicate === undefined) child.disconnect()
      else child.send(replicate)
    }
    child.on('message', (answer: Answer) => {
      if ('error' in answer) {
        child.disconnect()
        reject(new Error(answer.error))
        return
      }
      keep(answer.record)
      next()
    })
    child.on('error', reject)
    child.on('exit', (status, signal) =>
      status === 0 ? resolve() : reject(new Error(`a worker process ended with ${signal ?? status}`)),
    )
    next()
  })
}

function listen(task: WorkerTask): void {
  const run = replicateRunner(task)
  process.on('message', async (replicate: number) => {
    const answer = await run
      .then((runReplicate) => runReplicate(replicate))
      .then((record): Answer => ({ record }))
      .catch((error: unknown): Answer => ({ error: String(error) }))
    process.send?.(answer)
  })
}

if (process.send && process.argv[1] === fileURLToPath(import.meta.url)) listen(JSON.parse(process.argv[2]) as WorkerTask)

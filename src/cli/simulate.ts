/** `poolite simulate`: carries out a simulation study, or a share of one, and keeps every result at once. */
import { availableParallelism } from 'node:os'
import { catalog } from '../catalog.js'
import { didYouMean } from '../data/nearest-name.js'
import { programCache } from '../engine/program-cache.js'
import { UsageError } from '../errors/usage-error.js'
import { type AnyFamily, scenarioFamily } from '../simulation/families.js'
import { runReplicate, type StudyOutcome } from '../study/replicate.js'
import { chooseMethods } from '../study/study-methods.js'
import type { StudyKey } from '../study/study-record.js'
import { dataSetsOf, parseShare, type StudySettings, type StudyShare, type StudyTask } from '../study/study-task.js'
import { version } from '../version.js'
import { interruptible } from './interruption.js'
import { summariseFolder } from './simulate-summary.js'
import { openStudyStore, type StudyStore, studyIdentity } from './study-folder.js'
import { runInProcesses } from './study-workers.js'
import type { Terminal } from './terminal.js'

export interface SimulateOptions extends StudySettings {
  readonly design: string
  /** Parts of names; all scenarios when left out. */
  readonly scenarios?: readonly string[]
  readonly replicates: number
  readonly methods: readonly string[]
  readonly out: string
  readonly workers?: number
  readonly task?: string
  readonly tasks?: number
  readonly resume?: boolean
  readonly quiet?: boolean
  readonly json?: boolean
}

export async function simulate(options: SimulateOptions, terminal: Terminal): Promise<void> {
  const { design, replicates, methods: names, out, seed, people, bootstrap, chains, warmup, draws, validated } = options
  const settings: StudySettings = {
    ...{ seed, people, bootstrap, chains, warmup, draws },
    ...(validated !== undefined && { validated }),
  }
  const methods = chooseMethods(names).map(({ name }) => name)
  const scenarios = chooseScenarios(scenarioFamily(design), options.scenarios)
  const share = shareOf(options, process.env)
  const store = openStudyStore(out, studyIdentity(design, settings), share, options.resume === true)
  const all = dataSetsOf(scenarios, replicates, share).map((one): StudyTask => ({ ...one, design, methods, settings }))
  const tasks = all.flatMap((task) => remaining(task, store))
  const progress = progressOf(tasks.length, all.length, options.quiet === true, terminal)
  if (store.damagedCount > 0) terminal.talk(`poolite: ${store.damagedCount} damaged lines are left out and done again\n`)
  await interruptible((signal) => carryOut(tasks, options.workers ?? availableParallelism(), store, progress, signal), {
    saved: `interrupted; what was done is in ${out}. The same command with --resume goes on from there`,
  })
  progress.finish()
  if (share.count === 1) return summariseFolder(out, options, terminal)
  terminal.data(
    options.json
      ? `${JSON.stringify({ out, share, dataSets: all.length })}\n`
      : `Part ${share.index} of ${share.count} is done. When all are: poolite simulate merge ${out}\n`,
  )
}

async function carryOut(
  tasks: readonly StudyTask[],
  workers: number,
  store: StudyStore,
  progress: Progress,
  signal: AbortSignal,
): Promise<void> {
  const onDone = (_: StudyTask, outcomes: readonly StudyOutcome[]) => {
    store.append(outcomes)
    progress.done(outcomes)
  }
  if (workers > 0) return runInProcesses({ tasks, workers, signal, onDone, onDeath: failedBy })
  const tools = { catalog, cache: programCache() }
  for (const task of tasks) {
    onDone(task, await runReplicate(task, tools))
    // a moment for Ctrl-C
    await new Promise((resolve) => setImmediate(resolve))
    signal.throwIfAborted()
  }
}

/** Rows of methods that no process survived. */
function failedBy({ design, scenario, replicate, methods, settings }: StudyTask, cause: string): StudyOutcome[] {
  return methods.map((method) => {
    const key: StudyKey = { design, scenario, replicate, method, seed: settings.seed, version }
    const failure = `the process died with this data set more than once: ${cause}`
    return { record: { ...key, failure }, timing: { ...key, firstStageSeconds: 0, secondStageSeconds: 0 } }
  })
}

/** The task with the methods that have no record yet; nothing when there are none. */
function remaining(task: StudyTask, store: StudyStore): [StudyTask] | [] {
  const { design, scenario, replicate, settings } = task
  const methods = task.methods.filter(
    (method) => !store.has({ design, scenario, replicate, method, seed: settings.seed, version }),
  )
  return methods.length === 0 ? [] : [{ ...task, methods }]
}

/** @throws UsageError for a part of a name that no scenario has. */
export function chooseScenarios({ scenarios, name }: AnyFamily, parts?: readonly string[]): string[] {
  const ids = scenarios.map(({ id }) => id)
  for (const part of parts ?? [])
    if (!ids.some((id) => id.includes(part)))
      throw new UsageError({
        problem: `no scenario of ${name} has "${part}" in its name`,
        remedy: `${didYouMean(part, ids)} Scenarios: ${ids.join(', ')}.`.trim(),
      })
  return ids.filter((id) => parts?.some((part) => id === part || id.includes(part)) ?? true)
}

type Environment = Readonly<Record<string, string | undefined>>

/**
 * The share from --task, or from the variables of a Slurm array or a Kubernetes indexed job.
 * @throws UsageError for a share that is none, or an index without a count.
 */
export function shareOf({ task, tasks }: Pick<SimulateOptions, 'task' | 'tasks'>, environment: Environment): StudyShare {
  if (task !== undefined) return parseShare(task)
  const { SLURM_ARRAY_TASK_ID, SLURM_ARRAY_TASK_MIN = '1', SLURM_ARRAY_TASK_COUNT, JOB_COMPLETION_INDEX } = environment
  const count = tasks ?? (SLURM_ARRAY_TASK_ID === undefined ? undefined : Number(SLURM_ARRAY_TASK_COUNT))
  if (SLURM_ARRAY_TASK_ID !== undefined)
    return parseShare(`${Number(SLURM_ARRAY_TASK_ID) - Number(SLURM_ARRAY_TASK_MIN) + 1}/${count}`)
  if (JOB_COMPLETION_INDEX === undefined) return { index: 1, count: 1 }
  if (count !== undefined) return parseShare(`${Number(JOB_COMPLETION_INDEX) + 1}/${count}`)
  throw new UsageError({
    problem: 'JOB_COMPLETION_INDEX says which task this is, but not of how many',
    remedy: 'Give --tasks with the number of completions of the job.',
  })
}

interface Progress {
  done(outcomes: readonly StudyOutcome[]): void
  finish(): void
}

const SECONDS_BETWEEN_LINES = 10

function progressOf(total: number, all: number, isQuiet: boolean, { talk, isInteractive }: Terminal): Progress {
  const start = performance.now()
  let [count, failures, last] = [0, 0, start]
  const say = (text: string) => {
    if (!isQuiet) talk(text)
  }
  if (total < all) say(`poolite: ${all - total} of ${all} data sets are done already\n`)
  return {
    done(outcomes) {
      count++
      failures += outcomes.filter(({ record }) => record.failure !== undefined).length
      const now = performance.now()
      if (!isInteractive && count < total && now - last < 1000 * SECONDS_BETWEEN_LINES) return
      last = now
      const minutes = ((now - start) / 60_000 / count) * (total - count)
      const line = `data set ${count} of ${total}, ${failures} failures, about ${minutes < 1 ? 'a minute' : `${Math.ceil(minutes)} minutes`} left`
      say(isInteractive ? `\r\u001b[K${line}` : `${line}\n`)
    },
    finish: () => say(isInteractive && count > 0 ? '\r\u001b[K' : ''),
  }
}

/** `poolite simulate submit`: writes the job script of a study as a Slurm array, one share a task, and submits it. A task that was killed goes on when the array is submitted again. */
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { RunError } from '../errors/run-error.js'
import { UsageError } from '../errors/usage-error.js'
import { scenarioFamily } from '../simulation/families.js'
import { chooseMethods } from '../study/study-methods.js'
import { chooseScenarios, type SimulateOptions } from './simulate.js'
import { writeStudyFile } from './study-folder.js'
import type { Terminal } from './terminal.js'
import { writing } from './write-output.js'

export interface SubmitOptions extends SimulateOptions {
  readonly engine: 'slurm'
  readonly tasks: number
  /** Options of sbatch, such as `--time=04:00:00`. */
  readonly sbatch?: readonly string[]
  readonly dryRun?: boolean
}

const SCRIPT = 'submit.sh'

export function submit(options: SubmitOptions, terminal: Terminal): void {
  const { out, dryRun, json } = options
  chooseScenarios(scenarioFamily(options.design), options.scenarios)
  chooseMethods(options.methods)
  const folder = resolve(out)
  if (!dryRun) requireSbatch()
  writing(folder, () => mkdirSync(join(folder, 'logs'), { recursive: true }))
  writeStudyFile(folder, SCRIPT, jobScript({ ...options, out: folder }, thisProgram(), process.cwd()))
  const script = join(folder, SCRIPT)
  const job = dryRun ? undefined : sbatch(script)
  if (json) terminal.data(`${JSON.stringify({ script, ...(job && { job }) })}\n`)
  else
    terminal.data(
      `${job ? `Job ${job} is submitted` : 'Nothing is submitted'}: ${script}\nWhen all tasks have ended: poolite simulate summary ${out}\n`,
    )
}

/**
 * @param program words that run poolite
 * @param place folder in which to run it
 */
export function jobScript(options: SubmitOptions, program: readonly string[], place: string): string {
  const { out, tasks, sbatch: given = [] } = options
  const words = [...program, 'simulate', ...studyWords(options), '--workers', '0', '--resume']
  return [
    '#!/bin/sh',
    '#SBATCH --job-name=poolite-study',
    `#SBATCH --array=1-${tasks}`,
    '#SBATCH --ntasks=1',
    '#SBATCH --cpus-per-task=1',
    `#SBATCH --output=${out}/logs/task-%a.txt`,
    '#SBATCH --open-mode=append',
    ...given.map((option) => `#SBATCH ${option}`),
    'set -eu',
    `cd ${quoted(place)}`,
    `exec ${words.map(quoted).join(' ')}`,
    '',
  ].join('\n')
}

function studyWords({ design, scenarios, methods, replicates, out, ...rest }: SubmitOptions): string[] {
  const { seed, people, bootstrap, chains, warmup, draws, validated } = rest
  const numbers = Object.entries({
    replicates,
    seed,
    people,
    bootstrap,
    chains,
    warmup,
    draws,
    ...(validated !== undefined && { validated }),
  })
  return [
    ...['--design', design],
    ...(scenarios ? ['--scenarios', scenarios.join()] : []),
    ...['--methods', methods.join(), '--out', out],
    ...numbers.flatMap(([name, value]) => [`--${name}`, String(value)]),
  ]
}

const thisProgram = (): string[] => [process.execPath, ...process.execArgv, resolve(process.argv[1])]

/** As one word of a shell. */
const quoted = (word: string): string => `'${word.replaceAll("'", "'\\''")}'`

function requireSbatch(): void {
  const folders = (process.env.PATH ?? '').split(':')
  if (folders.some((folder) => existsSync(join(folder, 'sbatch')))) return
  throw new UsageError({
    problem: 'there is no command sbatch',
    reason: 'this machine is not one that jobs of a Slurm cluster are submitted from',
    remedy: 'Run this on a login node of the cluster, or write the script only with --dry-run.',
  })
}

/** @returns the number of the job */
function sbatch(script: string): string {
  try {
    return execFileSync('sbatch', ['--parsable', script], { encoding: 'utf8' }).trim().split(';')[0]
  } catch (error) {
    throw new RunError({
      file: script,
      problem: 'sbatch refused the job',
      reason: String((error as { stderr?: unknown }).stderr ?? error).trim(),
      remedy: 'Give what the cluster asks for with --sbatch, such as --sbatch=--time=04:00:00 --sbatch=--partition=long.',
    })
  }
}

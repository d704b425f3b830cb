import { spawn } from 'node:child_process'
import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, it } from 'vitest'
import { type SimulateOptions, shareOf, simulate } from '../../src/cli/simulate.js'
import { mergeFolder } from '../../src/cli/simulate-summary.js'
import { UsageError } from '../../src/errors/usage-error.js'
import { fakeTerminal } from '../unit/cli/fake-terminal.js'

const root = fileURLToPath(new URL('../..', import.meta.url))
const place = mkdtempSync(join(tmpdir(), 'poolite-study-'))
afterAll(() => rmSync(place, { recursive: true, force: true }))

/** Milliseconds for tests that start processes from source, on a machine with other work. */
const PATIENCE = 240_000

/** Three data sets and two methods without a sampler. */
const base: SimulateOptions = {
  design: 'mainetti',
  scenarios: ['linear-small-trials-small-modification-0.2'],
  replicates: 3,
  methods: ['ols/fixed', 'ols/auxiliary'],
  out: '',
  workers: 0,
  seed: 1,
  people: 20,
  bootstrap: 10,
  chains: 1,
  warmup: 50,
  draws: 50,
  quiet: true,
}
const run = async (name: string, options: Partial<SimulateOptions> = {}) => {
  const out = join(place, name)
  await simulate({ ...base, out, ...options }, fakeTerminal())
  return out
}
const recordsOf = (folder: string) => readFileSync(join(folder, 'records.jsonl'), 'utf8')
const partOf = (folder: string) => join(folder, 'parts', 'records-1-of-1.jsonl')

let whole: Promise<string> | undefined
/** The study by one process, without interruption. */
const reference = async () => {
  whole ??= run('whole')
  return recordsOf(await whole)
}

describe('poolite simulate', () => {
  it('writes a record for every method and data set, tables, findings and figures', async () => {
    const lines = (await reference()).trim().split('\n')
    expect(lines).toHaveLength(3 * 2)
    expect(lines.every((line) => JSON.parse(line).measures.absoluteError > 0)).toBe(true)
    for (const name of ['summary.txt', 'summary.json', 'findings.json', 'figures.html', 'timings.jsonl'])
      expect(existsSync(join(place, 'whole', name))).toBe(true)
  })

  it('gives the same bytes in three tasks that are merged, whatever their order', async () => {
    for (const task of ['3/3', '1/3', '2/3']) await run('tasks', { task })
    const tasks = join(place, 'tasks')
    expect(readdirSync(join(tasks, 'parts')).filter((name) => name.startsWith('records'))).toHaveLength(3)
    mergeFolder(tasks, {}, fakeTerminal())
    expect(recordsOf(tasks)).toBe(await reference())
  })

  it(
    'gives the same bytes in two processes, with posteriors that are sampled by programs kept from one data set to the next',
    async () => {
      const sampled = { methods: ['bayes-linear/hierarchical'], replicates: 2 }
      const here = await run('sampled', sampled)
      expect(recordsOf(await run('processes', { ...sampled, workers: 2 }))).toBe(recordsOf(here))
    },
    PATIENCE,
  )

  it('gives other numbers for another seed (negative control)', async () => {
    const other = recordsOf(await run('seed', { seed: 2, methods: ['ols/fixed'] }))
    expect(other.replaceAll('"seed":2', '"seed":1')).not.toBe(
      (await reference())
        .split('\n')
        .filter((line) => line.includes('ols/fixed'))
        .join('\n'),
    )
  })

  it('leaves trials out in turn in as many data sets as are to be validated, and changes nothing else', async () => {
    const records = (text: string) =>
      text
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line))
    const all = records(await reference())
    const some = records(recordsOf(await run('validated', { validated: 1 })))
    expect(all.every(({ validationLoss }) => Number.isFinite(validationLoss))).toBe(true)
    expect(some).toEqual(all.map(({ validationLoss, ...rest }) => (rest.replicate < 1 ? { ...rest, validationLoss } : rest)))
  })

  it('goes on where half a line was left, and where a line is damaged, counting nothing twice', async () => {
    const folder = await run('cut')
    const part = partOf(folder)
    const text = readFileSync(part, 'utf8')
    truncateSync(part, text.length - 100)
    await run('cut', { resume: true })
    expect(recordsOf(folder)).toBe(await reference())
    writeFileSync(part, text.replace('"absoluteError":', '"absoluteError":9'))
    appendFileSync(part, text.slice(0, 50))
    await run('cut', { resume: true })
    expect(recordsOf(folder)).toBe(await reference())
  })

  it('adds methods and data sets to a study', async () => {
    await run('grown', { methods: ['ols/fixed'], replicates: 2 })
    expect(recordsOf(await run('grown', { resume: true }))).toBe(await reference())
  })

  it('refuses a folder that is in use, and one of another study', async () => {
    await run('used', { replicates: 1, methods: ['ols/fixed'] })
    await expect(run('used', { replicates: 1, methods: ['ols/fixed'] })).rejects.toThrow(/--resume/)
    await expect(run('used', { seed: 9, resume: true })).rejects.toThrow(/another study/)
    await expect(run('scenario', { scenarios: ['no-such-thing'] })).rejects.toThrow(UsageError)
  })

  it('a failing method is a row with its reason, and the others go on', async () => {
    const folder = await run('failing', {
      design: 'missing-covariate',
      scenarios: ['5-trials-10-covariates-0.1'],
      replicates: 1,
      methods: ['bayes-linear/hierarchical', 'ols/auxiliary'],
    })
    const records = recordsOf(folder)
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(records).toMatchObject([
      { method: 'ols/auxiliary', measures: { absoluteError: expect.any(Number) } },
      { method: 'bayes-linear/hierarchical', failure: expect.stringMatching(/have different coefficients/) },
    ])
  })

  it(
    'survives kill -9: the same command with --resume gives the same bytes',
    async () => {
      const folder = join(place, 'killed')
      const words = ['--scenarios', base.scenarios!.join(), '--replicates', '3', '--methods', base.methods.join()]
      const settings = ['--people', '20', '--bootstrap', '10', '--chains', '1', '--warmup', '50', '--draws', '50']
      const child = spawn(
        process.execPath,
        ['--import', 'tsx', 'src/cli/main.ts', 'simulate', ...words, ...settings, '--out', folder, '--workers', '1', '--quiet'],
        { cwd: root, stdio: 'ignore' },
      )
      const ended = new Promise((resolve) => child.on('exit', resolve))
      const part = partOf(folder)
      const isDone = () => existsSync(part) && readFileSync(part, 'utf8').split('\n').length > 2
      while (child.exitCode === null && !isDone()) await new Promise((resolve) => setTimeout(resolve, 5))
      child.kill('SIGKILL')
      await ended
      const saved = readFileSync(part, 'utf8').split('\n').length - 1
      await run('killed', { resume: true })
      expect(saved).toBeGreaterThanOrEqual(2)
      expect(recordsOf(folder)).toBe(await reference())
      expect(readFileSync(part, 'utf8').split('\n').length - 1).toBe(6)
    },
    PATIENCE,
  )
})

describe('the share of a task', () => {
  const of = (environment: Record<string, string>, tasks?: number) => shareOf(tasks === undefined ? {} : { tasks }, environment)

  it('is the whole without a scheduler, and what --task says with one', () => {
    expect(of({})).toEqual({ index: 1, count: 1 })
    expect(shareOf({ task: '2/5' }, { SLURM_ARRAY_TASK_ID: '1', SLURM_ARRAY_TASK_COUNT: '9' })).toEqual({ index: 2, count: 5 })
  })

  it('comes from a Slurm array, wherever its numbers begin', () => {
    const slurm = { SLURM_ARRAY_TASK_ID: '5', SLURM_ARRAY_TASK_MIN: '3', SLURM_ARRAY_TASK_COUNT: '4' }
    expect(of(slurm)).toEqual({ index: 3, count: 4 })
  })

  it('comes from an indexed job with --tasks, and is refused without', () => {
    expect(of({ JOB_COMPLETION_INDEX: '0' }, 4)).toEqual({ index: 1, count: 4 })
    expect(() => of({ JOB_COMPLETION_INDEX: '0' })).toThrow(UsageError)
  })
})

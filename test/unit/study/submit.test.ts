import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { runCommandLine } from '../../../src/cli/command-line.js'
import { jobScript, type SubmitOptions, submit } from '../../../src/cli/simulate-submit.js'
import { UsageError } from '../../../src/errors/usage-error.js'
import { usualSettings } from '../../../src/study/study-task.js'
import { fakeTerminal } from '../cli/fake-terminal.js'

const place = mkdtempSync(join(tmpdir(), 'poolite-submit-'))
afterAll(() => rmSync(place, { recursive: true, force: true }))

const options: SubmitOptions = {
  ...usualSettings,
  design: 'mainetti',
  replicates: 7,
  methods: ['ols/fixed'],
  out: place,
  engine: 'slurm',
  tasks: 4,
  dryRun: true,
}

describe('the job script', () => {
  it('is an array of as many tasks as there are shares, each of which goes on where it was', () => {
    const script = jobScript({ ...options, sbatch: ['--time=01:00:00'] }, ['node', 'main.js'], '.')
    expect(script).toMatch(/^#!\/bin\/sh\n/)
    expect(script).toContain('#SBATCH --array=1-4\n')
    expect(script).toContain('#SBATCH --time=01:00:00\n')
    expect(script).toContain("'--replicates' '7'")
    expect(script.trimEnd().endsWith("'--resume'")).toBe(true)
  })

  it('passes words with spaces and quotes on as they are', () => {
    const words = ['/bin/echo', "it's", 'a b', '$HOME']
    const script = jobScript({ ...options, methods: [] }, words, place)
    const printed = execFileSync('sh', ['-c', script], { encoding: 'utf8' })
    expect(printed.startsWith("it's a b $HOME simulate --design mainetti")).toBe(true)
  })
})

describe('poolite simulate submit', () => {
  it('with --dry-run writes the script and says that nothing is submitted', async () => {
    const terminal = fakeTerminal()
    await runCommandLine(['simulate', 'submit', '--tasks', '3', '--replicates', '2', '--out', place, '--dry-run'], terminal)
    expect(terminal.written.talk).toBe('')
    expect(terminal.written.data).toContain('Nothing is submitted')
    const script = readFileSync(join(place, 'submit.sh'), 'utf8')
    expect(script).toContain('--array=1-3')
    expect(script).toContain("'--replicates' '2'")
  })

  it('refuses a design, a scenario and a method that there are not before anything is written', () => {
    for (const wrong of [{ design: 'none' }, { scenarios: ['none'] }, { methods: ['ols/none'] }])
      expect(() => submit({ ...options, ...wrong }, fakeTerminal())).toThrow(UsageError)
  })
})

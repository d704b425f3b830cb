import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { runCommandLine } from '../../../src/cli/command-line.js'
import { openOutputFolder } from '../../../src/cli/output-folder.js'
import { manifestText, runFiles } from '../../../src/cli/run-files.js'
import { writing } from '../../../src/cli/write-output.js'
import type { Analysis } from '../../../src/contract/analysis.js'
import { fromArviz } from '../../../src/draws/from-arviz.js'
import { fromCmdStan } from '../../../src/draws/from-cmdstan.js'
import { fromTable } from '../../../src/draws/from-table.js'
import { RunError } from '../../../src/errors/run-error.js'
import { protocolText } from '../../end-to-end/small-trials.js'
import { fakeTerminal } from './fake-terminal.js'
import { smallAnalysis } from './small-analysis.js'

let analysis: Analysis
let parent: string
let run: string
beforeAll(async () => {
  analysis = await smallAnalysis(['Smith, 2004', 'B', 'C'])
})
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'poolite-draws-'))
  run = join(parent, 'run')
  const files = runFiles(analysis, protocolText())
  const folder = openOutputFolder(run, false)
  for (const { path, text } of files) folder.write(path, text)
  folder.write('manifest.json', manifestText(analysis, files))
  folder.complete()
  folder.discard()
  return () => rmSync(parent, { recursive: true, force: true })
})

async function poolite(...words: string[]) {
  const terminal = fakeTerminal()
  await runCommandLine(words, terminal)
  return { ...terminal.written, status: terminal.exitStatus }
}

const textsIn = (folder: string) =>
  readdirSync(folder)
    .sort()
    .map((name) => ({ name, text: readFileSync(join(folder, name), 'utf8') }))

describe('export', () => {
  it('of the pooled fit as CmdStan CSV gives back its draws, dimensions and sampler', async () => {
    const out = join(parent, 'out')
    const { data, status } = await poolite('export', run, '--format', 'cmdstan', '--out', out)
    expect([status, data]).toEqual([0, `${join(out, 'pooled-1.csv')}\n${join(out, 'pooled-2.csv')}\n`])
    const read = fromCmdStan(textsIn(out))
    expect(read.draws.variables.map(({ values }) => values)).toEqual(analysis.pooled.draws.variables.map(({ values }) => values))
    expect(read.draws.variables.find(({ name }) => name === 'theta')?.dimensions[0].labels).toEqual(['Smith, 2004', 'B', 'C'])
    expect(read.sampler!.variables.map(({ name }) => name).sort()).toEqual(['energy', 'log_density'])
  })
  it('of the first stage holds every trial, or the one that is named', async () => {
    await poolite('export', run, '--stage', 'first', '--format', 'posterior', '--out', join(parent, 'all'))
    expect(readdirSync(join(parent, 'all'))).toHaveLength(6)
    const named = ['--stage', 'first', '--study', 'Smith, 2004', '--format', 'arviz']
    await poolite('export', run, ...named, '--out', join(parent, 'one'))
    const [{ name, text }] = textsIn(join(parent, 'one'))
    expect(name).toBe('Smith_2004.json')
    expect(fromArviz(text, name).draws.variables[0].values).toEqual(analysis.trialFits[0].fit.draws.variables[0].values)
  })
  it('converts files of draws: CmdStan to ArviZ to a table', async () => {
    const [a, b, c] = ['a', 'b', 'c'].map((name) => join(parent, name))
    await poolite('export', run, '--format', 'cmdstan', '--out', a)
    await poolite('export', ...readdirSync(a).map((name) => join(a, name)), '--format', 'arviz', '--out', b)
    await poolite('export', join(b, 'pooled.json'), '--format', 'posterior', '--out', c)
    const [table, sampler] = ['pooled.csv', 'pooled-sampler.csv'].map((name) =>
      fromTable(readFileSync(join(c, name), 'utf8'), name),
    )
    expect(table.variables[0].values).toEqual(analysis.pooled.draws.variables[0].values)
    expect(sampler.drawCount).toBe(analysis.pooled.draws.drawCount)
  })
  it('never writes over anything, and leaves nothing behind when it fails', async () => {
    const failed = await poolite('export', run, '--format', 'arviz', '--out', run, '--json')
    expect(failed.status).toBe(2)
    expect(JSON.parse(failed.data).error.problem).toMatch(/earlier run/)
    expect(readdirSync(parent)).toEqual(['run'])
  })
})

describe('summarise', () => {
  it('prints the columns of posterior and the diagnosis of a run', async () => {
    const { data } = await poolite('summarise', run)
    expect(data).toMatch(/^pooled: 2 chains of 50 draws\n\nvariable +mean +median/)
    expect(data).toMatch(/mu\[treatment\]/)
  })
  it('gives a file of draws the summary that its run has', async () => {
    const file = join(run, 'draws', 'pooled.csv')
    const { data } = await poolite('summarise', file, '--sampler', join(run, 'sampler', 'pooled.csv'), '--json')
    const [fit] = JSON.parse(data).fits
    expect(fit).toMatchObject({ name: 'pooled', chainCount: 2, drawCount: 50, status: analysis.pooled.diagnosis.status })
    expect(fit.summary[0].mean).toBe(analysis.pooled.diagnosis.summary[0].mean)
  })
  it('judges one chain of three draws and constants as far as that goes', async () => {
    const file = join(parent, 'x.csv')
    writeFileSync(file, '.chain,.iteration,.draw,a,b\n1,1,1,1,2\n1,2,2,3,2\n1,3,3,2,2\n')
    const { data, status } = await poolite('summarise', file)
    expect(status).toBe(0)
    expect(data).toMatch(/a +2\.00 +2\.00 +1\.00 .* -/)
  })
  it('with --strict exits with 4 when a check fails', async () => {
    const file = join(parent, 'x.csv')
    writeFileSync(file, 'a\n1\nnan\n')
    expect(await poolite('summarise', file, '--strict')).toMatchObject({
      status: 4,
      talk: expect.stringMatching(/diagnostics failed: x/),
    })
  })
  it('refuses an unfinished chain, and with --unfinished uses what there is', async () => {
    const files = ['a.csv', 'b.csv'].map((name) => join(parent, name))
    writeFileSync(files[0], '# num_samples = 3\nmu\n1\n2\n3\n')
    writeFileSync(files[1], '# num_samples = 3\nmu\n1.5\n2\n2.')
    expect(await poolite('summarise', ...files)).toMatchObject({
      status: 3,
      talk: expect.stringMatching(/b\.csv, row 5: .*middle of a draw/),
    })
    expect((await poolite('summarise', ...files, '--unfinished')).data).toMatch(/2 chains of 2 draws/)
  })
})

describe('plot', () => {
  it('draws the least effective quantities as an image that stands alone', async () => {
    const out = join(parent, 'trace.svg')
    const { data, talk } = await poolite('plot', run, '--kind', 'trace', '--out', out, '--theme', 'dark')
    expect([data, talk]).toEqual([`${out}\n`, expect.stringMatching(/12 quantities/)])
    expect(readFileSync(out, 'utf8').match(/<svg x=/g)).toHaveLength(12)
  })
  it('shows the quantities asked for, in the order of the draws, and their numbers on a page', async () => {
    const out = join(parent, 'rank.html')
    const words = ['--variables', 'theta[B,treatment],mu', '--json']
    const { data } = await poolite('plot', run, '--kind', 'rank', '--out', out, ...words)
    const { quantities } = JSON.parse(data)
    expect(quantities).toEqual(['mu[treatment]', 'mu[treatment:age]', 'mu[treatment:female]', 'theta[B,treatment]'])
    expect(readFileSync(out, 'utf8').match(/<table>/g)).toHaveLength(4)
  })
  it('compares with prior draws from a file', async () => {
    const out = join(parent, 'prior.svg')
    const prior = join(run, 'draws', 'pooled.csv')
    expect(
      (await poolite('plot', run, '--kind', 'prior-posterior', '--prior', prior, '--variables', 'mu', '--out', out)).status,
    ).toBe(0)
    expect(existsSync(out)).toBe(true)
  })
  it.each([
    [['--kind', 'trace', '--out', 'x.jpg'], /ends in "\.jpg"/],
    [['--kind', 'trace', '--out', 'x.svg', '--profile', 'old'], /--profile does not go with --kind trace/],
    [['--kind', 'trace', '--out', 'x.pdf'], /"\.pdf"/],
    [['--kind', 'trace', '--out', 'x.svg', '--variables', 'muu'], /no "muu".*Did you mean "mu"/],
    [['--kind', 'trace', '--out', 'x.svg', '--stage', 'first'], /no trial was named.*Smith/],
    [['--kind', 'trace', '--out', 'x.svg', '--stage', 'first', '--study', 'D'], /no trial "D".*Smith, 2004, B, C/],
    [['--kind', 'trace', '--out', 'x.svg', '--study', 'B'], /--study goes with the first stage/],
    [['--kind', 'trace', '--out', 'x.svg', '--unfinished'], /--unfinished does not go with the folder of a run/],
    [['--kind', 'trace', '--out', 'x.svg', '--width', '10'], /240/],
    [['--kind', 'pairs', '--out', 'x.svg', '--variables', 'mu[treatment]'], /two quantities/],
  ])('refuses %j with status 2', async (words, message) => {
    const { status, talk } = await poolite(
      'plot',
      run,
      ...words.map((word) => (word.startsWith('x.') ? join(parent, word) : word)),
    )
    expect(talk).toMatch(message)
    expect(status).toBe(2)
    expect(readdirSync(parent)).toEqual(['run'])
  })
})

describe('sources', () => {
  it.each([
    ['no such file', ['nowhere.csv'], /there is no such file/],
    ['a folder among files', ['RUN', 'RUN/draws/pooled.csv'], /a folder was given among other sources/],
    ['two tables', ['RUN/draws/pooled.csv', 'RUN/sampler/pooled.csv'], /only CmdStan has one file for each chain/],
    ['a folder that is no run', ['RUN/draws'], /manifest\.json: there is no such file/],
    ['an option of runs with a file', ['RUN/draws/pooled.csv', '--stage', 'first'], /--stage does not go with files of draws/],
    ['sampler draws of another length', ['RUN/draws/pooled.csv', '--sampler', 'SHORT'], /1 x 1 rows and the draws are 2 x 50/],
  ])('refuse %s', async (_case, words, message) => {
    const short = join(parent, 'short.csv')
    writeFileSync(short, '.chain,.iteration,.draw,energy\n1,1,1,5\n')
    const { status, talk } = await poolite('summarise', ...words.map((word) => word.replace('RUN', run).replace('SHORT', short)))
    expect(talk).toMatch(message)
    expect(status).toBe(2)
  })
})

describe('writing', () => {
  const failing = (code: string) => () => {
    throw Object.assign(new Error(code), { code })
  }
  it('says what to do when the disk is full or refuses', () => {
    expect(() => writing('out.svg', failing('ENOSPC'))).toThrow(RunError)
    expect(() => writing('out.svg', failing('ENOSPC'))).toThrow(/out\.svg: .*the disk is full.*Free some space/)
    expect(() => writing('out.svg', failing('EACCES'))).toThrow(/may write/)
  })
  it('passes on what it does not know', () => {
    expect(() => writing('out.svg', failing('EWHATEVER'))).toThrow(/^EWHATEVER$/)
  })
})

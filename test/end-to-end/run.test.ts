import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { csvParse } from 'd3-dsv'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CommandResult, contentsOf, folderWith, poolite, removeFolder } from './command.js'
import { csvText, protocolText, smallTrials } from './small-trials.js'

let folder: string
let first: CommandResult
const analyse = (...words: string[]) => poolite(folder, 'run', 'trials.csv', '--protocol', 'protocol.yaml', ...words)
const read = (path: string) => readFileSync(join(folder, path), 'utf8')

beforeAll(() => {
  const files = { 'trials.csv': csvText(smallTrials()), 'protocol.yaml': protocolText() }
  folder = folderWith({ ...files, 'new.csv': 'id,age,female\nann,50,0\nbob,62,1\n' })
  first = analyse('--out', 'first', '--progress', 'json', '--json')
})
afterAll(() => removeFolder(folder))

describe('poolite run', () => {
  it('writes one JSON object to stdout, and talk and progress to stderr', () => {
    expect(first.status).toBe(0)
    const result = JSON.parse(first.stdout)
    expect(result.profileEffects[0].person.id).toBe('reference patient')
    expect(['passed', 'failed']).toContain(result.diagnosis.status)
    const events = first.stderr
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line))
    expect(events[0]).toMatchObject({ schema: 1, event: 'begin', trials: 3, chains: 2, transitions: 400 })
    const chains = events.filter(({ event }) => event === 'chain')
    // Both phases of both chains of 3 trials and of the second stage.
    expect(chains.filter(({ iteration, total }) => iteration === total)).toHaveLength(4 * 2 * 2)
    expect(chains.at(-1)).toMatchObject({ stage: 'second', fraction: 1, secondsLeft: 0 })
    expect(existsSync(join(folder, 'first.partial'))).toBe(false)
  })
  it('writes the files that the manifest names, and no others', () => {
    const manifest = JSON.parse(read('first/manifest.json'))
    for (const { path, bytes } of manifest.files) expect(Buffer.byteLength(read(`first/${path}`))).toBe(bytes)
    const written = contentsOf(join(folder, 'first')).filter((path) => /\.\w+$/.test(path))
    expect(written).toEqual([...manifest.files.map(({ path }: { path: string }) => path), 'manifest.json'].sort())
    expect(manifest.trials.map(({ study }: { study: string }) => study)).toEqual(['trial-1', 'trial-2', 'trial-3'])
    expect(csvParse(read('first/draws/pooled.csv'))).toHaveLength(2 * 200)
    expect(read('first/report.html')).toMatch(/^<!doctype html>/i)
  })
  it('names no path of this machine', () => {
    for (const path of ['report.html', 'manifest.json', 'effects.csv']) expect(read(`first/${path}`)).not.toContain(folder)
  })
  it('gives the same bytes for the same seed, in one thread or several, and others for another seed', () => {
    expect(analyse('--out', 'second', '--quiet', '--workers', '0').status).toBe(0)
    expect(analyse('--out', 'third', '--quiet', '--workers', '2', '--seed', '2').status).toBe(0)
    for (const path of ['draws/pooled.csv', 'effects.csv', 'coefficients.csv', 'summaries/trial-1.csv']) {
      expect(read(`second/${path}`)).toBe(read(`first/${path}`))
      expect(read(`third/${path}`)).not.toBe(read(`first/${path}`))
    }
    expect(read('third/protocol.yaml')).toContain('seed: 2')
    expect(JSON.parse(read('third/manifest.json')).seed).toBe(2)
  })
  it('refuses the folder of an earlier run and replaces it with --overwrite; --strict turns failed diagnostics into exit status 4', () => {
    const refused = analyse('--out', 'first', '--quiet')
    expect(refused.status).toBe(2)
    expect(refused.stderr).toMatch(/first: the folder holds an earlier run.*--overwrite/)
    // 4 draws cannot pass R-hat and ESS.
    const strict = analyse('--out', 'first', '--overwrite', '--quiet', '--strict', '--draws', '4')
    expect(strict.status).toBe(4)
    expect(strict.stderr).toMatch(/diagnostics failed: second stage/)
    expect(csvParse(read('first/draws/pooled.csv'))).toHaveLength(2 * 4)
  })
})

describe('poolite predict', () => {
  it('gives new patients an effect in a new setting, as CSV', () => {
    const { status, stdout } = poolite(folder, 'predict', 'second', 'new.csv')
    expect(status).toBe(0)
    const rows = csvParse(stdout)
    expect(rows.map(({ id, target }) => `${id} ${target}`)).toEqual(['ann new-setting', 'bob new-setting'])
    for (const row of rows) expect(Number(row.lower)).toBeLessThan(Number(row.upper))
  })
  it('agrees with the run about the reference patient', () => {
    const { stdout } = poolite(folder, 'predict', 'second', 'new.csv', '--target', 'average')
    const reported = csvParse(read('second/effects.csv')).find((row) => row.kind === 'profile' && row.target === 'average')
    expect(csvParse(stdout)[0].mean).toBe(reported?.mean)
  })
  it('refuses a trial that was not in the run', () => {
    const { status, stderr } = poolite(
      folder,
      'predict',
      'second',
      'new.csv',
      '--target',
      'existing-trial',
      '--study',
      'trial-9',
      '--out',
      'x.csv',
    )
    expect(status).toBe(2)
    expect(stderr).toMatch(/trial "trial-9".*trial-1, trial-2, trial-3/)
    expect(existsSync(join(folder, 'x.csv'))).toBe(false)
  })
})

describe('poolite init, check and run', () => {
  it('ask for the direction of benefit', () => {
    const { status, stderr } = poolite(folder, 'init', 'trials.csv', '--out', 'undirected.yaml')
    expect([status, stderr]).toEqual([0, expect.stringContaining('outcome.better')])
    const refused = poolite(folder, 'check', 'trials.csv', '--protocol', 'undirected.yaml')
    expect([refused.status, refused.stderr]).toEqual([3, expect.stringContaining('outcome.better is still to be confirmed')])
  })

  it('follow each other without an edit in between when it is given', () => {
    expect(poolite(folder, 'init', 'trials.csv', '--better', 'higher', '--out', 'draft.yaml').status).toBe(0)
    expect(poolite(folder, 'check', 'trials.csv', '--protocol', 'draft.yaml').status).toBe(0)
    const short = ['--chains', '2', '--warmup', '100', '--draws', '50', '--quiet']
    expect(poolite(folder, 'run', 'trials.csv', '--protocol', 'draft.yaml', '--out', 'drafted', ...short).status).toBe(0)
  })
})

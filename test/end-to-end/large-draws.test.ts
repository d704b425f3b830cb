import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { drawInteger } from '../../src/random/integer.js'
import { stream } from '../../src/random/stream.js'
import { contentsOf, folderWith, poolite, removeFolder } from './command.js'
import { csvText, protocolText, smallTrials } from './small-trials.js'

const script = fileURLToPath(new URL('large-fit.ts', import.meta.url))

/** Killed when it has said that it saved so often; its hash otherwise. */
function largeFit(folder: string, workers: number, killAfter = Number.POSITIVE_INFINITY): Promise<string> {
  const child = spawn(process.execPath, ['--import', import.meta.resolve('tsx'), script, folder, String(workers)])
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk) => {
    stdout += chunk
  })
  child.stderr.on('data', (chunk) => {
    stderr += chunk
    if (stderr.split('checkpoint-saved').length > killAfter) child.kill('SIGKILL')
  })
  return new Promise((resolve) => child.on('close', () => resolve(stdout.trim())))
}

describe('a large fit to files', () => {
  let folder: string
  beforeAll(() => {
    folder = folderWith({})
  })
  afterAll(() => removeFolder(folder))

  it('that was killed three times at random moments ends with the same draws', async () => {
    const whole = await largeFit(join(folder, 'whole'), 0)
    expect(whole).toMatch(/^[0-9a-f]{64}$/)
    const moments = stream(2, 'kills')
    const killed = join(folder, 'killed')
    for (const workers of [0, 2, 0]) expect(await largeFit(killed, workers, 1 + drawInteger(moments, 3))).toBe('')
    // A half-written file of a piece, as a killed process leaves it, is not taken for one.
    writeFileSync(join(killed, 'chain-2-draws-9.checkpoint.writing'), 'poolite-checkpoint 1 20')
    expect(await largeFit(killed, 0)).toBe(whole)
    const pieces = readdirSync(killed).filter((name) => /^chain-\d-draws-\d+\.checkpoint$/.test(name))
    expect(pieces.length).toBe(24)
  }, 120_000)
})

describe('poolite run with draws on disk', () => {
  let folder: string
  beforeAll(() => {
    const inference = '{ seed: 1, chains: 2, warmup: 100, draws: 60 }'
    folder = folderWith({ 'trials.csv': csvText(smallTrials()), 'protocol.yaml': protocolText({ inference }) })
    const words = ['run', 'trials.csv', '--protocol', 'protocol.yaml', '--quiet', '--workers', '0']
    expect(poolite(folder, ...words, '--out', 'memory').status).toBe(0)
    expect(poolite(folder, ...words, '--out', 'disk', '--draws-in-memory', '0').status).toBe(0)
  }, 120_000)
  afterAll(() => removeFolder(folder))
  const outOf = (...words: string[]) => {
    const { status, stdout, stderr } = poolite(folder, ...words)
    expect({ status, stderr }).toEqual({ status: 0, stderr: expect.not.stringContaining('error') })
    return stdout
  }
  /** What all files of a folder hold, by their paths. */
  const filesOf = (path: string) =>
    contentsOf(join(folder, path))
      .filter((name) => /\.\w+$/.test(name))
      .map((name) => [name, readFileSync(join(folder, path, name), 'latin1')])

  it('writes columns in place of tables, and nothing else is different', () => {
    const names = contentsOf(join(folder, 'disk'))
    expect(names).toEqual(
      contentsOf(join(folder, 'memory')).map((name) => name.replace(/^((?:draws|sampler)[/\\].*)\.csv$/, '$1.columns')),
    )
    const manifest = JSON.parse(readFileSync(join(folder, 'disk', 'manifest.json'), 'utf8'))
    expect(manifest.files).toContainEqual({ path: 'draws/pooled.columns', bytes: expect.any(Number) })
    expect(existsSync(join(folder, 'disk.partial'))).toBe(false)
    for (const file of ['effects.csv', 'coefficients.csv', 'summaries/pooled.csv', 'summaries/trial-1.csv'])
      expect(readFileSync(join(folder, 'disk', file), 'utf8')).toBe(readFileSync(join(folder, 'memory', file), 'utf8'))
  })

  it('is summarised, exported and predicted from as a run in memory', () => {
    expect(outOf('summarise', 'disk')).toBe(outOf('summarise', 'memory'))
    const words = ['--format', 'posterior', '--stage', 'first']
    for (const run of ['disk', 'memory']) outOf('export', run, ...words, '--out', `${run}-tables`)
    expect(filesOf('disk-tables')).toEqual(filesOf('memory-tables'))
    for (const run of ['disk', 'memory']) outOf('predict', run, 'trials.csv', '--out', `${run}.csv`)
    expect(readFileSync(join(folder, 'disk.csv'), 'utf8')).toBe(readFileSync(join(folder, 'memory.csv'), 'utf8'))
  }, 120_000)

  it('says which draws of a damaged file cannot be read', () => {
    const file = join(folder, 'disk', 'draws', 'pooled.columns')
    const bytes = readFileSync(file)
    bytes[bytes.length - 100] ^= 1
    writeFileSync(file, bytes)
    const damaged = poolite(folder, 'summarise', 'disk')
    expect(damaged.status).not.toBe(0)
    expect(damaged.stderr).toMatch(
      /pooled\.columns: these draws cannot be read \(draws 1 to 60 of .* in chain 2 do not have the checksum/,
    )
    writeFileSync(file, bytes.subarray(0, 5000))
    expect(poolite(folder, 'export', 'disk', '--format', 'parquet', '--out', 'none').stderr).toMatch(
      /it has 5000 bytes and should have/,
    )
  })
})

import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { drawInteger } from '../../src/random/integer.js'
import { stream } from '../../src/random/stream.js'
import { contentsOf, folderWith, interrupted, poolite, removeFolder } from './command.js'
import { csvText, protocolText, smallTrials } from './small-trials.js'

let folder: string
const inference = '{ seed: 1, chains: 2, warmup: 200, draws: 4000 }'
const words = (out: string, ...more: string[]) => {
  const options = ['--checkpoint-every', '0.05', '--progress', 'json', ...more]
  return ['run', 'trials.csv', '--protocol', 'protocol.yaml', '--out', out, ...options]
}
/** Numbers that are times, which two runs need not share. */
const withoutTimes = (text: string) =>
  text
    .replace(/"(seconds|finishedAt|bytes|warmup|sampling)": [^\n]*/g, '"$1"')
    .replace(/(<th scope="row">(pooled model|trial-\d)<.*)<td class="number">[^<]*<\/td>(<td><code>)/g, '$1$3')
    .replace(/(<th scope="row">Finished<\/th>)<td>[^<]*/, '$1')

function expectSameFiles(first: string, second: string): void {
  const paths = contentsOf(join(folder, first)).filter((path) => /\.\w+$/.test(path))
  expect(contentsOf(join(folder, second)).filter((path) => /\.\w+$/.test(path))).toEqual(paths)
  expect(paths.length).toBeGreaterThan(12)
  for (const path of paths) {
    const [one, other] = [first, second].map((run) => readFileSync(join(folder, run, path), 'utf8'))
    if (/^(report\.html|manifest\.json)$/.test(path)) expect(withoutTimes(other)).toBe(withoutTimes(one))
    else expect(other).toBe(one)
  }
}

beforeAll(() => {
  folder = folderWith({ 'trials.csv': csvText(smallTrials()), 'protocol.yaml': protocolText({ inference }) })
})
afterAll(() => removeFolder(folder))

describe('poolite run --resume', () => {
  it('gives the files of a run that nothing stopped after three kills at random moments, on other numbers of workers', async () => {
    expect(poolite(folder, ...words('whole')).status).toBe(0)
    const moments = stream(11, 'kills')
    for (const workers of ['0', '2', 'auto']) {
      // Each of the 8 chains is saved at least once, so that there is always one more to wait for.
      const savedCount = 1 + drawInteger(moments, 2)
      const isTime = (stderr: string) => stderr.split('"checkpoint-saved"').length > savedCount
      const killed = await interrupted(folder, words('killed', '--resume', '--workers', workers), isTime, 'SIGKILL')
      expect(killed.status).toBeNull()
      expect(existsSync(join(folder, 'killed'))).toBe(false)
    }
    const last = poolite(folder, ...words('killed', '--resume'))
    expect(last.status).toBe(0)
    expect(last.stderr).toContain('"checkpoint-resumed"')
    expectSameFiles('whole', 'killed')
    expect(readdirSync(folder).sort()).toEqual(['killed', 'protocol.yaml', 'trials.csv', 'whole'])
  }, 240_000)

  it('goes on after Ctrl-C, which saves all chains and ends with 130; a checkpoint that was damaged since is named', async () => {
    const long = ['--draws', '200000', '--checkpoint-every', '3600']
    const stopped = await interrupted(folder, words('stopped', ...long), (talk) => talk.includes('"sampling"'))
    expect(stopped.stderr).toMatch(/saving all chains; Ctrl-C again ends at once/)
    expect(stopped.stderr).toMatch(/interrupted; all chains are saved in stopped\.partial\. .* --resume/)
    expect(stopped.status).toBe(130)
    expect(contentsOf(folder).filter((path) => /^stopped/.test(path) && /\.\w+$/.test(path))).toEqual(
      expect.arrayContaining(['stopped.partial/run.json', 'stopped.partial/trial-1/chain-1-b.checkpoint']),
    )
    const refused = poolite(folder, ...words('stopped', '--draws', '200000'))
    expect(refused.status).toBe(2)
    expect(refused.stderr).toMatch(/stopped\.partial: an unfinished run stands there.*--resume.*--discard-partial/)
    const other = poolite(folder, ...words('stopped', '--resume', '--draws', '100'))
    expect(other.status).toBe(2)
    expect(other.stderr).toMatch(/the unfinished run has another protocol/)
    const file = join(folder, 'stopped.partial/trial-1/chain-1-b.checkpoint')
    writeFileSync(file, readFileSync(file).subarray(0, 1000))
    const again = await interrupted(folder, words('stopped', '--resume', ...long), (talk) => talk.includes('"chain"'))
    expect(again.status).toBe(130)
    const damaged = again.stderr.split('\n').find((line) => line.includes('"checkpoint-damaged"'))
    expect(JSON.parse(damaged!).message).toMatch(
      /chain-1-b\.checkpoint: this checkpoint is damaged .* (starts anew|goes on from transition \d+ of \w+)/,
    )
  })
})

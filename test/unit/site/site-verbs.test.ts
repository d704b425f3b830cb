import { existsSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadSite } from '../../../src/cli/load-site.js'
import { pool } from '../../../src/cli/pool.js'
import { predict } from '../../../src/cli/predict.js'
import { scores } from '../../../src/cli/scores.js'
import { siteFit } from '../../../src/cli/site-fit.js'
import { siteImport } from '../../../src/cli/site-import.js'
import { siteInspect } from '../../../src/cli/site-inspect.js'
import { siteScore } from '../../../src/cli/site-score.js'
import { siteScoreSchema } from '../../../src/site/effect-scores.js'
import { siteCsv, siteProtocol } from '../../end-to-end/site-trials.js'
import { fakeTerminal } from '../cli/fake-terminal.js'
import { quick, rowsOf } from './site-fixture.js'

const folder = mkdtempSync(join(tmpdir(), 'poolite-sites-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const at = (name: string) => join(folder, name)
const protocol = at('protocol.yaml')
const studies = ['site-1', 'site-2', 'site-3']
const said: string[] = []

/** Runs a verb; what it said. */
async function run(verb: (terminal: ReturnType<typeof fakeTerminal>) => Promise<void>): Promise<string> {
  const terminal = fakeTerminal()
  await verb(terminal)
  said.push(terminal.written.data, terminal.written.talk)
  return terminal.written.data
}
const fit = (study: string, out = `${study}.json`) =>
  run((terminal) => siteFit(at(`${study}.csv`), { protocol, study, out: at(out), workers: 0 }, terminal))
const poolFiles = (files: readonly string[], out: string) =>
  run((terminal) => pool(files.map(at), { protocol, out: at(out), quiet: true, progress: 'none', workers: 0 }, terminal))

beforeAll(async () => {
  writeFileSync(protocol, siteProtocol(2, 3, quick))
  for (const study of studies) {
    writeFileSync(at(`${study}.csv`), siteCsv(rowsOf(study)))
    await fit(study)
  }
  await poolFiles(['site-1.json', 'site-2.json'], 'two')
})

describe('the verbs of sites and centre', () => {
  it('say what a file discloses, with every number that it holds a table of, and nothing of a patient', async () => {
    const text = await run((terminal) => siteInspect(at('site-1.json'), {}, terminal))
    expect(text).toMatch(/how many patients there are/)
    expect(text).toMatch(/control +30 +0\ntreated +30 +0/)
    expect(text).toMatch(/treatment:x2/)
    expect(text).toMatch(/It holds no row of the data/)
    expect(JSON.parse(await run((terminal) => siteInspect(at('site-1.json'), { json: true }, terminal))).study).toBe('site-1')
    expect(said.join()).not.toContain('patient-7-')
  })
  it('keep a record of the releases beside the data, with no name in it', () => {
    const record = readFileSync(at('.poolite-releases.json'), 'utf8')
    expect(JSON.parse(record).releases).toHaveLength(3)
    expect(record).not.toContain('patient-7-')
  })
  it('write no second file over a first', async () => {
    await expect(fit('site-1')).rejects.toThrow(/the file exists/)
  })
  it('pool, predict for new patients, and score a trial that was held out', async () => {
    writeFileSync(at('new.csv'), 'id,x1,x2\nann,0,1\n')
    const rows = await run((terminal) => predict(at('two'), at('new.csv'), { target: 'average' }, terminal))
    expect(rows).toMatch(/^new-patient,ann,,0,1,average,/m)
    const ledger = at('record-of-scores')
    await run((terminal) => siteScore(at('two'), at('site-3.csv'), { study: 'site-3', out: at('score.json'), ledger }, terminal))
    expect(siteScoreSchema.parse(JSON.parse(readFileSync(at('score.json'), 'utf8')))).toMatchObject({ patientCount: 60 })
    expect(existsSync(ledger)).toBe(true)
    const own = run((terminal) => siteScore(at('two'), at('site-2.csv'), { study: 'site-2', out: at('own.json') }, terminal))
    await expect(own).rejects.toThrow(/among those that were pooled/)
    expect(existsSync(at('own.json'))).toBe(false)
  })
  it('say at the centre what scores mean together', async () => {
    await poolFiles(['site-2.json', 'site-3.json'], 'without-1')
    const score = { study: 'site-1', out: at('score-1.json') }
    const said = await run((terminal) => siteScore(at('without-1'), at('site-1.csv'), { ...score, json: true }, terminal))
    expect(JSON.parse(said)).toMatchObject({ out: at('score-1.json'), study: 'site-1', patientCount: 60 })
    const both = [at('score.json'), at('score-1.json')]
    const text = await run((terminal) => scores(both, { protocol }, terminal))
    expect(text).toMatch(/site-3 +60 /)
    expect(text).toMatch(/All trials: /)
    const gains = JSON.parse(await run((terminal) => scores(both, { protocol, json: true }, terminal)))
    expect(gains.trials.map(({ study }: { study: string }) => study)).toEqual(['site-3', 'site-1'])
    const twice = run((terminal) => scores([at('score.json'), at('score.json')], { protocol }, terminal))
    await expect(twice).rejects.toThrow(/two scores of trial "site-3"/)
    writeFileSync(at('other.yaml'), siteProtocol(2, 3, { ...quick, smallestImportantEffect: '1' }))
    const other = run((terminal) => scores(both, { protocol: at('other.yaml') }, terminal))
    await expect(other).rejects.toThrow(/another protocol/)
    const none = run((terminal) => scores([at('site-1.json')], { protocol }, terminal))
    await expect(none).rejects.toThrow(/no score of a site/)
  })
  it('score a result whose second stage pooled effects', async () => {
    const effects = at('effects.yaml')
    writeFileSync(effects, siteProtocol(2, 3, { ...quick, secondStage: '{ method: weighted-average }' }))
    const files = ['site-1', 'site-2'].map((study) => at(`effects-${study}.json`))
    for (const [index, study] of ['site-1', 'site-2'].entries())
      await run((terminal) => siteFit(at(`${study}.csv`), { protocol: effects, study, out: files[index], workers: 0 }, terminal))
    const options = { protocol: effects, out: at('effects'), quiet: true, progress: 'none', workers: 0 } as const
    await run((terminal) => pool(files, options, terminal))
    const score = { study: 'site-3', out: at('effects-score.json') }
    await run((terminal) => siteScore(at('effects'), at('site-3.csv'), score, terminal))
    expect(siteScoreSchema.parse(JSON.parse(readFileSync(at('effects-score.json'), 'utf8'))).patientCount).toBe(60)
  })
  it('take a trial that was fitted elsewhere, and say that nobody has checked it', async () => {
    const header = 'coefficient,estimate,treatment,treatment:x1,treatment:x2'
    writeFileSync(at('table.csv'), `${header}\ntreatment,0.5,0.02,0,0\ntreatment:x1,0,0,0.04,0\ntreatment:x2,0.2,0,0,0.01\n`)
    const options = { protocol, study: 'site-3', control: 30, treated: 30, out: at('elsewhere.json') }
    await run((terminal) => siteImport(at('table.csv'), options, terminal))
    await poolFiles(['site-1.json', 'site-2.json', 'elsewhere.json'], 'mixed')
    expect(readFileSync(at('mixed/manifest.json'), 'utf8')).toMatch(/\\"site-3\\" was fitted by another program/)
    const few = run((terminal) => siteImport(at('table.csv'), { ...options, control: 8, out: at('few.json') }, terminal))
    await expect(few).rejects.toThrow(/9 that 3 coefficients need/)
  })
  it('do not read a file of 10 GB', async () => {
    writeFileSync(at('huge.json'), '{')
    truncateSync(at('huge.json'), 10e9)
    await expect(loadSite(at('huge.json'))).rejects.toThrow(/larger than 128 MiB/)
    await expect(loadSite('/dev/zero')).rejects.toThrow(/no ordinary file/)
  })
})

import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { explain } from '../../../src/cli/explain.js'
import { openOutputFolder } from '../../../src/cli/output-folder.js'
import type { PersonOptions } from '../../../src/cli/person-asked.js'
import { report } from '../../../src/cli/report.js'
import { manifestText, runFiles } from '../../../src/cli/run-files.js'
import type { Analysis } from '../../../src/contract/analysis.js'
import { parseProtocol } from '../../../src/data/parse-protocol.js'
import { readTable } from '../../../src/data/read-table.js'
import { twoStage } from '../../../src/two-stage.js'
import { csvText, protocolText, smallTrials } from '../../end-to-end/small-trials.js'
import { fakeTerminal } from './fake-terminal.js'

const data = csvText(smallTrials())
const parts = { inference: '{ seed: 1, chains: 2, warmup: 60, draws: 60 }', firstStage: '{ model: linear }' }
let parent: string
const runs: Record<string, Analysis> = {}
let count = 0

beforeAll(async () => {
  parent = mkdtempSync(join(tmpdir(), 'poolite-report-'))
  writeFileSync(join(parent, 'one.csv'), 'id,age,female\nann,50,0\n')
  writeFileSync(join(parent, 'two.csv'), 'id,age,female\nann,50,0\nbob,95,1\n')
  writeFileSync(join(parent, 'gap.csv'), 'id,age,female\nann,,0\n')
  await makeRun('coefficients', protocolText({ ...parts, secondStage: '{ method: multivariate }' }))
  await makeRun('effects', protocolText({ ...parts, secondStage: '{ method: weighted-average }' }))
})
afterAll(() => rmSync(parent, { recursive: true, force: true }))

async function makeRun(name: string, text: string): Promise<void> {
  const protocol = parseProtocol(text, 'protocol.yaml')
  runs[name] = await twoStage({ protocol, table: readTable(data, 'trials.csv'), workers: 0 })
  const files = runFiles(runs[name], text)
  const folder = openOutputFolder(join(parent, name), false)
  for (const file of files) folder.write(file.path, file.text)
  folder.write('manifest.json', manifestText(runs[name], files))
  folder.complete()
}

async function reported(run: string, options: PersonOptions) {
  const terminal = fakeTerminal()
  const out = join(parent, `page-${count++}.html`)
  await report(join(parent, run), { ...options, out, json: true }, terminal)
  return { ...JSON.parse(terminal.written.data), talk: terminal.written.talk, page: readFileSync(out, 'utf8') }
}

describe('poolite report', () => {
  it.each(['coefficients', 'effects'])(
    'gives the reference patient the effect that the run reported, from pooled %s',
    async (run) => {
      const { effects, page } = await reported(run, { profile: 'reference patient' })
      const [average, newSetting] = runs[run].profileEffects[0].effects
      expect(effects[0].mean).toBeCloseTo(average.mean, 10)
      expect(effects[1].upper).toBeCloseTo(newSetting.upper, 10)
      expect(page).not.toMatch(/NaN|undefined|Infinity|\[object/)
    },
  )

  it('says confidence of a second stage without a posterior, and credible of one with', async () => {
    expect((await reported('coefficients', { profile: 'reference patient' })).page).toContain('95% confidence interval')
    expect((await reported('effects', { profile: 'reference patient' })).page).toContain('95% credible interval')
  })

  it('shows outcomes under each treatment of a linear first stage', async () => {
    expect((await reported('effects', { covariates: 'age=50,female=0' })).page).toContain('Under placebo')
  })

  it('takes covariates, or the row of a file', async () => {
    const [typed, read] = [
      await reported('coefficients', { covariates: 'female=0, age=50' }),
      await reported('coefficients', { patient: join(parent, 'one.csv') }),
    ]
    expect(typed.effects).toEqual(read.effects)
    expect(read.person.id).toBe('ann')
  })

  it('flags who is outside the ranges, on the page and in what it says', async () => {
    const { talk, page, flags } = await reported('coefficients', { patient: join(parent, 'two.csv'), id: 'bob' })
    expect(flags[0]).toMatch(/age 95 is above/)
    expect(talk).toContain('extrapolation: age 95 is above')
    expect(page).toContain('! 95, outside')
  })

  it.each([
    ['nobody', {}, /no person was named/],
    ['two at once', { profile: 'x', covariates: 'age=1' }, /more than one person/],
    ['a missing covariate', { covariates: 'age=50' }, /no value of female/],
    ['an empty cell', { patient: 'gap.csv' }, /no value of age/],
    ['an unknown covariate', { covariates: 'agge=50,female=0' }, /no covariate "agge".*Did you mean "age"/],
    ['a covariate given twice', { covariates: 'age=50,age=51,female=0' }, /age is given twice/],
    ['no number', { covariates: 'age=old,female=0' }, /age/],
    ['an unknown profile', { profile: 'reference patent' }, /Did you mean "reference patient"/],
    ['several patients', { patient: 'two.csv' }, /2 patients.*--id: ann, bob/],
    ['an unknown patient', { patient: 'two.csv', id: 'cid' }, /no patient "cid"/],
  ] as const)('refuses %s, and writes nothing', async (_, options: PersonOptions, message) => {
    const patient = options.patient === undefined ? {} : { patient: join(parent, options.patient) }
    const out = join(parent, 'refused.html')
    await expect(report(join(parent, 'coefficients'), { ...options, ...patient, out }, fakeTerminal())).rejects.toThrow(message)
    expect(existsSync(out)).toBe(false)
  })
})

describe('poolite explain', () => {
  async function explained(run: string, options: { trial?: string; out?: string } = {}) {
    const terminal = fakeTerminal()
    await explain(join(parent, run), { ...options, json: true }, terminal)
    return JSON.parse(terminal.written.data).settings
  }

  it('explains the average setting of pooled coefficients: age, which changes the effect most, comes first', async () => {
    const [setting, ...others] = await explained('coefficients')
    expect(others).toEqual([])
    expect(setting.name).toBe('average setting')
    expect(setting.explanation.covariates[0].covariate).toBe('age')
  })

  it('explains every trial by its own model where effects were pooled', async () => {
    const settings = await explained('effects')
    expect(settings.map(({ name }: { name: string }) => name)).toEqual(['trial trial-1', 'trial trial-2', 'trial trial-3'])
    expect(await explained('effects', { trial: 'trial-2' })).toEqual([settings[1]])
  })

  it('writes a page with a table behind every figure', async () => {
    const out = join(parent, 'explained.html')
    await explained('coefficients', { out })
    const page = readFileSync(out, 'utf8')
    expect(page.match(/<figure/g)!.length).toBe(3)
    expect(page.match(/<details/g)!.length).toBe(3)
    expect(page).not.toMatch(/NaN|undefined|Infinity/)
  })

  it('refuses a trial that was not analysed', async () => {
    await expect(explained('effects', { trial: 'trial-9' })).rejects.toThrow(/no trial "trial-9"/)
  })
})

/** The four clinics of a real trial of periodontal treatment as sites that share one file each: every step from their data to the report. */
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { pool } from '../../src/cli/pool.js'
import { predict } from '../../src/cli/predict.js'
import { run } from '../../src/cli/run.js'
import { scores } from '../../src/cli/scores.js'
import { siteFit } from '../../src/cli/site-fit.js'
import { siteInspect } from '../../src/cli/site-inspect.js'
import { siteScore } from '../../src/cli/site-score.js'
import { fakeTerminal } from '../unit/cli/fake-terminal.js'

const source = fileURLToPath(new URL('../../../shared/acceptance/data/real/opt_periodontal.csv', import.meta.url))
const isMissing = !existsSync(source)
const clinics = ['1', '2', '3', '4']
const protocolText = `
poolite: 1
title: Periodontal treatment in pregnancy
data: { study: study, treatment: { column: treatment, control: '0', treated: '1' }, missing: ['', NA] }
outcome: { column: outcome, unit: mm, better: lower, centre: 2.65, scale: 0.42 }
covariates:
  - { name: age, type: continuous, centre: 26, scale: 5.6 }
  - { name: black, type: binary }
  - { name: bl_pd, type: continuous, centre: 2.9, scale: 0.55 }
  - { name: bl_cal, type: continuous, centre: 1.4, scale: 0.67 }
trials: { include: ['1', '2', '3', '4'] }
profiles: [{ name: deep pockets, covariates: { bl_pd: 4 } }]
secondStage: { method: hierarchical, heterogeneity: random-effect }
inference: { seed: 1, chains: 2, warmup: 300, draws: 300 }
`

const folder = mkdtempSync(join(tmpdir(), 'poolite-clinics-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const at = (name: string) => join(folder, name)
const read = (name: string) => readFileSync(at(name), 'utf8')
const protocol = at('protocol.yaml')

async function said(verb: (terminal: ReturnType<typeof fakeTerminal>) => Promise<void>): Promise<string> {
  const terminal = fakeTerminal()
  await verb(terminal)
  return terminal.written.data + terminal.written.talk
}
const quiet = { protocol, quiet: true, progress: 'none', workers: 0 } as const
const poolClinics = (chosen: readonly string[], out: string) =>
  said((terminal) =>
    pool(
      chosen.map((clinic) => at(`clinic-${clinic}.json`)),
      { ...quiet, out: at(out) },
      terminal,
    ),
  )

describe.skipIf(isMissing)(`four clinics as sites${isMissing ? ' (skipped: no ../shared/acceptance)' : ''}`, () => {
  const heard: string[] = []
  beforeAll(async () => {
    const [header, ...rows] = readFileSync(source, 'utf8').trimEnd().split('\n')
    writeFileSync(protocol, protocolText)
    writeFileSync(at('all.csv'), [header, ...rows, ''].join('\n'))
    for (const study of clinics) {
      const own = rows.filter((row) => row.startsWith(`${study},`))
      writeFileSync(at(`clinic-${study}.csv`), [header, ...own, ''].join('\n'))
      const options = { protocol, study, out: at(`clinic-${study}.json`), ledger: at(`ledger-${study}`), workers: 0 }
      heard.push(await said((terminal) => siteFit(at(`clinic-${study}.csv`), options, terminal)))
    }
    heard.push(await poolClinics(clinics, 'pooled'))
    await said((terminal) => run(at('all.csv'), { ...quiet, out: at('ran'), checkpointEvery: 0 }, terminal))
  }, 300_000)

  it('fit their own data and write a file of a few kilobytes, which can be read before it is sent', async () => {
    for (const clinic of clinics) {
      expect(statSync(at(`clinic-${clinic}.json`)).size).toBeLessThan(10_000)
      const text = await said((terminal) => siteInspect(at(`clinic-${clinic}.json`), {}, terminal))
      expect(text).toContain(`Site file of trial "${clinic}"`)
      expect(text).toMatch(/treatment:bl_cal/)
    }
  })
  it('give together, byte for byte, what all data in one place give', () => {
    for (const path of ['draws/pooled.csv', 'summaries/pooled.csv', 'coefficients.csv'])
      expect(read(`pooled/${path}`)).toBe(read(`ran/${path}`))
    const profiles = (text: string) => text.split('\n').filter((line) => line.startsWith('profile,'))
    expect(profiles(read('pooled/effects.csv'))).toEqual(profiles(read('ran/effects.csv')))
    expect(profiles(read('pooled/effects.csv'))).not.toHaveLength(0)
  })
  it('end in a report with all of them and no patient', () => {
    expect(read('pooled/report.html')).toContain('deep pockets')
    expect(read('pooled/report.html')).not.toContain('NaN')
    expect(read('pooled/effects.csv')).not.toMatch(/^patient,/m)
  })
  it('predict for a woman who was in none of them', async () => {
    writeFileSync(at('new.csv'), 'id,age,black,bl_pd,bl_cal\nann,30,1,3,1.5\n')
    const text = await said((terminal) => predict(at('pooled'), at('new.csv'), { target: 'new-setting' }, terminal))
    expect(text).toMatch(/^new-patient,ann,/m)
  })
  it('score what the others say, each the result of the other three', async () => {
    const files: string[] = []
    for (const study of clinics) {
      const others = clinics.filter((clinic) => clinic !== study)
      await poolClinics(others, `without-${study}`)
      const options = { study, out: at(`score-${study}.json`), ledger: at(`ledger-${study}`) }
      await said((terminal) => siteScore(at(`without-${study}`), at(`clinic-${study}.csv`), options, terminal))
      files.push(options.out)
    }
    const { trials, pooled } = JSON.parse(await said((terminal) => scores(files, { protocol, json: true }, terminal)))
    expect(trials.map((trial: { study: string }) => trial.study)).toEqual(clinics)
    expect(pooled.trialCount).toBe(4)
    expect(pooled.lower).toBeLessThan(pooled.upper)
  }, 300_000)
  it('never say a value of a patient', () => {
    // Depths of pockets have three decimals: those of the first clinic, in nothing that was said or sent.
    const outcomes = read('clinic-1.csv')
      .split('\n')
      .slice(1)
      .flatMap((row) => row.split(',')[2]?.match(/^\d\.\d{3}$/) ?? [])
    const sent = `${heard.join()}${read('clinic-1.json')}`
    const words = new Set(sent.match(/[\d.]+/g))
    expect(outcomes.length).toBeGreaterThan(50)
    expect(outcomes.filter((outcome) => words.has(outcome))).toEqual([])
  })
})

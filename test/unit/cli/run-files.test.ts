import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { csvParse } from 'd3-dsv'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadPooled } from '../../../src/cli/load-pooled.js'
import { readManifest } from '../../../src/cli/manifest.js'
import { openOutputFolder } from '../../../src/cli/output-folder.js'
import { manifestText, type RunFile, runFiles } from '../../../src/cli/run-files.js'
import type { Analysis } from '../../../src/contract/analysis.js'
import { resultText } from '../../../src/report/text/effects-text.js'
import { verdictOf } from '../../../src/report/text/verdict.js'
import { protocolText } from '../../end-to-end/small-trials.js'
import { smallAnalysis } from './small-analysis.js'

const studies = ['../../escape', 'Smith, 2004', 'Pooled']
let analysis: Analysis
let files: RunFile[]
let parent: string
beforeAll(async () => {
  analysis = await smallAnalysis(studies)
  files = runFiles(analysis, protocolText())
  parent = mkdtempSync(join(tmpdir(), 'poolite-run-files-'))
  const folder = openOutputFolder(join(parent, 'run'), false)
  for (const { path, text } of files) folder.write(path, text)
  folder.write('manifest.json', manifestText(analysis, files))
  folder.complete()
})
afterAll(() => rmSync(parent, { recursive: true, force: true }))

const textOf = (path: string): string => files.find((file) => file.path === path)?.text ?? ''

describe('runFiles', () => {
  it('writes draws, sampler and summaries of every fit under names that cannot escape or collide', () => {
    const names = ['pooled', 'escape', 'Smith_2004', 'Pooled-2']
    const expected = ['draws', 'sampler', 'summaries'].flatMap((folder) => names.map((name) => `${folder}/${name}.csv`))
    const others = ['report.html', 'protocol.yaml', 'effects.csv', 'coefficients.csv', 'overlap.json']
    expect(files.map(({ path }) => path).sort()).toEqual([...expected, ...others].sort())
  })
  it('coefficients.csv has each estimate with its row of the covariance', () => {
    const rows = csvParse(textOf('coefficients.csv'))
    expect(rows).toHaveLength(3 * 3)
    expect(rows[4]).toEqual({
      study: 'Smith, 2004',
      patients: '40',
      coefficient: 'treatment:age',
      estimate: '1.1',
      'covariance[treatment]': '0',
      'covariance[treatment:age]': '0.25',
      'covariance[treatment:female]': '0',
    })
  })
  it('summaries have the columns of posterior and one row for each scalar', () => {
    const rows = csvParse(textOf('summaries/pooled.csv'))
    expect(rows.columns.slice(0, 5)).toEqual(['variable', 'mean', 'median', 'sd', 'mad'])
    expect(rows).toHaveLength(analysis.pooled.diagnosis.summary.length)
    expect(Number(rows[0].mean)).toBe(analysis.pooled.diagnosis.summary[0].mean)
  })
  it('effects.csv has a row for every person and target', () => {
    const rows = csvParse(textOf('effects.csv'))
    expect(rows).toHaveLength(2 * (1 + 120))
  })
})

describe('the manifest', () => {
  it('names every file with its size, and every trial in the order of the draws', () => {
    const manifest = JSON.parse(manifestText(analysis, files))
    expect(manifest.files).toHaveLength(files.length)
    expect(manifest.files[0]).toEqual({ path: 'report.html', bytes: Buffer.byteLength(files[0].text) })
    expect(manifest.trials.map(({ study }: { study: string }) => study)).toEqual(studies)
    expect(manifest).toMatchObject({ seed: 1, protocolHash: analysis.provenance.protocolHash, dataHash: 'ab' })
  })
  it('gives back the pooled draws with their dimensions, also for a trial with a comma in its name', () => {
    const run = join(parent, 'run')
    const pooled = loadPooled(run, readManifest(run))
    const theta = pooled.variables.find(({ name }) => name === 'theta')
    const original = analysis.pooled.draws.variables.find(({ name }) => name === 'theta')
    expect(theta).toEqual(original)
  })
})

describe('verdictOf', () => {
  it('fails when one fit fails, and names it with its checks', () => {
    const [first, ...others] = analysis.trialFits
    const passed = { ...analysis.pooled.diagnosis, status: 'passed' as const, checks: [] }
    const sound = { ...analysis, pooled: { ...analysis.pooled, diagnosis: passed } }
    const soundFits = [first, ...others].map((trial) => ({ ...trial, fit: { ...trial.fit, diagnosis: passed } }))
    expect(verdictOf({ ...sound, trialFits: soundFits }).status).toBe('passed')
    const broken = verdictOf({ ...sound, trialFits: [...soundFits.slice(0, 2), others[1]] })
    expect(broken.status).toBe('failed')
    expect(broken.failed.map(({ name }) => name)).toEqual(['trial Pooled'])
  })
})

describe('resultText', () => {
  it('has the reference patient in each setting, in units of the outcome', () => {
    const text = resultText(analysis)
    expect(text).toMatch(/^Effect on outcome \(points\), active against placebo; higher is better\n/)
    expect(text).toMatch(/reference patient {2}average {6}/)
    expect(text).toMatch(/reference patient {2}new setting {2}/)
  })
})

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { csvParse } from 'd3-dsv'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { openOutputFolder } from '../../../src/cli/output-folder.js'
import { type PredictOptions, predict } from '../../../src/cli/predict.js'
import { manifestText, runFiles } from '../../../src/cli/run-files.js'
import type { Analysis } from '../../../src/contract/analysis.js'
import { protocolText } from '../../end-to-end/small-trials.js'
import { fakeTerminal } from './fake-terminal.js'
import { smallAnalysis } from './small-analysis.js'

let analysis: Analysis
let parent: string
let run: string
let patients: string
beforeAll(async () => {
  analysis = await smallAnalysis(['Smith, 2004', 'B', 'C'])
})
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'poolite-predict-'))
  run = join(parent, 'run')
  patients = join(parent, 'new.csv')
  writeFileSync(patients, 'id,age,female\nann,50,0\nbob,95,1\n')
  const files = runFiles(analysis, protocolText())
  const folder = openOutputFolder(run, false)
  for (const { path, text } of files) folder.write(path, text)
  folder.write('manifest.json', manifestText(analysis, files))
  folder.complete()
  return () => rmSync(parent, { recursive: true, force: true })
})

async function predicted(options: PredictOptions) {
  const terminal = fakeTerminal()
  await predict(run, patients, options, terminal)
  return { ...terminal.written, pieces: terminal.pieces }
}

describe('predict', () => {
  it('gives the reference patient the effect that the run reported', async () => {
    const { data } = await predicted({ target: 'average' })
    const [ann] = csvParse(data)
    const reported = analysis.profileEffects[0].effects[0]
    expect([Number(ann.mean), Number(ann.lower), Number(ann.upper)]).toEqual([reported.mean, reported.lower, reported.upper])
  })
  it('flags patients outside the ranges of the protocol', async () => {
    const { data, talk } = await predicted({ target: 'new-setting' })
    expect(csvParse(data).map((row) => row.flags)).toEqual(['', "age 95 is above the protocol's range 18 to 90"])
    expect(talk).toMatch(/1 of 2 patients lie outside/)
  })
  it('knows a trial with a comma in its name', async () => {
    const { data } = await predicted({ target: 'existing-trial', study: 'Smith, 2004' })
    expect(csvParse(data)[0].study).toBe('Smith, 2004')
  })
  it('writes many patients in pieces, so that memory does not grow with them', async () => {
    writeFileSync(patients, `id,age,female\n${Array.from({ length: 2100 }, (_, k) => `p${k},${40 + (k % 30)},0`).join('\n')}\n`)
    const { pieces } = await predicted({ target: 'average' })
    expect(pieces.map((piece) => piece.trimEnd().split('\n').length)).toEqual([1001, 1000, 100])
  })
  it('lists the trials when another is asked for', async () => {
    await expect(predicted({ target: 'existing-trial', study: 'D' })).rejects.toThrow(/trial "D".*Smith, 2004, B, C/)
  })
  it('with --json gives one object', async () => {
    const { data } = await predicted({ target: 'average', json: true })
    expect(JSON.parse(data)).toMatchObject({ target: 'average', unit: 'points', effects: [{ person: { id: 'ann' } }, {}] })
  })
  it('writes a new file and nothing to stdout with --out, and never over another', async () => {
    const out = join(parent, 'effects.csv')
    expect((await predicted({ target: 'average', out })).data).toBe('')
    expect(csvParse(readFileSync(out, 'utf8'))).toHaveLength(2)
    await expect(predicted({ target: 'average', out })).rejects.toThrow(/the file exists/)
  })
  it('refuses a protocol that was changed after the run', async () => {
    writeFileSync(join(run, 'protocol.yaml'), protocolText({ title: 'Another' }))
    await expect(predicted({ target: 'average' })).rejects.toThrow(/not the protocol that the draws were made with/)
  })
  it('refuses a folder of another format', async () => {
    writeFileSync(join(run, 'manifest.json'), '{}')
    await expect(predicted({ target: 'average' })).rejects.toThrow(/no manifest of the format/)
    writeFileSync(join(run, 'manifest.json'), '{')
    await expect(predicted({ target: 'average' })).rejects.toThrow(/not valid JSON/)
  })
})

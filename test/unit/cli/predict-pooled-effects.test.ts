import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { csvParse } from 'd3-dsv'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openOutputFolder } from '../../../src/cli/output-folder.js'
import { type PredictOptions, predict } from '../../../src/cli/predict.js'
import { manifestText, runFiles } from '../../../src/cli/run-files.js'
import type { Analysis } from '../../../src/contract/analysis.js'
import { parseProtocol } from '../../../src/data/parse-protocol.js'
import { readTable } from '../../../src/data/read-table.js'
import { twoStage } from '../../../src/two-stage.js'
import { csvText, protocolText, smallTrials } from '../../end-to-end/small-trials.js'
import { fakeTerminal } from './fake-terminal.js'

const inference = '{ seed: 1, chains: 2, warmup: 60, draws: 60 }'
const cases: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'linear, separate': { secondStage: '{ method: weighted-average, components: separate }' },
  'linear, bootstrap': { secondStage: '{ method: weighted-average, weights: bootstrap, bootstrapReplicates: 10 }' },
  'network, mixture': {
    firstStage: '{ model: neural-network, form: s-learner, prognostic: { width: 3 } }',
    secondStage: '{ method: mixture }',
  },
  'trees, stacking': {
    firstStage: '{ model: tree-ensemble }',
    secondStage: '{ method: mixture, weights: stacking, stacking: covariates }',
    inference: '{ seed: 1, chains: 1, warmup: 5, draws: 20 }',
  },
  'gaussian process': { firstStage: '{ model: gaussian-process }', secondStage: '{ method: weighted-average }' },
}
const data = csvText(smallTrials())
let parent: string
beforeAll(() => {
  parent = mkdtempSync(join(tmpdir(), 'poolite-predict-'))
  writeFileSync(join(parent, 'trials.csv'), data)
  writeFileSync(join(parent, 'new.csv'), 'id,age,female\nann,50,0\nbob,95,1\nfar,900,0\n')
  writeFileSync(
    join(parent, 'many.csv'),
    `id,age,female\n${Array.from({ length: 300 }, (_, k) => `p${k},${30 + (k % 40)},${k % 2}`).join('\n')}\n`,
  )
})
afterAll(() => rmSync(parent, { recursive: true, force: true }))

async function makeRun(name: string): Promise<{ path: string; analysis: Analysis }> {
  const text = protocolText({ inference, profiles: '[{ name: ann, covariates: { age: 50, female: 0 } }]', ...cases[name] })
  const protocol = parseProtocol(text, 'protocol.yaml')
  const analysis = await twoStage({ protocol, table: readTable(data, 'trials.csv'), workers: 0 })
  const path = join(parent, name)
  const files = runFiles(analysis, text)
  const folder = openOutputFolder(path, false)
  for (const file of files) folder.write(file.path, file.text)
  folder.write('manifest.json', manifestText(analysis, files))
  folder.complete()
  return { path, analysis }
}

async function predicted(path: string, options: PredictOptions, patients = 'new.csv') {
  const terminal = fakeTerminal()
  await predict(path, join(parent, patients), options, terminal)
  return { ...terminal.written, pieces: terminal.pieces }
}

for (const name of Object.keys(cases))
  describe(`predict after pooling effects: ${name}`, () => {
    it('gives a person the effect that the run reported for the same covariates, up to Monte Carlo error, and flags who is far from all trials', async () => {
      const { path, analysis } = await makeRun(name)
      const withData = name === 'gaussian process' ? { data: join(parent, 'trials.csv') } : {}
      if (name === 'gaussian process') {
        await expect(predicted(path, { target: 'average' })).rejects.toThrow(/predicts from the patients.*Add --data/s)
        await expect(predicted(path, { target: 'average', data: join(parent, 'new.csv') })).rejects.toThrow()
      }
      const { data: csv, talk } = await predicted(path, { target: 'average', ...withData })
      const [ann, bob, far] = csvParse(csv)
      const reported = analysis.profileEffects[1].effects[0]
      // without randomness of its own a model predicts the very same numbers
      if (name !== 'gaussian process') expect(Number(ann.mean)).toBeCloseTo(reported.mean, 9)
      else expect(Math.abs(Number(ann.mean) - reported.mean)).toBeLessThan(reported.sd)
      expect(bob.flags).toMatch(/age 95 is above/)
      expect(far.flags).toMatch(/unlike the patients of every trial/)
      expect(talk).toMatch(/of 3 patients lie outside/)
      const inTrial = await predicted(path, { target: 'existing-trial', study: 'trial-2', ...withData })
      expect(csvParse(inTrial.data)[0].study).toBe('trial-2')
      await expect(predicted(path, { target: 'existing-trial', study: 'trial-9', ...withData })).rejects.toThrow(/trial-9/)
      const many = await predicted(path, { target: 'new-setting', ...withData }, 'many.csv')
      expect(csvParse(many.data).map((row) => row.id)).toEqual(Array.from({ length: 300 }, (_, k) => `p${k}`))
      // in pieces, so that memory does not grow with people
      const rows = many.pieces.map((piece) => piece.trimEnd().split('\n').length)
      expect(Math.max(...rows)).toBeLessThanOrEqual(129)
      expect(rows.reduce((sum, count) => sum + count, 0)).toBe(301)
      const json = JSON.parse((await predicted(path, { target: 'average', json: true, ...withData }, 'many.csv')).data)
      expect(json.effects).toHaveLength(300)
    }, 60_000)
  })

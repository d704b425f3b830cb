import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { designTrials } from '../../../src/data/design-trials.js'
import { draftProtocol } from '../../../src/data/draft-protocol.js'
import { readTable } from '../../../src/data/read-table.js'
import { readTrials } from '../../../src/data/read-trials.js'

const folder = fileURLToPath(new URL('../../../../shared/acceptance/data/real', import.meta.url))
const load = (file: string) => readTable(readFileSync(`${folder}/${file}`, 'utf8'), file)

describe.skipIf(!existsSync(folder))('real trials (skipped without ../shared/acceptance)', () => {
  it('keeps 72, 207, 175 and 142 complete patients of the four periodontal clinics', () => {
    const table = load('opt_periodontal.csv')
    const { protocol } = draftProtocol(table, { covariates: ['bl_pd', 'bl_bop', 'age', 'bmi'], better: 'lower' })
    const { designs } = designTrials(readTrials(table, protocol), protocol)
    expect(designs.map(({ patientIds }) => patientIds.length)).toEqual([72, 207, 175, 142])
  })

  it('keeps 44 of 79 schools with 40 complete pupils and a design of full rank', () => {
    const table = load('star_kindergarten.csv')
    const { protocol } = draftProtocol(table, { covariates: ['female', 'free_lunch', 'age85'], leastPatients: 40 })
    const { designs, exclusions } = designTrials(readTrials(table, protocol), protocol)
    expect(designs).toHaveLength(44)
    expect(new Set(exclusions.filter(({ arm }) => arm === undefined).map(({ study }) => study)).size).toBe(35)
  })

  it.each(['opt_periodontal.csv', 'star_kindergarten.csv'])(
    'drafts a protocol of %s that runs without being told anything',
    (file) => {
      const table = load(file)
      const { protocol } = draftProtocol(table)
      expect(designTrials(readTrials(table, protocol), protocol).designs.length).toBeGreaterThan(3)
    },
  )
})

import { appendFileSync, mkdtempSync, readdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openRecords } from '../../statistical/calibration/record-folder.js'

const header = { subject: 'linear:normal', algorithm: 'nuts', seed: 1, rankedDraws: 63, version: '0.1.0' }
const record = (replicate: number) => ({
  replicate,
  ranks: { mu: replicate },
  effectiveSampleSize: 70,
  divergences: 0,
  seconds: 0.5,
})
const newFolder = () => mkdtempSync(join(tmpdir(), 'poolite-records-'))

describe('records of calibrations', () => {
  it('come back from the files of all tasks', () => {
    const folder = newFolder()
    openRecords(folder, header, '1-2').append(record(0))
    openRecords(folder, header, '2-2').append(record(1))
    expect(openRecords(folder, header, '1-1').earlier).toEqual([record(0), record(1)])
  })
  it('survive a line that was cut off, which is done again and lost by no later one', () => {
    const folder = newFolder()
    openRecords(folder, header, '1-1').append(record(0))
    appendFileSync(join(folder, readdirSync(folder)[0]), '{"replicate":1,"ran')
    openRecords(folder, header, '1-1').append(record(2))
    expect(openRecords(folder, header, '1-1').earlier).toEqual([record(0), record(2)])
  })
  it('of another seed, algorithm or version are refused', () => {
    const folder = newFolder()
    openRecords(folder, header, '1-1')
    expect(() => openRecords(folder, { ...header, seed: 2 }, '1-1')).toThrow(/holds another calibration/)
  })
})

import { describe, expect, it } from 'vitest'
import { RunError } from '../../../src/errors/run-error.js'
import { UsageError } from '../../../src/errors/usage-error.js'
import { scenarioFamily } from '../../../src/simulation/families.js'
import { mergeRecords } from '../../../src/study/merge-records.js'
import { readStoredLines, storeLine } from '../../../src/study/store-line.js'
import type { StudyRecord } from '../../../src/study/study-record.js'
import { dataSetsOf, parseShare } from '../../../src/study/study-task.js'

const ids = scenarioFamily('mainetti').scenarios.map(({ id }) => id)
const record = (scenario: string, replicate: number, method = 'ols/reml', failure?: string): StudyRecord => ({
  design: 'mainetti',
  scenario,
  replicate,
  method,
  seed: 1,
  version: '1',
  ...(failure && { failure }),
})

describe('lines of the store', () => {
  const records = [record(ids[0], 0), record(ids[1], 3, 'ols/fixed', 'naïve “quotes”\n')]
  const text = records.map(storeLine).join('')

  it('give back what was written', () => {
    expect(readStoredLines(text)).toEqual({ records, damagedCount: 0, wholeLength: text.length })
  })

  it('a last line cut anywhere is no line, and what to keep ends before it', () => {
    const first = storeLine(records[0]).length
    for (let length = first; length < text.length; length++) {
      const cut = readStoredLines(text.slice(0, length))
      expect(cut.records).toHaveLength(1)
      expect(cut.wholeLength).toBe(first)
    }
  })

  it('one changed character anywhere makes a line count as not there', () => {
    const line = storeLine(records[0])
    for (let at = 0; at < line.length - 1; at++) {
      const changed = `${line.slice(0, at)}${line[at] === 'x' ? 'y' : 'x'}${line.slice(at + 1)}`
      expect(readStoredLines(changed)).toMatchObject({ records: [], damagedCount: 1 })
    }
  })
})

describe('merging', () => {
  const sorted = [record(ids[0], 0, 'ols/fixed'), record(ids[0], 0), record(ids[0], 1), record(ids[15], 0)]

  it('gives the same order whatever the order of the parts, and each key once', () => {
    const shuffled = [sorted[3], sorted[1], sorted[0], sorted[2], sorted[1]]
    expect(mergeRecords(shuffled)).toEqual(sorted)
  })

  it('refuses two results of one key', () => {
    expect(() => mergeRecords([sorted[0], { ...sorted[0], failure: 'none' }])).toThrow(RunError)
  })
})

describe('shares', () => {
  it('of any number of processes together are the study, each data set once', () => {
    for (const count of [1, 3, 7]) {
      const all = Array.from({ length: count }, (_, at) => dataSetsOf(ids, 5, { index: at + 1, count })).flat()
      expect(all).toHaveLength(16 * 5)
      expect(new Set(all.map((one) => JSON.stringify(one))).size).toBe(16 * 5)
    }
  })

  it.each(['0/4', '5/4', '1', '1/0', 'a/b', '1/4/2'])('%s is refused', (text) => {
    expect(() => parseShare(text)).toThrow(UsageError)
  })

  it('k/n is the k-th of n', () => {
    expect(parseShare('2/4')).toEqual({ index: 2, count: 4 })
  })
})

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readBytes, readText } from '../../../src/cli/read-file.js'
import { DataError } from '../../../src/errors/data-error.js'
import { UsageError } from '../../../src/errors/usage-error.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'poolite-read-'))
  writeFileSync(join(folder, 'trials.csv'), 'a,b\n1,Zürich\n')
  writeFileSync(join(folder, 'latin.csv'), Buffer.from('a,b\n1,2\n3,Z\u00fcrich\n', 'latin1'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('readText', () => {
  it('reads UTF-8', () => {
    expect(readText(join(folder, 'trials.csv'))).toBe('a,b\n1,Zürich\n')
  })
  it('names the row of the first byte that is not UTF-8', () => {
    expect(() => readText(join(folder, 'latin.csv'))).toThrow(DataError)
    expect(() => readText(join(folder, 'latin.csv'))).toThrow(/latin\.csv, row 3: the text is not UTF-8/)
  })
  it('suggests the file that was meant', () => {
    expect(() => readText(join(folder, 'trails.csv'))).toThrow(UsageError)
    expect(() => readText(join(folder, 'trails.csv'))).toThrow(/no such file.*Did you mean "trials\.csv"/)
  })
  it('says that a folder is a folder', () => {
    expect(() => readBytes(folder)).toThrow(/this is a folder/)
  })
  it('says no such file when its folder is not there either', () => {
    expect(() => readBytes(join(folder, 'no', 'x.csv'))).toThrow(/no such file/)
  })
})

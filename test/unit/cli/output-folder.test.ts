import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { isEarlierRun, manifestFormat, openOutputFolder } from '../../../src/cli/output-folder.js'
import { UsageError } from '../../../src/errors/usage-error.js'

let parent: string
let path: string
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'poolite-output-'))
  path = join(parent, 'run')
})
afterEach(() => rmSync(parent, { recursive: true, force: true }))

const manifest = JSON.stringify({ format: manifestFormat })

function writeRun(mark: string, mayReplace = false): void {
  const folder = openOutputFolder(path, mayReplace)
  folder.write('manifest.json', manifest)
  folder.write('draws/pooled.csv', mark)
  folder.complete()
  folder.discard()
}

describe('openOutputFolder', () => {
  it('shows nothing under the final name before it is complete, everything after', () => {
    const folder = openOutputFolder(path, false)
    folder.write('draws/pooled.csv', 'x')
    expect(existsSync(path)).toBe(false)
    folder.complete()
    expect(readFileSync(join(path, 'draws/pooled.csv'), 'utf8')).toBe('x')
    expect(readdirSync(parent)).toEqual(['run'])
  })
  it('waits for the end of the process only while it is open', () => {
    const before = process.listenerCount('exit')
    const folder = openOutputFolder(path, false)
    expect(process.listenerCount('exit')).toBe(before + 1)
    folder.complete()
    expect(process.listenerCount('exit')).toBe(before)
    openOutputFolder(join(parent, 'other'), false).discard()
    expect(process.listenerCount('exit')).toBe(before)
  })
  it('leaves nothing when discarded', () => {
    const folder = openOutputFolder(path, false)
    folder.write('draws/pooled.csv', 'x')
    folder.discard()
    folder.discard()
    expect(readdirSync(parent)).toEqual([])
  })
  it('takes an empty folder', () => {
    mkdirSync(path)
    writeRun('x')
    expect(isEarlierRun(path)).toBe(true)
  })
  it('refuses an earlier run, and replaces it when told to', () => {
    writeRun('first')
    expect(() => openOutputFolder(path, false)).toThrow(UsageError)
    expect(() => openOutputFolder(path, false)).toThrow(/--overwrite/)
    expect(readFileSync(join(path, 'draws/pooled.csv'), 'utf8')).toBe('first')
    writeRun('second', true)
    expect(readFileSync(join(path, 'draws/pooled.csv'), 'utf8')).toBe('second')
    expect(readdirSync(parent)).toEqual(['run'])
  })
  it('never replaces what poolite did not write', () => {
    mkdirSync(path)
    writeFileSync(join(path, 'manifest.json'), '{"format": "of somebody else"}')
    expect(() => openOutputFolder(path, true)).toThrow(/was not written by poolite/)
    expect(() => openOutputFolder(join(path, 'manifest.json'), true)).toThrow(/a file of that name/)
    expect(readdirSync(parent)).toEqual(['run'])
  })
  it('refuses when something took the name in the meantime', () => {
    const folder = openOutputFolder(path, false)
    writeFileSync(path, 'mine')
    expect(() => folder.complete()).toThrow(UsageError)
    folder.discard()
    expect(readFileSync(path, 'utf8')).toBe('mine')
    expect(readdirSync(parent)).toEqual(['run'])
  })
})

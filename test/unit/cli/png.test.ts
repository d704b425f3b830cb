import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findConverter, pngOf } from '../../../src/cli/png.js'

let parent: string
beforeAll(() => {
  parent = mkdtempSync(join(tmpdir(), 'poolite-png-test-'))
  for (const [folder, program] of [
    ['a', 'chromium'],
    ['b', 'rsvg-convert'],
  ]) {
    mkdirSync(join(parent, folder))
    const file = join(parent, folder, program)
    writeFileSync(file, '#!/bin/sh\nexit 3\n')
    chmodSync(file, 0o755)
  }
})
afterAll(() => rmSync(parent, { recursive: true, force: true }))

describe('findConverter', () => {
  it('takes the best program that there is, wherever it stands', () => {
    expect(findConverter([join(parent, 'a'), join(parent, 'b')].join(delimiter))?.program).toBe('rsvg-convert')
    expect(findConverter(join(parent, 'a'))?.program).toBe('chromium')
  })

  it('finds nothing where there is nothing', () => {
    expect(findConverter(parent)).toBeUndefined()
    expect(findConverter('')).toBeUndefined()
  })
})

describe('pngOf', () => {
  it('says which program failed', () => {
    const program = join(parent, 'a', 'chromium')
    const failing = { program, words: () => [] }
    expect(() => pngOf('<svg width="1" height="1"/>', failing, 'x.png')).toThrow(/x\.png.*made no PNG/)
  })
})

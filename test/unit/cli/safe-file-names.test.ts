import { describe, expect, it } from 'vitest'
import { safeFileNames } from '../../../src/cli/safe-file-names.js'

describe('safeFileNames', () => {
  it('keeps a plain label', () => {
    expect(safeFileNames(['ACT-1', 'trial_2', 'v1.2'])).toEqual(['ACT-1', 'trial_2', 'v1.2'])
  })
  it('takes accents off and replaces everything else', () => {
    expect(safeFileNames(['Genève 2', 'a/b', '試験'])).toEqual(['Geneve_2', 'a_b', 'study_'])
  })
  it.each(['../../etc/passwd', '..', '.', '/', '\\..\\x', '.hidden', 'a\u0000b', '', '...', '%2e%2e', `${'x'.repeat(59)}..`])(
    'never lets %j leave its folder',
    (label) => {
      const [name] = safeFileNames([label])
      expect(name).toMatch(/^[A-Za-z0-9_-][A-Za-z0-9_.-]*$/)
      expect(name.endsWith('.')).toBe(false)
    },
  )
  it('gives different labels different names where case does not count', () => {
    const labels = ['a b', 'a_b', 'A_B', 'a?b', 'a_b-2', 'a b']
    const names = safeFileNames(labels).map((name) => name.toLowerCase())
    expect(new Set(names).size).toBe(labels.length)
  })
  it('gives long labels that differ at the end different names', () => {
    const names = safeFileNames([`${'x'.repeat(200)}1`, `${'x'.repeat(200)}2`])
    expect(new Set(names).size).toBe(2)
    expect(Math.max(...names.map((name) => name.length))).toBeLessThan(80)
  })
  it('avoids names that are taken and names of devices', () => {
    expect(safeFileNames(['Pooled'], ['pooled'])).toEqual(['Pooled-2'])
    expect(safeFileNames(['CON', 'nul.txt'])).toEqual(['study_CON', 'study_nul.txt'])
  })
})

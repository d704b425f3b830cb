import { describe, expect, it } from 'vitest'
import { textTable } from '../../../../src/report/text/text-table.js'

describe('textTable', () => {
  it('sets text to the left, numbers to the right and leaves no trailing spaces', () => {
    const rows = [
      ['a', '5', 'x'],
      ['long', '-12.5', ''],
    ]
    expect(textTable(['name', 'n', 'note'], rows)).toBe('name      n  note\n----  -----  ----\na         5  x\nlong  -12.5\n')
  })
  it('is a header when there are no rows', () => {
    expect(textTable(['name', 'n'], [])).toBe('name  n\n----  -\n')
  })
})

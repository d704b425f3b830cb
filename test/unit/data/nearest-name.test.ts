import { describe, expect, it } from 'vitest'
import { nearestName } from '../../../src/data/nearest-name.js'

describe('nearestName', () => {
  it('finds a name one swap, one insertion, one deletion or one substitution away', () => {
    const known = ['scale', 'centre', 'range']
    for (const misspelt of ['sacle', 'scalle', 'scae', 'skale']) expect(nearestName(misspelt, known)).toBe('scale')
  })

  it('counts a swap of neighbours as one edit, so that short names with a swap are still found', () => {
    expect(nearestName('gae', ['age', 'bmi'])).toBe('age')
  })

  it('ignores case', () => {
    expect(nearestName('AGE', ['sex', 'age'])).toBe('age')
  })

  it('suggests nothing for a name that is far from all', () => {
    expect(nearestName('haemoglobin', ['age', 'sex'])).toBeUndefined()
    expect(nearestName('xyz', ['age'])).toBeUndefined()
    expect(nearestName('age', [])).toBeUndefined()
  })
})

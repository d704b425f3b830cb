import { expect, it } from 'vitest'
import { labelAnchor } from '../../../src/report/figures/theme.js'
import { sentence } from '../../../src/report/sentence.js'

it('begins with a capital letter and ends with one full stop', () => {
  expect(sentence('a linear regression')).toBe('A linear regression.')
  expect(sentence('A regression. Pooled.')).toBe('A regression. Pooled.')
})

it('puts the label of an axis at its end when it is longer than the axis', () => {
  expect(labelAnchor('Effect (points)', 200)).toBe('center')
  expect(labelAnchor('Effect on symptom improvement at 12 weeks (points)', 200)).toBe('right')
})

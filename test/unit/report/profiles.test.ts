import { describe, expect, it } from 'vitest'
import { profilesSection } from '../../../src/report/sections/profiles.js'
import { analysisFixture } from './analysis-fixture.js'
import { type PageElement, parsePage } from './parse-page.js'

const texts = (elements: Iterable<PageElement>) => [...elements].map(({ textContent }) => textContent)

function modifiersTable(modifierCount: number): { heads: string[]; rows: string[][] } {
  const page = parsePage(profilesSection(analysisFixture({ modifierCount })).text)
  const [, table] = [...page.querySelectorAll('table')]
  return {
    heads: texts(table.querySelectorAll('thead th')),
    rows: [...table.querySelectorAll('tbody tr')].map((row) => texts(row.querySelectorAll('th, td'))),
  }
}

describe('profilesSection', () => {
  it('gives a profile a row while modifiers fit beside each other', () => {
    const { heads, rows } = modifiersTable(3)
    expect(heads[0]).toBe('Profile')
    expect(heads).toHaveLength(4)
    expect(rows[0][0]).toBe(analysisFixture({ modifierCount: 3 }).profileEffects[0].person.id)
  })

  it('gives a modifier a row where they do not, with the same values', () => {
    const { heads, rows } = modifiersTable(8)
    const people = analysisFixture({ modifierCount: 8 }).profileEffects.map(({ person }) => person)
    expect(heads).toEqual(['Modifier', ...people.map(({ id }) => id)])
    expect(rows).toHaveLength(8)
    expect(rows.every((row) => row.length === people.length + 1)).toBe(true)
    expect(rows[0][1]).toContain(String(people[0].covariates.age))
  })
})
